import Foundation
import PhaseSpace
import Support
import Sweeps
import Synchronization
import Testing

/// What happened to the workers of a sweep, by its seed: tests run side by side.
private enum Shift {
    struct Log {
        var models = 0
        var made: [Int] = []
        var ended: [Int] = []
        var pointsByWorker: [Int: Int] = [:]
        var afterEnd = 0
    }
    static let logs = Mutex<[UInt64: Log]>([:])
    static func note(_ seed: UInt64, _ change: (inout Log) -> Void) {
        logs.withLock { change(&$0[seed, default: Log()]) }
    }
    static func log(_ seed: UInt64) -> Log { logs.withLock { $0[seed] ?? Log() } }
}

/// A model whose workers are things of their own.
struct ToyWorkshop: StaticModel {
    static let gamma = Control<Double>("gamma", .any, meaning: "")
    static let declaration = ModelDeclaration(
        name: "toy-workshop", summary: "", sources: [], controls: [gamma],
        observables: [Observable("x", symbol: "", meaning: "")], orderParameter: Measure("x"), starterSpec: "")

    let seed: UInt64
    init(settings: ModelSettings) {
        seed = settings.seed
        Shift.note(seed) { $0.models += 1 }
    }
    func packKey(of chain: Chain) -> String { "" }
    func run(_ context: any RunContext) throws { preconditionFailure("its workers run") }
    func worker(_ number: Int) throws -> any ModelWorker {
        Shift.note(seed) { $0.made.append(number) }
        return Worker(seed: seed, number: number)
    }
    static func predict(_ query: JSONValue) throws -> JSONValue { .null }

    private final class Worker: ModelWorker {
        let seed: UInt64
        let number: Int
        private let hasEnded = Mutex(false)
        init(seed: UInt64, number: Int) { (self.seed, self.number) = (seed, number) }

        func run(_ context: any RunContext) throws {
            if hasEnded.withLock({ $0 }) { Shift.note(seed) { $0.afterEnd += 1 } }
            while !context.isCancelled, let chain = context.nextChain() {
                for point in chain.points {
                    let x = try point.reader[ToyWorkshop.gamma]
                    Ears.hear(point, seed: seed)
                    guard x < 900 else { throw ControlError(control: "gamma", message: "the worker has slipped") }
                    Shift.note(seed) { $0.pointsByWorker[number, default: 0] += 1 }
                    context.record(Observation(point: point, outcome: x < 500 ? .converged : .failed, measured: [:]))
                }
            }
        }
        func end() {
            hasEnded.withLock { $0 = true }
            Shift.note(seed) { $0.ended.append(number) }
        }
    }
}

@Suite struct WorkerTests {
    private static func text(_ seed: UInt64, _ values: String) -> String {
        "model: toy-workshop\nseed: \(seed)\naxes: {gamma: \(values)}\n"
    }

    private static func spec(_ bench: Workbench, _ text: String) throws -> SweepSpec {
        try bench.spec(text, models: [ModelFamily(ToyWorkshop.self)])
    }
    private static func plan(_ bench: Workbench, _ text: String) throws -> SweepPlan {
        try SweepPlan(spec(bench, text))
    }

    @Test func workersLiveFromTheirFirstChainToTheRunnersEnd() throws {
        let bench = Workbench()
        let seed: UInt64 = 9001
        let plan = try Self.plan(bench, Self.text(seed, "{from: 1, to: 60, step: 1}"))
        let store = try Store.open(bench.storePath, for: plan, .writing)
        let runner = SweepRunner(plan: plan, store: store, threads: 2)
        #expect(Shift.log(seed).made.isEmpty)
        _ = try runner.run()
        #expect(Shift.log(seed).ended.isEmpty)
        let key = CurveKey(model: "toy-workshop", fixed: [:], axis: "gamma", orderParameter: "x")
        for round in 0..<3 {
            let points = try plan.refinementPoints(of: key, at: [100.5 + Double(round), 200.5 + Double(round)])
            #expect(try runner.run(plan.chains(of: points)).recorded == 2)
        }
        let log = Shift.log(seed)
        #expect(log.models == 1 && Set(log.made).isSubset(of: [0, 1]) && log.made.count == Set(log.made).count)
        #expect(log.pointsByWorker.values.reduce(0, +) == 66)
        runner.end()
        runner.end()
        #expect(Shift.log(seed).ended.sorted() == log.made.sorted() && Shift.log(seed).afterEnd == 0)
        try store.close()
    }

