import CLanes

/// How weights move along their gradients, and which samples each gradient is taken on.
public struct Optimiser: Sendable, Hashable {
    public enum Rule: Sendable, Hashable {
        /// w ← w − rate ∇L.
        case descent
        /// v ← μ v + ∇L, w ← w − rate v.
        case momentum(Double)
        /// Adam (Kingma & Ba, arXiv 1412.6980) with bias correction. At a constant rate it does not converge: give the
        /// rate a schedule.
        case adam(first: Double = 0.9, second: Double = 0.999, epsilon: Double = 1e-8)
    }

    /// What each net's rate is multiplied by.
    public enum Schedule: Sendable, Hashable {
        case constant
        /// ½ (1 + cos(π t / T)): from the whole rate at step 0 to nothing at step T.
        case cosine(steps: Int)
    }

    public enum Batches: Sendable, Hashable {
        /// All samples at every step.
        case full
        /// Batches in the order of the data, each sample once; what does not fill a batch is left out.
        case onePass(size: Int)
        /// The same, again and again.
        case cyclic(size: Int)
        /// Each epoch a new random order.
        case epochs(size: Int)

        var size: Int? {
            switch self {
            case .full: nil
            case .onePass(let size), .cyclic(let size), .epochs(let size): size
            }
        }
    }

    public var rule: Rule
    public var schedule: Schedule
    public var batches: Batches

    public init(_ rule: Rule = .descent, schedule: Schedule = .constant, batches: Batches = .full) {
        self.rule = rule
        self.schedule = schedule
        self.batches = batches
    }

    /// The step of index t for the kernel.
    func step(_ t: Int) -> cl_sampled_step {
        var step = cl_sampled_step()
        step.rate_factor = 1
        if case .cosine(let steps) = schedule { step.rate_factor = halfCosine(Double(min(t, steps)) / Double(steps)) }
        switch rule {
        case .descent: step.rule = CL_DESCENT
        case .momentum(let decay):
            step.rule = CL_MOMENTUM
            step.first_decay = decay
        case .adam(let first, let second, let epsilon):
            step.rule = CL_ADAM
            step.first_decay = first
            step.second_decay = second
            step.epsilon = epsilon
            step.first_correction = 1 / (1 - power(first, t + 1))
            step.second_correction = 1 / (1 - power(second, t + 1))
        }
        return step
    }
}

/// ½ (1 + cos πx) = cos²(πx/2) for 0 ≤ x ≤ 1, by sums and products alone: the same bits on every machine.
private func halfCosine(_ x: Double) -> Double {
    // Below π/4 by cos, above by sin of the complement; the series' last term is below 1e-17.
    let isLow = x <= 0.5
    let angle = Double.pi / 2 * (isLow ? x : 1 - x)
    let square = angle * angle
    var sum = 1.0
    for k in stride(from: 9, through: 1, by: -1) {
        let n = Double(2 * k + (isLow ? 0 : 1))
        sum = 1 - square * sum / (n * (n - 1))
    }
    let value = isLow ? sum : angle * sum
    return value * value
}

/// x to a whole power by squaring.
private func power(_ x: Double, _ n: Int) -> Double {
    var (result, base, rest) = (1.0, x, n)
    while rest > 0 {
        if rest & 1 == 1 { result *= base }
        base *= base
        rest >>= 1
    }
    return result
}
