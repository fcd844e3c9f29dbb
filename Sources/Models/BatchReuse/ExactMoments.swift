import BigInt

/// Moments of a polynomial target with its own powers as label transforms, exactly.
struct ExactMoments: LabelMoments {
    let dimension: Int
    let degreeLimit: Int
    /// y, y², …, without their denominators.
    private let powers: [ExactPolynomial]
    private let target: ExactPolynomial

    /// Powers 1 … 6 decide all published targets; powers of very many terms are left out.
    static let powerLimit = 6
    private static let termLimit = 4000

    init(_ target: ExactPolynomial, dimension: Int) {
        self.dimension = dimension
        self.target = target
        degreeLimit = target.degree
        var powers = [target.numerator]
        while powers.count < Self.powerLimit {
            let next = powers.last! * target.numerator
            guard next.terms.count <= Self.termLimit else { break }
            powers.append(next)
        }
        self.powers = powers
    }

    var transformCount: Int { powers.count }

    func moments(_ product: DirectionProduct<ExactNumber>, transforms: Int) -> [ExactNumber?] {
        var polynomial = ExactPolynomial.one
        for (form, power) in zip(product.learned, product.powers) {
            for _ in 0..<power { polynomial = polynomial * ExactPolynomial(linear: form) }
        }
        for (form, degree) in zip(product.others, product.degrees) where degree > 0 {
            polynomial =
                polynomial
                * ExactPolynomial.hermite(
                    degree, of: ExactPolynomial(linear: form), squaredNorm: Self.product(form, form))
        }
        return powers.prefix(transforms).map { power in
            let moment = ExactPolynomial.expectation(ofProduct: polynomial, power)
            return moment.isZero ? nil : moment
        }
    }

    func combination(_ coefficients: [ExactNumber?], of directions: [[ExactNumber]]) -> [ExactNumber] {
        let norms = directions.map { Self.product($0, $0) }
        var sum = [ExactNumber](repeating: .zero, count: dimension)
        for (a, coefficient) in coefficients.enumerated() {
            guard var factor = coefficient else { continue }
            for b in norms.indices where b != a { factor = factor * norms[b] }
            for i in sum.indices { sum[i] = sum[i] + factor * directions[a][i] }
        }
        return Self.reduced(sum)
    }

    func residual(of direction: [ExactNumber], beyond basis: [[ExactNumber]]) -> [ExactNumber]? {
        var rest = direction
        for b in basis {
            let overlap = Self.product(rest, b)
            guard !overlap.isZero else { continue }
            // |b|² v − ⟨v, b⟩ b stays in the ring, where a projection would need fractions.
            let norm = Self.product(b, b)
            rest = Self.reduced(zip(rest, b).map { norm * $0 - overlap * $1 })
        }
        return rest.allSatisfy(\.isZero) ? nil : rest
    }

    func unitDirection(_ i: Int) -> [ExactNumber] { (0..<dimension).map { $0 == i ? .one : .zero } }

    func approximation(_ direction: [ExactNumber]) -> [Double] { direction.map(\.approximation) }

    /// E[y^m z] with its denominator, as text such as `324` or `27/2`.
    func firstMomentTexts(power m: Int) -> [String] {
        (0..<dimension).map { i in
            let moment = ExactPolynomial.expectation(ofProduct: ExactPolynomial(direction: i), powers[m - 1])
            let denominator = target.denominator.power(m)
            let common = moment.isZero ? denominator : moment.content.greatestCommonDivisor(with: denominator)
            let numerator = moment.isZero ? moment : moment.dividedExactly(by: common)
            let rest = denominator / common
            guard rest > 1 else { return "\(numerator)" }
            return numerator.terms.count > 1 ? "(\(numerator))/\(rest)" : "\(numerator)/\(rest)"
        }
    }

    private static func product(_ a: [ExactNumber], _ b: [ExactNumber]) -> ExactNumber {
        zip(a, b).reduce(.zero) { $0 + $1.0 * $1.1 }
    }

    /// Without the common whole factor, so that numbers stay small.
    private static func reduced(_ direction: [ExactNumber]) -> [ExactNumber] {
        let divisor = direction.reduce(BigInt(0)) { $0.greatestCommonDivisor(with: $1.content) }
        return divisor > 1 ? direction.map { $0.dividedExactly(by: divisor) } : direction
    }
}
