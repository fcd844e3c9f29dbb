import BigInt
import Expressions

/// A polynomial in z1 … z8 with exact coefficients over one positive whole denominator.
struct ExactPolynomial: Sendable {
    /// Powers of z1 … z8.
    typealias Monomial = SIMD8<UInt8>

    private(set) var terms: [Monomial: ExactNumber]
    private(set) var denominator: BigInt

    static let one = ExactPolynomial(.one)

    init(_ x: ExactNumber, over denominator: BigInt = 1) {
        terms = x.isZero ? [:] : [Monomial(): x]
        self.denominator = denominator
        reduce()
    }

    /// zᵢ, i from 0.
    init(direction: Int) {
        var monomial = Monomial()
        monomial[direction] = 1
        terms = [monomial: .one]
        denominator = 1
    }

    /// The linear form Σ cᵢ zᵢ.
    init(linear coefficients: [ExactNumber]) {
        terms = [:]
        denominator = 1
        for (i, c) in coefficients.enumerated() where !c.isZero {
            var monomial = Monomial()
            monomial[i] = 1
            terms[monomial] = c
        }
    }

    var degree: Int { terms.keys.map { Int($0.wrappedSum()) }.max() ?? 0 }
    var isConstant: Bool { degree == 0 }
    /// The value of a polynomial that is constant, times the denominator.
    var constant: ExactNumber { terms[Monomial()] ?? .zero }
    var constantApproximation: Double { constant.approximation / Double(denominator) }

    /// Coefficients of z1 … zk, times the denominator.
    func linearCoefficients(_ k: Int) -> [ExactNumber] {
        (0..<k).map { i in
            var monomial = Monomial()
            monomial[i] = 1
            return terms[monomial] ?? .zero
        }
    }

    private mutating func reduce() {
        guard denominator != 1 else { return }
        let divisor = terms.values.reduce(denominator) { $0.greatestCommonDivisor(with: $1.content) }
        guard divisor > 1 else { return }
        terms = terms.mapValues { $0.dividedExactly(by: divisor) }
        denominator /= divisor
    }

    // MARK: - Arithmetic

    private mutating func add(_ other: ExactPolynomial, times factor: BigInt) {
        for (monomial, coefficient) in other.terms {
            let sum = (terms[monomial] ?? .zero) + coefficient * factor
            terms[monomial] = sum.isZero ? nil : sum
        }
    }

    static func + (a: ExactPolynomial, b: ExactPolynomial) -> ExactPolynomial {
        let common = a.denominator.greatestCommonDivisor(with: b.denominator)
        var sum = a.timesInteger(b.denominator / common)
        sum.add(b, times: a.denominator / common)
        sum.denominator = a.denominator / common * b.denominator
        sum.reduce()
        return sum
    }

    static func * (a: ExactPolynomial, b: ExactPolynomial) -> ExactPolynomial {
        var product = ExactPolynomial(.zero)
        for (m, x) in a.terms {
            for (n, y) in b.terms {
                let sum = (product.terms[m &+ n] ?? .zero) + x * y
                product.terms[m &+ n] = sum.isZero ? nil : sum
            }
        }
        product.denominator = a.denominator * b.denominator
        product.reduce()
        return product
    }

    static prefix func - (a: ExactPolynomial) -> ExactPolynomial { a.timesInteger(-1) }

    /// The numerator times a whole number, over the old denominator.
    private func timesInteger(_ factor: BigInt) -> ExactPolynomial {
        var result = self
        result.terms = factor == 0 ? [:] : terms.mapValues { $0 * factor }
        return result
    }

    /// The polynomial times its denominator: the same one for every question of where it vanishes.
    var numerator: ExactPolynomial {
        var result = self
        result.denominator = 1
        return result
    }
}

/// Formulas as exact polynomials.
struct ExactPolynomialAlgebra: FormulaAlgebra {
    /// What makes a formula no polynomial with coefficients of the kind that is kept exactly.
    struct NotExact: Error {}
    typealias Failure = NotExact

