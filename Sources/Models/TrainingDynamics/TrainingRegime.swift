/// What a run of gradient descent does; the raw value is the number that observations hold.
///
/// Lazy, catapult and divergent are standard (Lewkowycz et al., arXiv 2003.02218); the thresholds that tell them apart,
/// and the other three, are our choice.
public enum TrainingRegime: Int, Sendable, CaseIterable {
    /// The loss never rises by more than five percent above its start.
    case lazy = 0
    /// The loss rises by more, and ends below its start.
    case catapult
    /// The loss keeps rising in more than a tenth of the last steps, and stays below its start.
    case prolonged
    /// The loss ends above its start, yet bounded.
    case erratic
    /// The loss exceeds all bounds.
    case divergent
    /// The tangent kernel has vanished: a dead net.
    case collapsed

    public var name: String { "\(self)" }

    static let names = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.name) })

    /// `0 lazy, 1 catapult, …`.
    static let legend = allCases.map { "\($0.rawValue) \($0.name)" }.joined(separator: ", ")
}
