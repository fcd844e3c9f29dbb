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
        let rounding = 4 * Double(inputs) * Double.ulpOfOne * (variances.first ?? 0)
        let kept = variances.prefix(components).map { $0 > rounding ? $0 : 0 }
        var diagonal = [Double](repeating: 0, count: kept.count * kept.count)
        for (i, variance) in kept.enumerated() { diagonal[i * (kept.count + 1)] = variance }
        self.init(
            inputs: kept.count, outputs: kept.count, inputSecondMoment: diagonal, crossMoment: diagonal,
            targetSecondMoment: variances.reduce(0, +))
    }

    /// Singular values of A^{-1/2} C, falling; directions without input variance carry nothing, and what is left by
    /// rounding is 0.
    public func singularValues() throws -> [Double] { try singularModes().values }

    /// The same, with about the relative error of their squares: that of A's smallest eigenvalue, its diagonal scaled to 1.
    func singularModes() throws -> (values: [Double], relativeError: Double) {
        let factor = try pivotedFactor(ofMoment: inputSecondMoment, order: inputs)
        let count = min(inputs, outputs)
        // With A = RᵀR the matrix R^{-T} C has the same singular values; for C = A it is R itself.
        let columns =
            outputs == inputs && crossMoment == inputSecondMoment ? factor.columns : whitenedColumns(factor)
        let found = try GSLNumerics.singularValues(columns: columns)
        let floor = factor.rounding / factor.pivotRatio.squareRoot() * (found.first ?? 0)
        let isAutoencoder = columns == factor.columns
        let values = found.prefix(count).enumerated().map { k, value in
            isAutoencoder ? (k < factor.rank ? value : 0) : value > floor ? value : 0
        }
        return (values + Array(repeating: 0, count: max(0, count - values.count)), factor.relativeError)
    }

    /// R^{-T} C by forward substitution along the pivots.
    private func whitenedColumns(_ factor: PivotedFactor) -> [[Double]] {
        (0..<outputs).map { j in
            var column: [Double] = []
            for (k, pivot) in factor.pivots.enumerated() {
                let r = factor.columns[pivot]
                let known = (0..<k).reduce(0) { $0 + r[$1] * column[$1] }
                column.append((crossMoment[pivot * outputs + j] - known) / r[k])
            }
            return column
        }
    }
}
