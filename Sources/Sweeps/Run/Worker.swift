import PhaseSpace

/// One thread's share of a run.
struct Worker: Sendable {
    let number: Int
    let pool: WorkerPool
    let queue: WorkQueue
    let state: RunState

    func runUntilEmpty() {
        while !state.isCancelled, let group = queue.claimGroup() {
            let context = WorkerContext(state) { queue.next(in: group) }
            let error = run(context)
            queue.release(group)
            if let error, !state.isCancelled {
                state.noteRecorded(context.recordedOfUnfinished)
                runApart(context.unfinished)
                if context.unfinished.isEmpty, context.pulled > 0 { state.report("\(error)") }
            }
            // A model that takes no work would be called for ever.
            if context.pulled == 0, !state.isCancelled {
                let count = queue.abandon(group)
                if count > 0 {
                    let reason = error.map { "\($0)" } ?? "the model returned without taking them"
                    state.report("\(count) chains were not run: \(reason)")
                }
            }
        }
    }

    /// Nobody knows which chain of a pack an error belongs to: each is run again on its own, and only those that
    /// fail then stay undone.
    private func runApart(_ chains: [Chain]) {
        for chain in chains where !state.isCancelled {
            let once = Once(chain)
            let context = WorkerContext(state) { once.take() }
            _ = run(context, alone: chain)
            // The first attempt may have left a checkpoint.
            if context.unfinished.isEmpty { state.writer.append([.finished(chain.identity)]) }
        }
    }

    private func run(_ context: WorkerContext, alone: Chain? = nil) -> (any Error)? {
        var failure: (any Error)?
        do {
            try pool.worker(number).run(context)
            if !state.isCancelled { reportMissing(context.unfinished) }
        } catch let error as any RunStopper {
            failure = error
            if !state.isCancelled { state.stop("\(error)") }
        } catch {
            failure = error
            if let alone, !state.isCancelled { state.report("\(inWords(alone.points[0])): \(error)") }
        }
        for complaint in context.complaints { state.report(complaint) }
        return failure
    }

    private func reportMissing(_ chains: [Chain]) {
        for chain in chains {
            state.report("\(inWords(chain.points[0])): the model ended without recording all points of this chain")
            // A checkpoint that does not lead to the missing points must not lead past them again.
            state.writer.append([.finished(chain.identity)])
        }
    }
}
