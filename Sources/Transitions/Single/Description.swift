import Lanes
import PhaseSpace

/// One way to describe a curve: amplitudes that enter linearly, and at most a place and one number of the shape.
///
/// Every singular description is a polynomial background and, on one side of the place, a sum of powers of the distance
/// u from it: `[0, 1]` is a jump to a straight line, `[β, β + 1]` an onset with its correction, `[1]` a kink.
struct Description: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case polynomial, exponential, crossover, onset, jump
    }
    let kind: Kind
    /// Degree of the background.
    let background: Int
    /// Powers of the distance beside the leading one, on the singular side.
    var powers: [Double] = []
    /// Whether the singular side is the lower one.
    var isBelow = true
    /// Whether an onset has the correction 1 + cu.
    var hasCorrection = false
    /// An onset's exponent where it is not free: 1 for a kink, ½ for what mean-field theory asks. What has a value of its
    /// own beforehand must not lose to a jump for being one of many trials.
    var exponent: Double?
    var isKink: Bool { exponent == 1 }
    /// Form of a crossover.
    var form = CrossoverForm.tanh

    enum CrossoverForm: Hashable, Sendable {
        case tanh
        /// exp(−exp(u/w)) and exp(−exp(−u/w)).
        case early, late
        /// (u/w)/√(1 + (u/w)²), whose tails are a power.
        case wideTails
    }

    var order: TransitionOrder {
        switch kind {
        case .polynomial, .exponential: .none
        case .crossover: .crossover
        case .onset: .second
        case .jump: .first
        }
    }
    var hasPlace: Bool { order != .none }
    /// Amplitudes that are fitted.
    var amplitudeCount: Int {
        switch kind {
        case .polynomial: background + 1
        case .exponential, .crossover: background + 2
        case .onset: background + (hasCorrection ? 3 : 2)
        case .jump: background + 2 + powers.count
        }
    }

    /// Trial exponents, widths or rates, evenly spaced in the logarithm (rates: of their magnitude).
    func shapes(step: Double) -> [Double] {
        switch kind {
        case .polynomial, .jump: [0]
        case .onset: exponent.map { [$0] } ?? (0..<15).map { 0.1 * Lanes.power(25, Double($0) / 14) }
        case .exponential:
            (0..<12).map { (isBelow ? 1 : -1) * 0.3 * Lanes.power(100, Double($0) / 11) }
        // A change within three intervals of the grid is no competitor of a jump: nothing could tell.
        case .crossover:
            (0..<10).map { 1.5 * step * Lanes.power(max(1.5, 0.7 / (1.5 * step)), Double($0) / 9) }
        }
    }
    /// Logarithm of the weight that it has beforehand: the more a description can imitate, the less is it to be believed.
    var prior: Double {
        switch kind {
        case .onset: background == 2 ? -3 : background == 1 && !isKink ? -1.5 : 0
        case .jump: background == 2 ? -1.5 : 0
        case .crossover: (background == 1 ? -1.5 : 0) + (form != .tanh ? -1 : 0)
        default: 0
        }
    }
    var hasFreeShape: Bool { kind == .crossover || (kind == .onset && exponent == nil) }

    private static let crossoverForms: [CrossoverForm] = [.tanh, .early, .late, .wideTails]
    /// Jumps between branches with more curvature than those in `all`: rivals of small exponents alone.
    static let curvedJumps =
        [Description(kind: .jump, background: 3, powers: [1, 2, 3])]
        + [true, false].map { Description(kind: .jump, background: 2, powers: [0.5, 1], isBelow: $0) }

    static let all: [Description] = {
        var all = (0...6).map { Description(kind: .polynomial, background: $0) }
        all += [true, false].map { Description(kind: .exponential, background: 0, isBelow: $0) }
        all += [0, 1].flatMap { background in
            crossoverForms.map { Description(kind: .crossover, background: background, form: $0) }
        }
        for isBelow in [true, false] {
            for background in [0, 1] {
                for hasCorrection in [false, true] {
                    all.append(
                        Description(
                            kind: .onset, background: background, isBelow: isBelow, hasCorrection: hasCorrection))
                    all.append(
                        Description(
                            kind: .onset, background: background, isBelow: isBelow, hasCorrection: hasCorrection,
                            exponent: 0.5))
                }
                all.append(Description(kind: .jump, background: background, powers: [0.5], isBelow: isBelow))
            }
            all.append(Description(kind: .onset, background: 0, isBelow: isBelow, exponent: 1))
            all.append(Description(kind: .jump, background: 0, powers: [1], isBelow: isBelow))
            all.append(Description(kind: .jump, background: 0, powers: [1, 2], isBelow: isBelow))
        }
        all.append(Description(kind: .onset, background: 1, exponent: 1))
        all.append(Description(kind: .onset, background: 2, exponent: 1))
        all.append(Description(kind: .jump, background: 0))
        all.append(Description(kind: .jump, background: 1, powers: [1]))
        all.append(Description(kind: .jump, background: 2))
        all.append(Description(kind: .jump, background: 2, powers: [1, 2]))
        return all
    }()

    /// The form of a crossover at u/w; its amplitude is half of the change.
    func crossoverForm(_ z: Double) -> Double {
        switch form {
        case .tanh: hyperbolicTangent(z)
        case .early: 2 * exponential(-exponential(1.6 * z))
        case .late: 2 * exponential(-exponential(-1.6 * z))
        case .wideTails: z / (1 + z * z).squareRoot()
        }
    }

    /// What a sentence calls it.
    var words: String {
        switch kind {
        case .polynomial, .exponential: "a smooth curve"
        case .crossover: "a crossover"
        case .onset: isKink ? "a kink" : "a continuous onset"
        case .jump: powers == [0.5] ? "a branch up to its fold" : "a jump"
        }
    }
    /// Its name in evidence.
    var name: String {
        let side = isBelow ? "below" : "above"
        let degree = ["constant", "linear", "quadratic"]
        switch kind {
        case .polynomial: return "polynomial of degree \(background)"
        case .exponential: return "exponential"
        case .crossover:
            let tails = form == .tanh ? "" : form == .wideTails ? "wide-tailed " : "lopsided "
            return "\(tails)crossover on a \(degree[background]) background"
        case .onset:
            return
                "\(isKink ? "kink" : exponent != nil ? "square root" : "power law") \(side), \(degree[background]) background"
                + (hasCorrection ? ", with correction" : "")
        case .jump:
            let form = powers == [0.5] ? "root" : powers.isEmpty ? "step" : powers.count == 1 ? "line" : "parabola"
            return "jump, \(form) \(side), \(degree[background]) background"
        }
    }
}
