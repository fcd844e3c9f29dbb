import BigInt
import Synchronization

/// Moments of a polynomial target with its own powers as label transforms, exactly.
final class ExactMoments: LabelMoments, Sendable {
    typealias Scalar = ExactNumber
    typealias Basis = [[ExactNumber]]
    let dimension: Int
    let relevant: [[ExactNumber]]
    let degreeLimit: Int
    private let target: Target
    private let start: LabelPowers
    /// Powers in the coordinates of bases that were asked for.
    private let rotated = Mutex<[[[ExactNumber]]: LabelPowers]>([:])

    /// - Returns: nil where the target is no polynomial that is kept exactly.
    init?(_ target: Target, powerLimit: Int = LabelPowers.powerLimit) {
        // Forms in the text span what the target can depend on; its gradients what it does.
        let forms = target.linearForms
        guard let first = LabelPowers(target, basis: forms, powerLimit: 1) else { return nil }
        var basis: [[ExactNumber]] = []
        for row in first.gradients() where basis.count < forms.count {
            let direction = forms.indices.reduce([ExactNumber](repeating: .zero, count: target.dimension)) { sum, i in
                zip(sum, forms[i]).map { $0 + row[i] * $1 }
            }
            if let new = ExactDirections.residual(of: direction, beyond: basis) { basis.append(new) }
        }
        if basis.count == forms.count { basis = forms }
        guard let powers = LabelPowers(target, basis: basis, powerLimit: powerLimit) else { return nil }
        self.target = target
        (dimension, relevant, start) = (target.dimension, basis, powers)
        degreeLimit = max(powers.target.degree, 1)
    }

    var transformCount: Int { start.powers.count }
    var polynomial: ExactPolynomial { start.target }

    /// For degree 2, E[e^{ty} z | u] ∝ (1 − 2tA)⁻¹b: its first r derivatives in t span all others. Exponential moments
    /// near zero make polynomials of the label dense among its square-integrable functions.
    var isComplete: Bool { degreeLimit <= 2 && transformCount >= relevant.count }

    private func powers(_ basis: [[ExactNumber]]) -> LabelPowers? {
        if basis == relevant { return start }
        if let known = rotated.withLock({ $0[basis] }) { return known }
        guard let new = LabelPowers(target, basis: basis, powerLimit: transformCount) else { return nil }
        rotated.withLock { $0[basis] = new }
        return new
    }

    /// The lowest power that some question had to end with.
    var triedPowers: Int { rotated.withLock { $0.values.map(\.powers.count).min() ?? transformCount } }

    func extended(_ learned: Basis, transforms: Int, order: Int) throws -> Basis {
        let others = complement(of: learned)
        guard !others.isEmpty else { return learned }
        guard let powers = powers(learned + others) else { throw TooManyTerms() }
        var basis = learned
        for m in 1...min(transforms, powers.powers.count) {
            var seen: Set<[ExactNumber]> = []
            for vector in powers.vectors(power: m, order: order, learned: learned.count) {
                guard seen.insert(ExactDirections.reduced(vector)).inserted else { continue }
                let direction = others.indices.reduce([ExactNumber](repeating: .zero, count: dimension)) { sum, a in
                    zip(sum, others[a]).map { $0 + vector[a] * $1 }
                }
                if let new = ExactDirections.residual(of: direction, beyond: basis) { basis.append(new) }
                if basis.count == relevant.count { return basis }
            }
        }
        return basis
    }

    /// What makes a polynomial too long in the coordinates of some basis.
    struct TooManyTerms: Error, CustomStringConvertible {
        var description: String { "the target has too many terms for exact moments in rotated coordinates" }
    }

    func firstOrderBound(_ learned: Basis) -> Int {
        if isComplete { return (try? extended(learned, transforms: transformCount, order: 1).count) ?? relevant.count }
        let others = complement(of: learned)
        guard let powers = powers(learned + others) else { return relevant.count }
        var turned: Basis = []
        func add(_ direction: [ExactNumber]) {
            if let new = ExactDirections.residual(of: direction, beyond: turned) { turned.append(new) }
        }
        for flip in powers.flips(from: learned.count) {
            for a in others.indices where flip >> UInt8(learned.count + a) & 1 == 1 { add(others[a]) }
        }
        // Directions that are exchanged, z_i ↔ ±z_j, while no learned direction changes.
        if let plain = target.polynomial {
            for i in 0..<dimension {
                for j in 0..<i {
                    for sign in [1, -1] where plain.isUnchanged(exchanging: i, j, sign: sign) {
                        let difference = (0..<dimension).map {
                            $0 == i ? ExactNumber(1) : $0 == j ? ExactNumber(-sign) : .zero
                        }
                        guard learned.allSatisfy({ ExactDirections.product($0, difference).isZero }),
                            ExactDirections.residual(of: difference, beyond: relevant) == nil
                        else { continue }
                        add(difference)
                    }
                }
            }
        }
        return relevant.count - turned.count
    }

    func complement(of basis: Basis) -> Basis { ExactDirections.complement(of: basis, in: relevant) }
    func approximation(_ direction: [ExactNumber]) -> [Double] { direction.map(\.approximation) }

    func firstMomentRanks() throws -> [Int] {
        var basis: Basis = []
        return start.powers.indices.map { m in
            for vector in start.vectors(power: m + 1, order: 1, learned: 0) {
                let direction = relevant.indices.reduce([ExactNumber](repeating: .zero, count: dimension)) { sum, a in
                    zip(sum, relevant[a]).map { $0 + vector[a] * $1 }
                }
                if let new = ExactDirections.residual(of: direction, beyond: basis) { basis.append(new) }
            }
            return basis.count
        }
    }

    /// E[y^m z_j] as a number over a positive whole one.
    private func firstMoment(power m: Int, direction j: Int) -> (numerator: ExactNumber, denominator: BigInt) {
        var sum = ExactPolynomial(.zero)
        for i in relevant.indices where !relevant[i][j].isZero {
            let moment = start.firstMoment(power: m, coordinate: i)
            let inverse = start.variances[i].inverse()
            sum = sum + ExactPolynomial(moment * relevant[i][j] * inverse.numerator, over: inverse.denominator)
        }
        sum = sum * ExactPolynomial(.one, over: start.target.denominator.power(m))
        return (sum.constant, sum.denominator)
    }

    /// E[y^m z], as text such as `324` or `27/2`.
    func firstMomentTexts(power m: Int) -> [String] {
        (0..<dimension).map { j in
            let (numerator, denominator) = firstMoment(power: m, direction: j)
            guard denominator > 1 else { return "\(numerator)" }
            return numerator.terms.count > 1 ? "(\(numerator))/\(denominator)" : "\(numerator)/\(denominator)"
        }
    }

    /// E[y z]
    var firstMoment: [Double] {
        (0..<dimension).map { j in
            let (numerator, denominator) = firstMoment(power: 1, direction: j)
            return numerator.approximation / Double(denominator)
        }
    }
}

extension ExactPolynomial {
    fileprivate func isUnchanged(exchanging i: Int, _ j: Int, sign: Int) -> Bool {
        terms.allSatisfy { monomial, coefficient in
            var exchanged = monomial
            (exchanged[i], exchanged[j]) = (monomial[j], monomial[i])
            let odd = sign < 0 && (monomial[i] &+ monomial[j]) & 1 == 1
            return terms[exchanged] == (odd ? -coefficient : coefficient)
        }
    }
}
