import GSLNumerics

/// All that a linear VAE sees of its data.
public struct LinearVAEMoments: Sendable, Hashable {
    /// d₀ and d₂.
    public let inputs: Int
    public let outputs: Int
    /// A = E[x xᵀ], d₀ × d₀, row-major.
    public let inputSecondMoment: [Double]
    /// C = E[x yᵀ], d₀ × d₂, row-major.
    public let crossMoment: [Double]
    /// E‖y‖².
    public let targetSecondMoment: Double

    /// - Precondition: the arrays have d₀² and d₀ d₂ numbers.
    public init(
        inputs: Int, outputs: Int, inputSecondMoment: [Double], crossMoment: [Double], targetSecondMoment: Double
    ) {
        precondition(inputSecondMoment.count == inputs * inputs && crossMoment.count == inputs * outputs)
        self.inputs = inputs
        self.outputs = outputs
        self.inputSecondMoment = inputSecondMoment
        self.crossMoment = crossMoment
        self.targetSecondMoment = targetSecondMoment
    }

    /// An autoencoder, y = x.
    public init(inputs: Int, autoencoding second: [Double]) {
        self.init(
            inputs: inputs, outputs: inputs, inputSecondMoment: second, crossMoment: second,
            targetSecondMoment: (0..<inputs).reduce(0) { $0 + second[$1 * inputs + $1] })
    }

    /// An autoencoder of the largest principal components; the others count in E‖y‖² only.
    public init(inputs: Int, autoencoding second: [Double], components: Int) throws {
        let variances = try symmetricEigenSystem(second, order: inputs).values.reversed()
        let kept = variances.prefix(components).map { max(0, $0) }
        var diagonal = [Double](repeating: 0, count: kept.count * kept.count)
        for (i, variance) in kept.enumerated() { diagonal[i * (kept.count + 1)] = variance }
        self.init(
            inputs: kept.count, outputs: kept.count, inputSecondMoment: diagonal, crossMoment: diagonal,
            targetSecondMoment: variances.reduce(0, +))
    }

    /// Singular values of A^{-1/2} C, falling; directions without input variance carry nothing.
    public func singularValues() throws -> [Double] {
        let system = try symmetricEigenSystem(inputSecondMoment, order: inputs)
        let floor = 1e-12 * (system.values.last ?? 0)
        var gram = [Double](repeating: 0, count: outputs * outputs)
        for (variance, vector) in zip(system.values, system.vectors) where variance > floor {
            let row = (0..<outputs).map { j in
                (0..<inputs).reduce(0) { $0 + vector[$1] * crossMoment[$1 * outputs + j] }
            }
            for i in 0..<outputs { for j in 0..<outputs { gram[i * outputs + j] += row[i] * row[j] / variance } }
        }
        return try symmetricEigenSystem(gram, order: outputs).values.reversed().prefix(inputs)
            .map { max(0, $0).squareRoot() }
    }
}
