/// How sure an answer of theory is: one word, the same in answers of `predict`, tables, figures and documents.
public enum Claim: Sendable, Hashable {
    /// Proven for this question, to a relative 1e-9.
    case exact
    /// A number with an error, whose coverage is measured.
    case estimate
    /// The true value is not below a lower bound, or not above an upper one.
    case bound
    /// Follows from an expansion about one state, such as the zero net; what happens far from it is not excluded.
    case local
    /// Leading order of an expansion in a small parameter, which the answer names.
    case toFirstOrder
    /// Decided by transforms or degrees up to this one; higher ones may show more.
    case upToPowers(Int)

    /// As it stands in JSON and in documents.
    public var word: String {
        switch self {
        case .exact: "exact"
        case .estimate: "estimate"
        case .bound: "bound"
        case .local: "local"
        case .toFirstOrder: "to first order"
        case .upToPowers(let m): "up to powers \(m)"
        }
    }
}
