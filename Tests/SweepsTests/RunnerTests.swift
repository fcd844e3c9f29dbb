import Foundation
import PhaseSpace
import Support
import Sweeps
import Synchronization
import Testing

@Suite struct RunnerTests {
    let bench = Workbench()

    static func text(seed: Int, fault: String = "none") -> String {
        """
        model: toy-equilibrium
        seed: \(seed)
        fixed: {fault: \(fault)}
        axes: {depth: [1, 2], gamma: {from: 0.1, to: 1.5, points: 15}}
        replicas: 3
        direction: [cold, up, down]
        """
    }

    @Test func resultsDoNotDependOnThreads() throws {
        let plan = try bench.plan(Self.text(seed: 11))
        let one = try bench.result(of: plan, threads: 1)
        #expect(try bench.result(of: plan, threads: 3) == one)
        #expect(one.split(separator: "\n").count == 1 + plan.pointCount)
    }

    @Test func aRunInPiecesGivesTheBytesOfAStraightOne() throws {
        let plan = try bench.plan(Self.text(seed: 12))
        let store = try Store.open(bench.storePath, for: plan, .writing)
        defer { try? store.close() }
        for count in [1, 5, 20] {
            let summary = try SweepRunner(plan: plan, store: store, threads: 2).run(plan.chains.prefix(count))
            #expect(summary.left == 0)
        }
        let rest = try SweepRunner(plan: plan, store: store, threads: 2).run()
        #expect(rest.recorded + rest.alreadyDone == plan.pointCount)
        #expect(rest.alreadyDone > 0)
        #expect(try plan.export(from: store) == bench.result(of: plan))
        let again = try SweepRunner(plan: plan, store: store).run()
        #expect(again.recorded == 0)
        #expect(again.alreadyDone == plan.pointCount)
    }

    /// Stops a run of warm chains in their midst, at every possible place.
    @Test func aCancelledChainGoesOnFromItsCheckpoint() throws {
        let seed: UInt64 = 13
        let plan = try bench.plan(
            "model: toy-equilibrium\nseed: \(seed)\nfixed: {depth: 2}\ndirection: down\n"
                + "axes: {gamma: {from: 0.1, to: 1.5, points: 15}}\n")
        let straight = try bench.result(of: plan)
        for stop in 1...15 {
            let store = try Store.open("\(bench.folder)/\(stop).sqlite", for: plan, .writing)
            let runner = SweepRunner(plan: plan, store: store, threads: 1)
            let seen = Mutex<[Double]>([])
            Ears.onPoint.withLock {
                $0[seed] = { point in
                    let count = seen.withLock { seen in
                        seen.append(point.controls["gamma"]!.number!)
                        return seen.count
                    }
                    if count == stop { runner.cancel() }
                }
            }
            let first = try runner.run()
            #expect(first.wasCancelled)
            #expect(first.recorded == stop)
            #expect(first.left == 15 - stop)
            let second = try SweepRunner(plan: plan, store: store, threads: 1).run()
            Ears.onPoint.withLock { $0[seed] = nil }
            // Every point was computed once: the second run began where the first one ended.
            #expect(seen.withLock { $0 } == plan.grid.reversed())
            #expect(second.left == 0)
            #expect(try plan.export(from: store) == straight)
            try store.close()
        }
    }

    @Test func aSignalStopsTheRun() throws {
        let seed: UInt64 = 14
        let plan = try bench.plan(Self.text(seed: Int(seed)))
        let store = try Store.open(bench.storePath, for: plan, .writing)
        defer { try? store.close() }
        let runner = SweepRunner(plan: plan, store: store, threads: 1)
        let watch = runner.cancel(onSignals: [SIGUSR1])
        Ears.onPoint.withLock {
            $0[seed] = { _ in
                guard !runner.isCancelled else { return }
                kill(getpid(), SIGUSR1)
                // Any thread may get the signal, at its leisure.
                for _ in 0..<50_000 where !runner.isCancelled { usleep(100) }
            }
        }
        let summary = try withExtendedLifetime(watch) { try runner.run() }
        Ears.onPoint.withLock { $0[seed] = nil }
        #expect(summary.wasCancelled)
        #expect(summary.recorded == 1)
        #expect(summary.left == plan.pointCount - 1)
        #expect(summary.sentence.hasSuffix("stopped, the same command goes on"))
    }

    // MARK: - What goes wrong

