/// All that a deep linear net sees of its data: second moments of the inputs x and the scalar target y, uncentred.
public struct DataMoments: Sendable, Hashable {
    /// d, the number of inputs.
    public let inputs: Int
    /// E[x xᵀ], d × d, row-major, symmetric.
    public let inputSecondMoment: [Double]
    /// E[x y], d numbers.
    public let crossMoment: [Double]
    /// E[y²].
    public let targetSecondMoment: Double

    /// - Precondition: the arrays have d² and d numbers.
    public init(inputs: Int, inputSecondMoment: [Double], crossMoment: [Double], targetSecondMoment: Double) {
        precondition(inputSecondMoment.count == inputs * inputs, "E[x xᵀ] has d² numbers")
        precondition(crossMoment.count == inputs, "E[x y] has d numbers")
        self.inputs = inputs
        self.inputSecondMoment = inputSecondMoment
        self.crossMoment = crossMoment
        self.targetSecondMoment = targetSecondMoment
    }

    /// Means over samples (1/n).
    /// - Parameters:
    ///   - features: n × d, row-major.
    ///   - targets: n numbers.
    public init(inputs: Int, features: [Double], targets: [Double]) {
        let n = targets.count
        precondition(n > 0 && features.count == n * inputs, "n × d features belong to n targets, n > 0")
        var second = [Double](repeating: 0, count: inputs * inputs)
        var cross = [Double](repeating: 0, count: inputs)
        var target = 0.0
        for s in 0..<n {
            let y = targets[s]
            target += y * y
            for i in 0..<inputs {
                let x = features[s * inputs + i]
                cross[i] += x * y
                for j in 0..<inputs { second[i * inputs + j] += x * features[s * inputs + j] }
            }
        }
        let scale = Double(n)
        self.init(
            inputs: inputs, inputSecondMoment: second.map { $0 / scale }, crossMoment: cross.map { $0 / scale },
            targetSecondMoment: target / scale)
    }

    /// ‖E[x y]‖.
    public var crossNorm: Double { crossMoment.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// What tolerances are relative to: max(1, ‖E[x y]‖, E[y²]).
    public var lossScale: Double { max(1, crossNorm, targetSecondMoment) }

    var isFinite: Bool {
        inputSecondMoment.allSatisfy(\.isFinite) && crossMoment.allSatisfy(\.isFinite) && targetSecondMoment.isFinite
    }
}
