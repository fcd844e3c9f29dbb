import GSLNumerics

extension SampledData {
    /// Second moments. Several targets count by their strongest mode: E[x yᵀ] by its largest singular value times the
    /// singular vector, E[y²] by E‖y‖².
    public var moments: DataMoments {
        guard outputs > 1 else { return DataMoments(inputs: inputs, features: features, targets: targets) }
        let (d, k, n) = (inputs, outputs, count)
        var cross = [Double](repeating: 0, count: d * d)
        var target = 0.0
        var second: [Double] = []
        for j in 0..<k {
            let column = DataMoments(
                inputs: d, features: features, targets: (0..<n).map { targets[$0 * k + j] })
            target += column.targetSecondMoment
            second = column.inputSecondMoment
            for a in 0..<d { for b in 0..<d { cross[a * d + b] += column.crossMoment[a] * column.crossMoment[b] } }
        }
        // The largest eigenvalue of E[x yᵀ] E[y xᵀ] is the squared singular value; eigenvalues come in rising order.
        guard let system = try? symmetricEigenSystem(cross, order: d), let largest = system.values.last else {
            return DataMoments(
                inputs: d, inputSecondMoment: second, crossMoment: Array(repeating: .nan, count: d),
                targetSecondMoment: target)
        }
        let size = max(0, largest).squareRoot()
        return DataMoments(
            inputs: d, inputSecondMoment: second, crossMoment: system.vectors[d - 1].map { size * $0 },
            targetSecondMoment: target)
    }
}
