import PhaseSpace

/// Which samples each step of gradient descent sees.
public struct TrainingSchedule: Sendable, Hashable {
    public enum Kind: String, ControlChoice, Hashable {
        /// The same batch at every step.
        case reuse
        /// A fresh batch at every step.
        case onePass = "one-pass"
        /// Disjoint batches, visited in order again and again.
        case cyclic
        /// A random part of a fixed data set at every step.
        case replacement
    }

    public let kind: Kind
    /// B: disjoint batches of `cyclic`; how many times larger than a batch the data set of `replacement` is.
    public let batches: Int

    public init(_ kind: Kind, batches: Int) {
        self.kind = kind
        self.batches = batches
    }

    /// The data set that step t looks at.
    public func dataSet(atStep t: Int) -> Int {
        switch kind {
        case .reuse, .replacement: 0
        case .onePass: t
        case .cyclic: t % batches
        }
    }

    /// How many batches' worth of different samples a run of so many steps has seen at its end.
    public func totalBatches(_ steps: Int) -> Int {
        switch kind {
        case .reuse: 1
        case .onePass: steps
        case .cyclic: min(batches, steps)
        case .replacement: batches
        }
    }

    /// How many times larger than a batch one data set is.
    public var dataSetSize: Int { kind == .replacement ? batches : 1 }
}
