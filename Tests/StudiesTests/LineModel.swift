import Foundation
import PhaseSpace
import Studies
import Support
import Sweeps
import Testing

/// A straight line through 1 at γ = 0 and 0 at γ = 1, and 0 from there on; replicas lie 0.01 apart.
struct LineModel: StaticModel {
    static let declaration = ModelDeclaration(
        name: "line", summary: "a line that ends", sources: [],
        controls: [
            ControlParameter("gamma", symbol: "γ", kind: .real(0...4), defaultValue: nil, meaning: "decay"),
            ControlParameter("slope", symbol: "s", kind: .real(0...4), defaultValue: .number(1), meaning: "slope"),
        ],
        observables: [
            Observable("height", symbol: "h", meaning: "height"),
            Observable("regime", symbol: "r", meaning: "regime", regimes: [0: "flat", 1: "steep"]),
        ],
        orderParameter: "height", starterSpec: "")

    init(settings: ModelSettings) throws {}

    func packKey(of chain: Chain) -> String { "" }

    static func height(_ controls: [String: ControlValue]) -> Double {
        let (gamma, slope) = (controls["gamma"]?.number ?? .nan, controls["slope"]?.number ?? .nan)
        return max(0, 1 - slope * gamma)
    }

    func run(_ context: any RunContext) throws {
        while let chain = context.nextChain() {
            for point in chain.points {
                let height = Self.height(point.controls) + 0.01 * Double(point.replica)
                let isDone = point.controls["gamma"] != .number(3)
                context.record(
                    Observation(
                        point: point, outcome: isDone ? .completed : .diverged, reason: isDone ? "" : "too far out",
                        values: isDone ? ["height": height, "regime": height > 0.5 ? 1 : 0] : ["regime": 0]))
            }
        }
    }

    func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        Theory(values: ["height": Self.height(controls)])
    }

    static func predict(_ query: JSONValue) throws -> JSONValue {
        ["order": "second", "places": [1, 2], "deep": ["value": 0.25], "nothing": nil]
    }
}

/// A recipe of the line with its results, in a folder of its own.
final class LineSweep {
    private let folder: String
    let plan: SweepPlan
    let store: Store
    let report: SweepReport

    init(_ expectations: String) throws {
        folder = NSTemporaryDirectory() + "studies-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = """
            model: line
            axes: {gamma: [0, 0.25, 0.5, 0.75, 1.25, 1.5, 2, 3]}
            replicas: 3
            expect:
            \(expectations)
            """
        let path = folder + "/line.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        plan = try SweepPlan(SweepSpec.read(path: path, models: [ModelFamily(LineModel.self)]))
        store = try Store.open(folder + "/store.sqlite", for: plan, .writing)
        let runner = SweepRunner(plan: plan, store: store, threads: 1)
        _ = try runner.run()
        runner.end()
        report = try SweepReport(plan: plan, store: store)
    }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What the judge says of one expectation.
    static func check(_ expectation: String) throws -> RecipeCheck {
        let sweep = try LineSweep("  - {\(expectation)}")
        let checks = RecipeJudge(plan: sweep.plan, store: sweep.store, report: sweep.report).checks()
        #expect(checks.count == 1)
        return try #require(checks.first)
    }
}
