import BigInt
import Expressions

extension Target {
    /// An orthogonal basis of directions that the target can depend on, from its text alone: linear forms of z that enter
    /// products and functions. The target may still depend on fewer.
    ///
    /// Unit vectors where these forms span all directions that are named: kinks then lie where they are expected.
    var linearForms: [[ExactNumber]] {
        let algebra = LinearFormAlgebra(directions: directions, dimension: dimension)
        algebra.spend(algebra.formula(formula))
        let basis = algebra.found.basis
        let named = directions.sorted()
        return basis.count == named.count ? named.map { ExactDirections.unit($0, of: dimension) } : basis
    }
}

private final class FoundForms {
    var basis: [[ExactNumber]] = []
}

/// Affine forms as long as a formula stays affine; beyond that only which forms have gone in.
private struct LinearFormAlgebra: FormulaAlgebra {
    /// Constant and coefficients over one denominator; nil where the value is no affine form (its parts are spent).
    typealias Value = ExactPolynomial?
    let directions: [Int]
    let dimension: Int
    let found = FoundForms()

    func formula(_ formula: Formula) -> Value { formula.value(in: self) }

    /// Takes note of the directions of affine forms that go into something else.
    func spend(_ values: Value...) {
        for case let form? in values where !form.isConstant {
            let direction = form.linearCoefficients(dimension)
            if let new = ExactDirections.residual(of: direction, beyond: found.basis) { found.basis.append(new) }
        }
    }

    /// A double as a fraction of whole numbers: what a function of a constant is.
    private func fraction(_ x: Double) -> Value {
        guard x.isFinite, x != 0 else { return x == 0 ? ExactPolynomial(.zero) : nil }
        let (exponent, significand) = (Int(x.exponent) - 52, x.significand * 0x1p52)
        guard abs(exponent) < 400 else { return nil }
        let digits = ExactNumber(BigInt(Int64(significand)) * (x < 0 ? -1 : 1))
        return exponent >= 0
            ? ExactPolynomial(digits * (BigInt(1) << exponent)) : ExactPolynomial(digits, over: BigInt(1) << -exponent)
    }

    func number(_ x: Double) -> Value { (try? ExactPolynomialAlgebra.constant(x)) ?? fraction(x) }
    func variable(_ index: Int) -> Value { ExactPolynomial(direction: directions[index]) }
    func negative(_ a: Value) -> Value { a.map { -$0 } }

    func operation(_ operation: Formula.Operation, _ a: Value, _ b: Value) -> Value {
        if let a, let b {
            switch operation {
            case .plus: return a + b
            case .minus: return a + -b
            case .times where a.isConstant || b.isConstant: return a * b
            case .divided where b.isConstant && !b.constant.isZero:
                let (numerator, denominator) = b.constant.inverse()
                return a * ExactPolynomial(numerator * b.denominator, over: denominator)
            case .power where a.isConstant && b.isConstant:
                return fraction(operation.apply(a.constantApproximation, b.constantApproximation))
            case .power where b.isConstant && b.constantApproximation == 1: return a
            default: break
            }
        }
        // Nothing times zero is left.
        if operation == .times, [a, b].contains(where: { $0?.terms.isEmpty == true }) { return ExactPolynomial(.zero) }
        spend(a, b)
        return nil
    }

    func function(_ function: Formula.Function, _ arguments: [Value]) -> Value {
        if function == .sqrt, let root = arguments[0].flatMap({ try? ExactPolynomialAlgebra.squareRoot($0) }) {
            return root
        }
        let constants = arguments.compactMap { $0?.isConstant == true ? $0!.constantApproximation : nil }
        if constants.count == arguments.count { return fraction(function.apply(constants)) }
        for argument in arguments { spend(argument) }
        return nil
    }

    func hermite(_ degree: Int, _ a: Value) -> Value {
        if degree == 1 { return a }
        if degree == 0 { return .some(.one) }
        if let a, a.isConstant { return fraction(hermitePolynomial(degree, a.constantApproximation)) }
        spend(a)
        return nil
    }
}
