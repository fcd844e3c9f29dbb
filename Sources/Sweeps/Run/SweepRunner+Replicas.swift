import PhaseSpace

extension SweepRunner {
    /// Runs the plan, or one shard of it; with `stopWhen:` batch by batch of replicas.
    ///
    /// Each batch ends before the rule is asked for the next one: a decision rests on all results of the replicas
    /// before it, however they came about.
    /// - Throws: as `run`.
    public func run(_ shard: Shard?) throws(StoreError) -> RunSummary {
        guard let rule = plan.spec.replicaRule else {
            return if let shard { try run(plan.chains.shard(shard)) } else { try run() }
        }
        var before = 0
        var summary: RunSummary?
        for level in rule.levels {
            let counts =
                before == 0
                ? nil
                : plan.counts(
                    by: rule, try store.ruleRows(of: rule.observable), first: (shard?.index ?? 1) - 1,
                    every: shard?.count ?? 1)
            let chains = plan.chains(ofReplicas: before..<level, shard: shard) { part in
                counts?.asks(part, beyond: before) ?? true
            }
            if chains.isEmpty { break }
            let next = try run(chains)
            summary = summary?.followed(by: next) ?? next
            if isCancelled || next.wasStopped { break }
            before = level
        }
        return if let summary { summary } else { try run(plan.chains.prefix(0)) }
    }
}

extension RunSummary {
    fileprivate func followed(by next: RunSummary) -> RunSummary {
        var whole = RunSummary(
            outcomes: outcomes.merging(next.outcomes, uniquingKeysWith: +),
            alreadyDone: alreadyDone + next.alreadyDone, left: left + next.left, failures: failures + next.failures,
            wasCancelled: next.wasCancelled, seconds: seconds + next.seconds, threads: max(threads, next.threads))
        whole.wasStopped = next.wasStopped
        return whole
    }
}
