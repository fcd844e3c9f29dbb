import BigInt

/// A polynomial target and its powers in the coordinates w_i = ⟨b_i, z⟩ of an orthogonal basis of its directions, which are
/// independent and have variances |b_i|².
struct LabelPowers {
    typealias Monomial = ExactPolynomial.Monomial
    let variances: [ExactNumber]
    /// y, y², …; the first with its denominator, all others times theirs.
    let target: ExactPolynomial
    private(set) var powers: [ExactPolynomial]

    /// Powers are taken up to this one, and while they stay cheap.
    static let powerLimit = 12
    private static let costLimit = 1_500_000

    /// - Returns: nil where the target is no polynomial that is kept exactly.
    init?(_ target: Target, basis: [[ExactNumber]], powerLimit: Int = powerLimit) {
        variances = basis.map { ExactDirections.product($0, $0) }
        let inverses = variances.map { $0.inverse() }
        // z_j = Σ_i b_ij w_i/|b_i|².
        let coordinates = (0..<target.dimension).map { j in
            basis.indices.reduce(ExactPolynomial(.zero)) { sum, i in
                let factor = ExactPolynomial(basis[i][j] * inverses[i].numerator, over: inverses[i].denominator)
                return sum + factor * ExactPolynomial(direction: i)
            }
        }
        guard let polynomial = target.polynomial(coordinates) else { return nil }
        self.target = polynomial
        powers = [polynomial.numerator]
        var cost = 0
        while powers.count < powerLimit, polynomial.degree * (powers.count + 1) < 250 {
            cost += powers.last!.terms.count * polynomial.terms.count
            guard cost <= Self.costLimit else { break }
            powers.append(powers.last! * powers[0])
        }
    }

    /// Moments of order j of a power with everything in the first `learned` coordinates, as vectors over the others.
    ///
    /// E[y^m q(u) He_α(v)] over all polynomials q has the span of the coefficients that E[y^m He_α(v) | u] has as a
    /// polynomial of u, monomials being linearly independent: no degree of q is left out. One vector for each monomial in
    /// u and each β, |β| = j − 1, with the entries T_{β+e_a}/|c_a|² up to a common positive factor.
    func vectors(power m: Int, order: Int, learned: Int) -> [[ExactNumber]] {
        let count = variances.count
        var table: [Monomial: ExactNumber] = [:]
        for (monomial, coefficient) in powers[m - 1].terms {
            hermiteDegrees(of: monomial, from: learned, order: order) { degrees in
                var value = coefficient
                for a in learned..<count where monomial[a] > 0 {
                    let (e, degree) = (Int(monomial[a]), Int(degrees[a]))
                    value = value * Self.hermiteMoment(e, degree)
                    if variances[a] != .one { for _ in 0..<(e + degree) / 2 { value = value * variances[a] } }
                }
                var key = degrees
                for i in 0..<learned { key[i] = monomial[i] }
                let sum = (table[key] ?? .zero) + value
                table[key] = sum.isZero ? nil : sum
            }
        }
        var vectors: [Monomial: [ExactNumber]] = [:]
        for (key, value) in table {
            for a in learned..<count where key[a] > 0 {
                var base = key
                base[a] -= 1
                var scaled = value
                for b in learned..<count where b != a && variances[b] != .one { scaled = scaled * variances[b] }
                vectors[base, default: Array(repeating: .zero, count: count - learned)][a - learned] = scaled
            }
        }
        return vectors.sorted { Self.precedes($0.key, $1.key) }.map(\.value)
    }

    /// All α ≤ e of one parity with the exponents e beyond the learned ones, |α| = order: where E[v^e He_α(v)] ≠ 0.
    private func hermiteDegrees(of e: Monomial, from start: Int, order: Int, _ body: (Monomial) -> Void) {
        var degrees = Monomial()
        func extend(_ a: Int, _ rest: Int) {
            guard a < variances.count else {
                if rest == 0 { body(degrees) }
                return
            }
            var degree = Int(e[a] & 1)
            while degree <= min(rest, Int(e[a])) {
                degrees[a] = UInt8(degree)
                extend(a + 1, rest - degree)
                degree += 2
            }
            degrees[a] = 0
        }
        extend(start, order)
    }

    private static func precedes(_ a: Monomial, _ b: Monomial) -> Bool {
        let (m, n) = (a.wrappedSum(), b.wrappedSum())
        if m != n { return m < n }
        for i in 0..<8 where a[i] != b[i] { return a[i] > b[i] }
        return false
    }

    /// E[v^e He_α(v)] = e!/(2^s s!) for v ~ N(0, 1) with s = (e − α)/2.
    private static func hermiteMoment(_ e: Int, _ degree: Int) -> BigInt {
        let s = (e - degree) / 2
        var product = BigInt(1)
        // e!/s! over 2^s, factor by factor: (s+1)…e.
        for i in stride(from: s + 1, through: e, by: 1) { product *= BigInt(i) }
        return product >> s
    }

    /// E[y²]; nil where the square has too many terms.
    var meanSquare: Double? {
        guard powers.count > 1 else { return nil }
        let denominator = Double(target.denominator)
        return expectation(powers[1], raising: nil).approximation / (denominator * denominator)
    }

    /// E[y^m w_i] times the denominator of y^m.
    func firstMoment(power m: Int, coordinate i: Int) -> ExactNumber { expectation(powers[m - 1], raising: i) }

    private func expectation(_ polynomial: ExactPolynomial, raising i: Int?) -> ExactNumber {
        var sum = ExactNumber.zero
        for (monomial, coefficient) in polynomial.terms {
            var powers = monomial
            if let i { powers[i] += 1 }
            guard powers & Monomial(repeating: 1) == Monomial() else { continue }
            var value = coefficient
            for a in variances.indices where powers[a] > 0 {
                value = value * Self.hermiteMoment(Int(powers[a]), 0)
                if variances[a] != .one { for _ in 0..<powers[a] / 2 { value = value * variances[a] } }
            }
            sum = sum + value
        }
        return sum
    }

    /// Directions of the gradients of the target: they span what it depends on.
    func gradients() -> [[ExactNumber]] {
        var rows: [Monomial: [ExactNumber]] = [:]
        for (monomial, coefficient) in target.terms {
            for i in variances.indices where monomial[i] > 0 {
                var lower = monomial
                lower[i] -= 1
                rows[lower, default: Array(repeating: .zero, count: variances.count)][i] =
                    coefficient * BigInt(Int(monomial[i]))
            }
        }
        return rows.sorted { Self.precedes($0.key, $1.key) }.map(\.value)
    }

    /// Sign flips of coordinates beyond the learned ones that leave the target unchanged, one bit a coordinate.
    func flips(from learned: Int) -> [UInt8] {
        let parities = Set(
            target.terms.keys.map { monomial in
                (learned..<variances.count).reduce(UInt8(0)) { $0 | (monomial[$1] & 1) << UInt8($1) }
            })
        return (1...255 as ClosedRange<UInt8>).filter { flip in
            let allowed = (learned..<variances.count).reduce(UInt8(0)) { $0 | 1 << UInt8($1) }
            return flip & ~allowed == 0 && parities.allSatisfy { ($0 & flip).nonzeroBitCount % 2 == 0 }
        }
    }
}
