import PhaseSpace

/// What a run did.
public struct RunSummary: Sendable {
    /// Points recorded by this run.
    public let outcomes: [Outcome: Int]
    /// Points that were in the store before and were not asked for again.
    public let alreadyDone: Int
    /// Points that the run was to settle and did not.
    public let left: Int
    /// A sentence for every chain that the model could not run, and for every rule of the model's that was broken.
    public let failures: [String]
    public let wasCancelled: Bool
    /// Whether nothing more can be trained; a sentence of the failures says why.
    public var wasStopped = false
    /// Wall-clock seconds.
    public let seconds: Double
    public let threads: Int

    public var recorded: Int { outcomes.values.reduce(0, +) }
    /// Points per second.
    public var rate: Double { seconds > 0 ? Double(recorded) / seconds : 0 }

    public var sentence: String {
        let parts = Outcome.allCases.compactMap { outcome in
            outcomes[outcome].map { "\($0) \(outcome.rawValue)" }
        }
        var text = "\(recorded) points"
        if !parts.isEmpty { text += " (\(parts.joined(separator: ", ")))" }
        text += " in \(duration(seconds)) on \(threads) \(threads == 1 ? "thread" : "threads")"
        if recorded > 0 { text += ", \(rateInWords(rate))" }
        if alreadyDone > 0 { text += "; \(alreadyDone) were there already" }
        if left > 0 { text += "; \(left) left" }
        if wasCancelled { text += "; stopped, the same command goes on" }
        return text
    }
}