    @Test func aRunThatIsCancelledEndsItsWorkers() throws {
        let bench = Workbench()
        let seed: UInt64 = 9002
        let plan = try Self.plan(bench, Self.text(seed, "{from: 1, to: 400, step: 1}"))
        let store = try Store.open(bench.storePath, for: plan, .writing)
        let runner = SweepRunner(plan: plan, store: store, threads: 2)
        Ears.onPoint.withLock { $0[seed] = { [weak runner] _ in runner?.cancel() } }
        #expect(try runner.run().wasCancelled)
        let log = Shift.log(seed)
        #expect(!log.made.isEmpty && log.ended.sorted() == log.made.sorted())
        try store.close()
    }

    @Test func aWorkerThatThrowsGoesOnAndIsEndedWithTheRunner() throws {
        let bench = Workbench()
        let seed: UInt64 = 9003
        let plan = try Self.plan(bench, Self.text(seed, "[1, 2, 950, 3]"))
        let store = try Store.open(bench.storePath, for: plan, .writing)
        do {
            let runner = SweepRunner(plan: plan, store: store, threads: 1)
            let summary = try runner.run()
            #expect(summary.left == 1 && summary.failures.contains { $0.contains("the worker has slipped") })
        }
        #expect(Shift.log(seed).made == [0] && Shift.log(seed).ended == [0])
        try store.close()
    }

    @Test func aFailedPointIsNotDoneAndMayBeTriedAgain() throws {
        let bench = Workbench()
        let plan = try Self.plan(bench, Self.text(9004, "[1, 600]"))
        let store = try Store.open(bench.storePath, for: plan, .writing)
        let summary = try SweepRunner(plan: plan, store: store, threads: 1).run()
        #expect(summary.outcomes == [.converged: 1, .failed: 1])
        let status = try plan.status(in: store)
        #expect(status.done == 1 && status.notDone == 1 && status.isComplete)
        let again = try SweepRunner(plan: plan, store: store, threads: 1, retry: [.failed]).run()
        #expect(again.outcomes == [.failed: 1])
        try store.close()
    }

    @Test func whoOnlyReadsMakesNoModel() throws {
        let bench = Workbench()
        let seed: UInt64 = 9005
        let spec = try Self.spec(bench, Self.text(seed, "[1, 2, 3]"))
        #expect(Shift.log(seed).models == 0)
        let plan = try SweepPlan(spec)
        let store = try Store.open(bench.storePath, for: plan, .writing)
        _ = try SweepRunner(plan: plan, store: store, threads: 1).run()
        try store.close()
        #expect(Shift.log(seed).models == 1)
        let reading = try SweepPlan(reading: spec, constants: Store.constants(of: bench.storePath))
        let opened = try Store.open(bench.storePath, for: reading, .reading)
        #expect(try reading.status(in: opened).isComplete)
        #expect(Shift.log(seed).models == 1)
    }

    @Test func whoOnlyReadsTakesTheDataOfTheStore() throws {
        let bench = Workbench()
        let text = "model: toy-equilibrium\ndata: {file: d.csv}\naxes: {gamma: [0.5, 1.5]}\n"
        let data = bench.folder + "/sweeps/d.csv"
        try "1,2\n".write(toFile: data, atomically: true, encoding: .utf8)
        let plan = try bench.plan(text)
        let store = try Store.open(bench.storePath, for: plan, .writing)
        _ = try SweepRunner(plan: plan, store: store, threads: 1).run()
        try store.close()
        try FileManager.default.removeItem(atPath: data)
        let reading = try SweepPlan(reading: try bench.spec(text), constants: Store.constants(of: bench.storePath))
        let opened = try Store.open(bench.storePath, for: reading, .reading)
        #expect(try reading.status(in: opened).done == 2)
        #expect(throws: (any Error).self) { try bench.plan(text) }
    }
}