    @Test func oneChainsErrorDoesNotStopTheOthers() throws {
        let plan = try bench.plan(
            Self.text(seed: 15, fault: "throws") + "\ntitle: x\n", ["direction=cold", "depth=1", "replicas=1"])
        let store = try Store.open(bench.storePath, for: plan, .writing)
        defer { try? store.close() }
        let summary = try SweepRunner(plan: plan, store: store, threads: 3).run()
        #expect(summary.outcomes == [.converged: 5])
        #expect(summary.left == 10)
        #expect(summary.failures.count == 10)
        #expect(summary.failures.allSatisfy { $0.hasSuffix("replica 0, cold: the net has burst") })
        #expect(try plan.status(in: store).isComplete == false)
    }

    @Test func pointsBeforeAnErrorInAWarmChainAreKeptAndCountedOnce() throws {
        let plan = try bench.plan(Self.text(seed: 20, fault: "throws"), ["direction=up", "depth=1", "replicas=1"])
        let store = try Store.open(bench.storePath, for: plan, .writing)
        defer { try? store.close() }
        let summary = try SweepRunner(plan: plan, store: store, threads: 1).run()
        #expect(summary.recorded == 5)
        #expect(summary.left == 10)
        #expect(summary.failures.count == 1)
        #expect(try store.counts() == [.converged: 5])
    }

    @Test func pointsThatAModelForgetsAreReported() throws {
        let plan = try bench.plan(Self.text(seed: 16, fault: "silent"), ["direction=up", "depth=1", "replicas=1"])
        let store = try Store.open(bench.storePath, for: plan, .writing)
        defer { try? store.close() }
        let summary = try SweepRunner(plan: plan, store: store, threads: 1).run()
        #expect(summary.recorded == 5)
        #expect(summary.failures.count == 1)
        #expect(summary.failures[0].contains("without recording all points"))
    }

    @Test func anUndeclaredObservableIsAnErrorAndNotLost() throws {
        let plan = try bench.plan(Self.text(seed: 17, fault: "undeclared"))
        let store = try Store.open(bench.storePath, for: plan, .writing)
        defer { try? store.close() }
        #expect(throws: StoreError.undeclaredObservable(model: "toy-equilibrium", name: "sharpness")) {
            try SweepRunner(plan: plan, store: store, threads: 2).run()
        }
    }

    @Test func failedPointsRunAgainOnlyWhenAsked() throws {
        let plan = try bench.plan(Self.text(seed: 18, fault: "dead"), ["direction=cold", "depth=1", "replicas=1"])
        let store = try Store.open(bench.storePath, for: plan, .writing)
        defer { try? store.close() }
        let first = try SweepRunner(plan: plan, store: store, threads: 2).run()
        #expect(first.outcomes == [.converged: 5, .dead: 10])
        #expect(try SweepRunner(plan: plan, store: store).run().recorded == 0)
        #expect(try SweepRunner(plan: plan, store: store, retry: [.stalled]).run().recorded == 0)
        #expect(try SweepRunner(plan: plan, store: store, retry: [.dead]).run().outcomes == [.dead: 10])
        let status = try plan.status(in: store)
        #expect(status.isComplete)
        #expect((status.done, status.notDone, status.left, status.others) == (5, 10, 0, 0))
    }

    // MARK: - Threads

    @Test func slurmSaysHowManyProcessorsThereAre() {
        #expect(availableProcessorCount(environment: ["SLURM_CPUS_PER_TASK": "7"]) == 7)
        let own = availableProcessorCount(environment: [:])
        #expect((1...ProcessInfo.processInfo.processorCount).contains(own))
        #expect(availableProcessorCount(environment: ["SLURM_CPUS_PER_TASK": "none"]) == own)
    }

    // MARK: - Progress

    @Test func progressIsALineOrABar() throws {
        let seed: UInt64 = 19
        let plan = try bench.plan(Self.text(seed: Int(seed)))
        Ears.onPoint.withLock { $0[seed] = { _ in usleep(2_000) } }
        defer { Ears.onPoint.withLock { $0[seed] = nil } }
        func output(_ isTerminal: Bool) throws -> String {
            let store = try Store.open("\(bench.folder)/\(isTerminal).sqlite", for: plan, .writing)
            defer { try? store.close() }
            let text = Shared()
            let progress = RunProgress(isTerminal: isTerminal, interval: 0.05) { piece in text.append(piece) }
            _ = try SweepRunner(plan: plan, store: store, threads: 1, progress: progress).run()
            return text.value
        }
        let lines = try output(false)
        #expect(!lines.contains("\r"))
        #expect(lines.contains(/\d+ of 270 points, \d+ points\/s, [\d.]+ s left\n/))
        #expect(lines.hasSuffix("points/s\n"))
        let bar = try output(true)
        #expect(bar.hasPrefix("\r["))
        #expect(bar.contains("[##############################] 270 of 270 points"))
    }
}
