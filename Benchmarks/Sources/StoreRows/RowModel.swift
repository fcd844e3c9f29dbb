import Foundation
import PhaseSpace
import Support

/// A model with as many columns as nets under weight decay have, whose observations cost nothing.
struct RowModel: StaticModel {
    static let declaration = ModelDeclaration(
        name: "rows", summary: "rows of numbers", sources: [],
        controls: [
            ControlParameter(
                "activation", symbol: "φ", kind: .choice(["linear", "tanh"]), defaultValue: .text("linear"),
                meaning: "a text")
        ]
            + ["gamma", "depth", "width", "noise", "signal", "labelNoise", "initScale"].map { name in
                ControlParameter(
                    name, symbol: name, kind: .real(0...1e9), defaultValue: .number(1), meaning: "a number")
            },
        observables: ([Observable.Name.loss, Observable.Name.zeroNetLoss] + (0..<13).map { "observable\($0)" })
            .map { Observable($0, symbol: $0, meaning: "a number") },
        orderParameter: "observable0", starterSpec: "")

    init(settings: ModelSettings) throws {}

    func packKey(of chain: Chain) -> String { "" }

    func run(_ context: any RunContext) throws {
        while let chain = context.nextChain() {
            for point in chain.points { context.record(Self.observation(of: point)) }
        }
    }

    /// Numbers with all their digits, a function of the point alone.
    static func observation(of point: Point) -> Observation {
        var word = point.identity.randomKey
        var values: [String: Double] = [:]
        for observable in declaration.observables {
            word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            values[observable.name] = Double(word >> 11) * 0x1p-53
        }
        return Observation(point: point, outcome: .converged, reason: "", values: values, seconds: 1e-3)
    }

    static func predict(_ query: JSONValue) throws -> JSONValue { .null }
}
