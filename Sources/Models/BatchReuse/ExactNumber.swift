import BigInt

/// A sum of integers times square roots, Σ aₙ√n with squarefree n: what coefficients such as 1/√6 need once
/// denominators are cleared. Zero is told exactly, because square roots of different squarefree numbers are linearly
/// independent over the rationals.
struct ExactNumber: Hashable, Sendable {
    /// By rising squarefree radicand, no coefficient zero.
    private(set) var terms: [Term]

    struct Term: Hashable, Sendable {
        let radicand: Int
        let coefficient: BigInt
    }

    static let zero = ExactNumber(terms: [])
    static let one = ExactNumber(1)

    init(_ x: BigInt) { terms = x == 0 ? [] : [Term(radicand: 1, coefficient: x)] }
    init(_ x: Int) { self.init(BigInt(x)) }
    private init(terms: [Term]) { self.terms = terms }

    /// √n of a whole number n ≥ 0 whose square divisors are found by trial division; nil where n is too large for it.
    init?(squareRootOf n: BigInt) {
        guard n >= 0, n < BigInt(1) << 40 else { return nil }
        var (rest, factor) = (Int(n), 1)
        if rest == 0 {
            terms = []
            return
        }
        var divisor = 2
        while divisor * divisor <= rest {
            while rest % (divisor * divisor) == 0 {
                rest /= divisor * divisor
                factor *= divisor
            }
            divisor += 1
        }
        terms = [Term(radicand: rest, coefficient: BigInt(factor))]
    }

    var isZero: Bool { terms.isEmpty }

    /// The integer that it is; nil where it is none.
    var integer: BigInt? {
        if isZero { return 0 }
        return terms.count == 1 && terms[0].radicand == 1 ? terms[0].coefficient : nil
    }

    var approximation: Double {
        terms.reduce(0) { $0 + Double($1.coefficient) * Double($1.radicand).squareRoot() }
    }

    /// The greatest common divisor of all coefficients; 0 for zero.
    var content: BigInt { terms.reduce(BigInt(0)) { $0.greatestCommonDivisor(with: $1.coefficient) } }

    /// - Precondition: `divisor` divides all coefficients.
    func dividedExactly(by divisor: BigInt) -> ExactNumber {
        ExactNumber(terms: terms.map { Term(radicand: $0.radicand, coefficient: $0.coefficient / divisor) })
    }

    // MARK: - Arithmetic

    static func + (a: ExactNumber, b: ExactNumber) -> ExactNumber {
        if a.isZero { return b }
        if b.isZero { return a }
        var sums: [Term] = []
        var (i, j) = (0, 0)
        while i < a.terms.count || j < b.terms.count {
            if j == b.terms.count || (i < a.terms.count && a.terms[i].radicand < b.terms[j].radicand) {
                sums.append(a.terms[i])
                i += 1
            } else if i == a.terms.count || b.terms[j].radicand < a.terms[i].radicand {
                sums.append(b.terms[j])
                j += 1
            } else {
                let sum = a.terms[i].coefficient + b.terms[j].coefficient
                if sum != 0 { sums.append(Term(radicand: a.terms[i].radicand, coefficient: sum)) }
                i += 1
                j += 1
            }
        }
        return ExactNumber(terms: sums)
    }

    static prefix func - (a: ExactNumber) -> ExactNumber {
        ExactNumber(terms: a.terms.map { Term(radicand: $0.radicand, coefficient: -$0.coefficient) })
    }
    static func - (a: ExactNumber, b: ExactNumber) -> ExactNumber { a + -b }

    static func * (a: ExactNumber, b: BigInt) -> ExactNumber {
        b == 0
            ? .zero : ExactNumber(terms: a.terms.map { Term(radicand: $0.radicand, coefficient: $0.coefficient * b) })
    }

    static func * (a: ExactNumber, b: ExactNumber) -> ExactNumber {
        if let integer = a.integer { return b * integer }
        if let integer = b.integer { return a * integer }
        var product = ExactNumber.zero
        for x in a.terms {
            for y in b.terms {
                let common = greatestCommonDivisor(x.radicand, y.radicand)
                let radicand = (x.radicand / common) * (y.radicand / common)
                let term = Term(radicand: radicand, coefficient: x.coefficient * y.coefficient * BigInt(common))
                product = product + ExactNumber(terms: [term])
            }
        }
        return product
    }

    /// The inverse as a number over a positive whole number.
    /// - Precondition: not zero.
    func inverse() -> (numerator: ExactNumber, denominator: BigInt) {
        precondition(!isZero, "zero has no inverse")
        // With a prime p under some roots, x = u + v√p has the inverse (u − v√p)/(u² − v²p), which is free of √p.
        guard let prime = terms.lazy.compactMap({ smallestPrime(of: $0.radicand) }).first else {
            let integer = integer!
            return (ExactNumber(integer < 0 ? -1 : 1), integer.magnitude == 0 ? 1 : BigInt(integer.magnitude))
        }
        let conjugate = ExactNumber(
            terms: terms.map {
                Term(radicand: $0.radicand, coefficient: $0.radicand % prime == 0 ? -$0.coefficient : $0.coefficient)
            })
        let (numerator, denominator) = (self * conjugate).inverse()
        return (conjugate * numerator, denominator)
    }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }

private func smallestPrime(of n: Int) -> Int? {
    guard n > 1 else { return nil }
    var divisor = 2
    while divisor * divisor <= n {
        if n % divisor == 0 { return divisor }
        divisor += 1
    }
    return n
}

extension ExactNumber: CustomStringConvertible {
    /// `324`, `54√6`, `1 − 2√3`.
    var description: String {
        if isZero { return "0" }
        var text = ""
        for term in terms {
            let magnitude = term.coefficient.magnitude
            if !text.isEmpty {
                text += term.coefficient < 0 ? " − " : " + "
            } else if term.coefficient < 0 {
                text = "−"
            }
            if term.radicand == 1 {
                text += "\(magnitude)"
            } else {
                text += (magnitude == 1 ? "" : "\(magnitude)") + "√\(term.radicand)"
            }
        }
        return text
    }
}
