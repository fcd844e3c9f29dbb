import CGSL

/// A complex number, as roots of polynomials need it.
public struct ComplexNumber: Sendable, Hashable {
    public var real: Double
    public var imaginary: Double
    public init(_ real: Double, _ imaginary: Double = 0) {
        self.real = real
        self.imaginary = imaginary
    }
    /// Free of overflow.
    public var magnitude: Double { gsl_hypot(real, imaginary) }

    static func + (a: Self, b: Self) -> Self { Self(a.real + b.real, a.imaginary + b.imaginary) }
    static func - (a: Self, b: Self) -> Self { Self(a.real - b.real, a.imaginary - b.imaginary) }
    static func * (a: Self, b: Self) -> Self {
        Self(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
    static func / (a: Self, b: Self) -> Self {
        let scale = max(abs(b.real), abs(b.imaginary))
        let (u, v) = (b.real / scale, b.imaginary / scale)
        let norm = (u * u + v * v) * scale
        return Self((a.real * u + a.imaginary * v) / norm, (a.imaginary * u - a.real * v) / norm)
    }
}

/// All complex roots of c₀ + c₁x + c₂x² + …, by rising real, then imaginary part; a multiple root appears as often as
/// its multiplicity. Leading zero coefficients lower the degree; a constant has no roots.
///
/// The variable and the polynomial are scaled before GSL sees them and the roots are polished by Newton steps, so
/// that coefficients of any magnitude give roots to about n·ε in backward error.
/// - Throws: `GSLError.invalidInput` for no or only zero coefficients, `.notFinite` for coefficients that are not.
public func complexPolynomialRoots(_ coefficients: [Double]) throws -> [ComplexNumber] {
    let polynomial = try ScaledPolynomial(coefficients)
    return try polynomial.roots().map { ComplexNumber($0.real * polynomial.unit, $0.imaginary * polynomial.unit) }
        .sorted { ($0.real, $0.imaginary) < ($1.real, $1.imaginary) }
}

/// The real roots of c₀ + c₁x + c₂x² + … in rising order, a multiple root as often as its multiplicity (then apart by
/// what rounding makes of it). A root counts as real where its real part makes the polynomial vanish to rounding.
/// - Throws: as `complexPolynomialRoots`.
public func realPolynomialRoots(_ coefficients: [Double]) throws -> [Double] {
    let polynomial = try ScaledPolynomial(coefficients)
    return try polynomial.roots().compactMap { z in
        if z.imaginary == 0 { return z.real * polynomial.unit }
        return polynomial.vanishes(at: z.real) ? polynomial.polished(z.real) * polynomial.unit : nil
    }.sorted()
}

/// A polynomial in y = x/unit with coefficients of order one at both ends.
private struct ScaledPolynomial {
    let coefficients: [Double]
    let unit: Double
    let zeroRoots: Int

    init(_ given: [Double]) throws(GSLError) {
        try GSL.requireFinite(given, "the coefficients")
        guard let last = given.lastIndex(where: { $0 != 0 }), let first = given.firstIndex(where: { $0 != 0 }) else {
            throw .invalidInput("a polynomial needs a coefficient that is not zero")
        }
        zeroRoots = first
        let core = Array(given[first...last])
        let degree = core.count - 1
        // Powers of two scale without rounding; logarithms cannot overflow where the powers of the unit would.
        let logarithms = core.map { $0 == 0 ? -Double.infinity : Double($0.exponent) }
        let step = degree == 0 ? 0 : ((logarithms[0] - logarithms[degree]) / Double(degree)).rounded()
        let shifted = logarithms.indices.map { logarithms[$0] + step * Double($0) }
        let top = shifted.max()!
        unit = Double(sign: .plus, exponent: Int(step), significand: 1)
        coefficients = core.indices.map { k in
            guard core[k] != 0 else { return 0 }
            return Double(sign: core[k].sign, exponent: Int(shifted[k] - top), significand: core[k].significand)
        }
    }

    func roots() throws -> [ComplexNumber] {
        GSL.enter()
        var roots = [ComplexNumber](repeating: ComplexNumber(0), count: zeroRoots)
        let n = coefficients.count
        if n == 2 {
            roots.append(ComplexNumber(-coefficients[0] / coefficients[1]))
        } else if n > 2 {
            guard let workspace = gsl_poly_complex_workspace_alloc(n) else {
                throw GSLError.refused(routine: "gsl_poly_complex_workspace_alloc", reason: "out of memory")
            }
            defer { gsl_poly_complex_workspace_free(workspace) }
            var packed = [Double](repeating: 0, count: 2 * (n - 1))
            try GSL.check(gsl_poly_complex_solve(coefficients, n, workspace, &packed), "gsl_poly_complex_solve")
            roots += (0..<n - 1).map { polished(ComplexNumber(packed[2 * $0], packed[2 * $0 + 1])) }
        }
        return roots
    }

    /// Value, derivative and the sum of magnitudes at y; beyond the unit circle of the reversed polynomial, whose
    /// value is p(y)/yⁿ, so that nothing overflows.
    private func values(_ y: ComplexNumber) -> (p: ComplexNumber, step: ComplexNumber, size: Double) {
        let isOutside = y.magnitude > 1
        let z = isOutside ? ComplexNumber(1) / y : y
        let radius = z.magnitude
        var p = ComplexNumber(0)
        var derivative = ComplexNumber(0)
        var size = 0.0
        for c in isOutside ? coefficients : coefficients.reversed() {
            derivative = derivative * z + p
            p = p * z + ComplexNumber(c)
            size = size * radius + abs(c)
        }
        guard isOutside else { return (p, p / derivative, size) }
        // p(y) = yⁿ r(1/y), so p/p′ = y·r / (n·r − r′/y).
        let slope = ComplexNumber(Double(coefficients.count - 1)) * p - derivative * z
        return (p, y * p / slope, size)
    }

    /// Newton steps as long as they bring the value down: GSL's eigenvalues lose digits in badly scaled cases.
    private func polished(_ start: ComplexNumber) -> ComplexNumber {
        var y = start
        var current = values(y)
        for _ in 0..<20 {
            let next = y - current.step
            guard next.real.isFinite, next.imaginary.isFinite else { break }
            let candidate = values(next)
            guard candidate.p.magnitude / candidate.size < current.p.magnitude / current.size else { break }
            (y, current) = (next, candidate)
        }
        return y
    }
    func polished(_ start: Double) -> Double { polished(ComplexNumber(start)).real }

    func vanishes(at y: Double) -> Bool {
        let v = values(ComplexNumber(y))
        return v.p.magnitude <= 4 * Double(coefficients.count) * Double.ulpOfOne * v.size
    }
}
