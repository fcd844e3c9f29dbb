/// How weights of cold starts move along their gradients, where a sweep asks for more than the fastest way down.
///
/// Weight decay is part of the loss, so that it is of its gradient: Adam's has no decay beside it.
public struct Optimiser: Sendable, Hashable {
    public enum Rule: String, Sendable, CaseIterable {
        /// w ← w − η ∇L.
        case descent
        /// v ← 0.9 v + ∇L, w ← w − η v.
        case momentum
        /// Adam (Kingma & Ba, arXiv 1412.6980) with β₁ = 0.9, β₂ = 0.999, ε = 1e-8 and bias correction. At a constant
        /// rate it does not settle beyond about the rate itself.
        case adam
    }

    public let rule: Rule
    /// η.
    public let rate: Double
    /// Whether the second-order method goes on from where it ends.
    public let isPolished: Bool

    public init(_ rule: Rule, rate: Double, isPolished: Bool = true) {
        self.rule = rule
        self.rate = rate
        self.isPolished = isPolished
    }
}

/// The moving averages of one net's gradients.
struct OptimiserMemory {
    private var first: [Double]
    private var second: [Double]
    /// What the averages lack by beginning at 0: β₁ᵗ and β₂ᵗ.
    private var missing = (first: 1.0, second: 1.0)

    init(count: Int) {
        first = Array(repeating: 0, count: count)
        second = first
    }

    /// By what weight `i` moves.
    /// - Precondition: `begin` has been called for this step.
    mutating func move(_ i: Int, gradient: Double, _ optimiser: Optimiser) -> Double {
        switch optimiser.rule {
        case .descent:
            return -optimiser.rate * gradient
        case .momentum:
            first[i] = 0.9 * first[i] + gradient
            return -optimiser.rate * first[i]
        case .adam:
            first[i] = 0.9 * first[i] + 0.1 * gradient
            second[i] = 0.999 * second[i] + 0.001 * (gradient * gradient)
            let scale = (second[i] / (1 - missing.second)).squareRoot() + 1e-8
            return -optimiser.rate * (first[i] / (1 - missing.first)) / scale
        }
    }

    mutating func begin() {
        missing.first *= 0.9
        missing.second *= 0.999
    }
}
