import Foundation
import PhaseSpace
import Sweeps
import Synchronization
import Testing

/// Below γ = 1 the toy's order parameter scatters by 5e-6, above it is zero in every replica.
@Suite struct ReplicaRuleTests {
    let bench = Workbench()

    static func text(
        seed: Int, rule: String = "{error: 1.0e-6, from: 6, step: 3}", more: String = "", fault: String = "none"
    ) -> String {
        """
        model: toy-equilibrium
        seed: \(seed)
        fixed: {fault: \(fault)}
        axes: {depth: [1, 2], gamma: {from: 0.1, to: 1.5, points: 8}}
        replicas: 40
        stopWhen: \(rule)
        \(more)
        """
    }

    private func run(_ plan: SweepPlan, threads: Int = 1, store: String = UUID().uuidString) throws -> Store {
        let store = try Store.open("\(bench.folder)/\(store).sqlite", for: plan, .writing)
        let summary = try SweepRunner(plan: plan, store: store, threads: threads).run(nil)
        #expect(summary.left == 0 && !summary.wasCancelled)
        return store
    }

    /// The order parameter by γ, replicas in their order.
    private func values(_ plan: SweepPlan, _ store: Store, depth: Double) throws -> [Double: [Double]] {
        var values: [Double: [Double]] = [:]
        try store.forEachObservation(of: plan.points(in: store)) { row in
            guard row.point.controls["depth"]?.number == depth else { return }
            values[row.point.controls["gamma"]!.number!, default: []].append(row.values["squaredNorm"]!)
        }
        return values
    }

    private func standardError(_ xs: ArraySlice<Double>) -> Double {
        let mean = xs.reduce(0, +) / Double(xs.count)
        let square = xs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (square / Double(xs.count - 1) / Double(xs.count)).squareRoot()
    }