    /// What each variable of the formula is.
    let variables: [ExactPolynomial]
    /// Powers must keep their exponents below 256, and their number in bounds.
    static let degreeLimit = 24
    private static let termLimit = 4000
    private static let costLimit = 400_000

    /// The shortest text that gives the number is what was written: 0.1 is a tenth. π is no such number.
    static func constant(_ x: Double) throws(NotExact) -> ExactPolynomial {
        guard x != Double.pi else { throw NotExact() }
        var text = "\(abs(x))"
        var exponent = 0
        if let e = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: e)...])!
            text = String(text[..<e])
        }
        if let point = text.firstIndex(of: ".") {
            exponent -= text.distance(from: point, to: text.endIndex) - 1
            text.remove(at: point)
        }
        guard abs(exponent) < 40, let digits = BigInt(text) else { throw NotExact() }
        let power = BigInt(10).power(abs(exponent))
        let signed = x < 0 ? -digits : digits
        return exponent < 0
            ? ExactPolynomial(ExactNumber(signed), over: power) : ExactPolynomial(ExactNumber(signed * power))
    }

    func number(_ x: Double) throws(NotExact) -> ExactPolynomial { try Self.constant(x) }
    func variable(_ index: Int) -> ExactPolynomial { variables[index] }
    func negative(_ a: ExactPolynomial) -> ExactPolynomial { -a }

    func operation(
        _ operation: Formula.Operation, _ a: ExactPolynomial, _ b: ExactPolynomial
    ) throws(NotExact) -> ExactPolynomial {
        switch operation {
        case .plus: return a + b
        case .minus: return a + -b
        case .times: return try product(a, b)
        case .divided:
            guard b.isConstant, !b.constant.isZero else { throw NotExact() }
            let (numerator, denominator) = b.constant.inverse()
            return a * ExactPolynomial(numerator * b.denominator, over: denominator)
        case .power:
            guard b.isConstant, b.denominator == 1, let exponent = b.constant.integer, exponent >= 0,
                exponent <= BigInt(Self.degreeLimit)
            else { throw NotExact() }
            var power = ExactPolynomial.one
            for _ in 0..<Int(exponent) { power = try product(power, a) }
            return power
        }
    }

    func function(_ function: Formula.Function, _ arguments: [ExactPolynomial]) throws(NotExact) -> ExactPolynomial {
        guard function == .sqrt else { throw NotExact() }
        return try Self.squareRoot(arguments[0])
    }

    static func squareRoot(_ argument: ExactPolynomial) throws(NotExact) -> ExactPolynomial {
        guard argument.isConstant, let numerator = argument.constant.integer,
            // √(a/b) = √(ab)/b
            let root = ExactNumber(squareRootOf: numerator * argument.denominator)
        else { throw NotExact() }
        return ExactPolynomial(root, over: argument.denominator)
    }

    func hermite(_ degree: Int, _ a: ExactPolynomial) throws(NotExact) -> ExactPolynomial {
        var (previous, current) = (ExactPolynomial(.zero), ExactPolynomial.one)
        for n in 0..<degree {
            let next = try product(a, current) + -(previous * ExactPolynomial(ExactNumber(n)))
            (previous, current) = (current, next)
        }
        return current
    }

    private func product(_ a: ExactPolynomial, _ b: ExactPolynomial) throws(NotExact) -> ExactPolynomial {
        guard a.degree + b.degree <= Self.degreeLimit, a.terms.count * b.terms.count <= Self.costLimit else {
            throw NotExact()
        }
        let product = a * b
        guard product.terms.count <= Self.termLimit else { throw NotExact() }
        return product
    }
}

extension Target {
    /// The target as an exact polynomial of z1 … zk; nil where it is none (or too large to be one).
    var polynomial: ExactPolynomial? { polynomial((0..<dimension).map { ExactPolynomial(direction: $0) }) }

    /// The target with a polynomial in the place of every direction.
    func polynomial(_ coordinates: [ExactPolynomial]) -> ExactPolynomial? {
        let algebra = ExactPolynomialAlgebra(variables: directions.map { coordinates[$0] })
        guard let polynomial = try? formula.value(in: algebra) else { return nil }
        return polynomial
    }
}