    @Test func replicasAreAddedUntilTheErrorIsAsSmallAsAskedAndNotOneBatchMore() throws {
        let plan = try bench.plan(Self.text(seed: 31))
        let store = try run(plan)
        defer { try? store.close() }
        let found = try values(plan, store, depth: 1)
        #expect(found.count == 8)
        for (gamma, values) in found {
            if gamma > 1 {
                #expect(values.count == 6)
                continue
            }
            #expect(values.count > 9 && values.count < 40 && values.count % 3 == 0)
            #expect(standardError(values[...]) <= 1e-6)
            for n in stride(from: 6, to: values.count, by: 3) { #expect(standardError(values.prefix(n)) > 1e-6) }
        }
        let tally = try #require(try plan.status(in: store).replicas)
        #expect(tally.met == 16 && tally.exhausted == 0 && tally.open == 0)
    }

    @Test func relativeErrorsAreMeasuredInUnitsOfTheMean() throws {
        let plan = try bench.plan(Self.text(seed: 32, rule: "{relative: 2.0e-6, from: 6, step: 3}"))
        let store = try run(plan)
        defer { try? store.close() }
        let found = try values(plan, store, depth: 1)
        for values in found.values {
            let mean = values.reduce(0, +) / Double(values.count)
            #expect(values.count == 40 || standardError(values[...]) <= 2e-6 * abs(mean))
        }
        // |1 − γ| falls, and with it the error that is asked for.
        #expect(found[0.1]!.count < found[0.9]!.count)
    }

    @Test(arguments: ["cold", "[cold, up, down]"])
    func resultsDoNotDependOnThreadsOrShards(_ directions: String) throws {
        let plan = try bench.plan(Self.text(seed: 33, more: "direction: \(directions)"))
        let straight = try run(plan)
        let bytes = try plan.export(from: straight)
        let status = try plan.status(in: straight)
        #expect(status.isComplete && status.planned < plan.pointCount && status.planned == status.done)
        for threads in [2, 7] { #expect(try plan.export(from: run(plan, threads: threads)) == bytes) }
        var shards: [Store] = []
        for index in [3, 1, 2] {
            let store = try Store.open("\(bench.folder)/shard\(index).sqlite", for: plan, .writing)
            _ = try SweepRunner(plan: plan, store: store, threads: 2).run(Shard(index: index, of: 3))
            shards.append(store)
        }
        let together = try plan.status(in: nil, shards: shards)
        #expect(together.isComplete && together.planned == status.planned && together.replicas == status.replicas)
        for shard in shards { try shard.close() }
        let joined = "\(bench.folder)/joined.sqlite"
        _ = try Store.merge(
            (1...3).map { "\(bench.folder)/shard\($0).sqlite" }, into: joined, models: toys.map { $0.declaration })
        let merged = try Store.open(joined, for: plan, .writing)
        defer { try? merged.close() }
        #expect(try plan.export(from: merged) == bytes)
        #expect(try SweepRunner(plan: plan, store: merged).run(nil).recorded == 0)
        try straight.close()
    }

    @Test(arguments: ["cold", "[cold, up]"])
    func aStoppedRunGoesOnToTheBytesOfAStraightOne(_ directions: String) throws {
        let seed: UInt64 = directions == "cold" ? 34 : 35
        let plan = try bench.plan(Self.text(seed: Int(seed), more: "direction: \(directions)"))
        let straight = try run(plan)
        let bytes = try plan.export(from: straight)
        let total = try plan.status(in: straight).planned
        try straight.close()
        let store = try Store.open(bench.storePath, for: plan, .writing)
        defer { try? store.close() }
        var stops = 0
        while true {
            let runner = SweepRunner(plan: plan, store: store, threads: stops % 3 + 1)
            let count = Atomic(0)
            Ears.onPoint.withLock {
                $0[seed] = { _ in if count.add(1, ordering: .relaxed).newValue == 37 { runner.cancel() } }
            }
            let summary = try runner.run(nil)
            Ears.onPoint.withLock { $0[seed] = nil }
            let status = try plan.status(in: store)
            #expect(status.planned <= total && status.isComplete == !summary.wasCancelled)
            guard summary.wasCancelled else { break }
            stops += 1
        }
        #expect(stops > 4)
        #expect(try plan.export(from: store) == bytes)
        #expect(try plan.status(in: store).others == 0)
    }

    @Test func failedReplicasDoNotCount() throws {
        let plan = try bench.plan(Self.text(seed: 36, fault: "dead"))
        let store = try run(plan)
        defer { try? store.close() }
        let status = try plan.status(in: store)
        // γ = 0.1, 0.3 and 0.5 live, at either depth.
        let tally = try #require(status.replicas)
        #expect(tally.met == 6 && tally.exhausted == 10 && tally.open == 0)
        #expect(status.outcomes[.dead] == 10 * 40)
    }

    @Test func rowsOfAStricterRuleAreLeftOut() throws {
        let loose = try bench.plan(Self.text(seed: 37))
        let strict = try bench.plan(Self.text(seed: 37, rule: "{error: 8.0e-7, from: 6, step: 3}"))
        let fresh = try run(loose)
        let bytes = try loose.export(from: fresh)
        let curves = try loose.curves(in: fresh)
        try fresh.close()
        let store = try run(strict)
        defer { try? store.close() }
        #expect(try strict.export(from: store) != bytes)
        #expect(try loose.export(from: store) == bytes)
        #expect(try loose.status(in: store).others > 0)
        let again = try loose.curves(in: store)
        #expect(again.map(\.commonReplicas) == [6, 6] && curves.map(\.commonReplicas) == [6, 6])
        #expect(again.map(\.samples.count) == curves.map(\.samples.count))
    }

    private func rule(_ error: Double, isDiscrete: Bool) -> ReplicaRule {
        ReplicaRule(observable: "x", error: error, relative: nil, from: 4, limit: 400, isDiscrete: isDiscrete)
    }

    @Test func agreementOfFewReplicasIsNoErrorOfZeroForWholeNumbers() {
        let zeros = Array(repeating: 0.0, count: 400)
        let strict = rule(0.02, isDiscrete: true)
        #expect(!strict.isMet(by: Array(zeros.prefix(4))))
        #expect(!strict.isMet(by: Array(zeros.prefix(64))))
        #expect(strict.isMet(by: Array(zeros.prefix(68))))
        // A quantity that vanishes is 0 indeed; other whole numbers count something, declared or not.
        #expect(rule(0.02, isDiscrete: false).isMet(by: Array(zeros.prefix(4))))
        #expect(!rule(0.02, isDiscrete: false).isMet(by: [2, 2, 2, 2]))
        #expect(rule(0.02, isDiscrete: false).isMet(by: [2.5, 2.5, 2.5, 2.5]))
    }

    /// One replica in ten is 1: with the plain standard error half of all points would stop at four equal ones.
    @Test func theErrorOfARareRegimeIsNotMissed() {
        let strict = rule(0.05, isDiscrete: true)
        var (state, wrong) = (UInt64(1), 0)
        for _ in 0..<400 {
            var values: [Double] = []
            while values.count < 400 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                values.append(Double(state >> 11) * 0x1p-53 < 0.0975 ? 1 : 0)
                if values.count.isMultiple(of: 4), strict.isMet(by: values) { break }
            }
            let mean = values.reduce(0, +) / Double(values.count)
            if abs(mean - 0.0975) > 2 * 0.05 { wrong += 1 }
        }
        #expect(wrong <= 20, "\(wrong) of 400 beyond two of the errors asked for")
    }

    @Test func regimesAndCountsAreDiscrete() {
        #expect(Observable("a", symbol: "", meaning: "", regimes: [0: "no", 1: "yes"]).isDiscrete)
        #expect(Observable("a", symbol: "", meaning: "", isCount: true).isDiscrete)
        #expect(!Observable("a", symbol: "", meaning: "").isDiscrete)
    }

    @Test(arguments: [
        ("{}", "`stopWhen` needs `error` or `relative`"), ("{error: 0}", "`error` must be a number > 0"),
        ("{relative: -1}", "`relative` must be a number > 0"), ("{error: .inf}", "`error`"),
        ("{error: 1, from: 3}", "`from` must be a whole number in 4…"), ("{error: 1, step: 0}", "`step` must be"),
        ("{error: 1, from: 41}", "`stopWhen` begins with 41 replicas"), ("{eror: 1}", "did you mean"),
        ("{error: 1, observable: squardNorm}", "no observable `squardNorm`"), ("[1]", "must be a mapping"),
    ])
    func nonsenseIsRefusedWithItsPlace(_ rule: String, _ complaint: String) throws {
        let error = #expect(throws: SpecError.self) { try bench.plan(Self.text(seed: 1, rule: rule)) }
        #expect("\(try #require(error))".contains(complaint), "\(error!)")
        #expect("\(error!)".contains("toy.yaml:6:"), "\(error!)")
    }
}
