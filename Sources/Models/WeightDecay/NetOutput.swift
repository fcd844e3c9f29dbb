import Lanes
import TinyNets

extension WeightDecay {
    /// What a trained net does on samples that it has not seen.
    ///
    /// - Parameter weights: in the layout of the shape: one matrix per layer, row-major, without biases.
    /// - Returns: mean squared deviation from the targets, and the part of the samples whose output has the wrong sign;
    ///   the latter only for classes.
    static func testLoss(
        of weights: [Double], _ shape: DeepLinearShape, _ activation: UnitActivation, on test: RegressionTable
    ) -> (loss: Double, error: Double?) {
        let widths = shape.allWidths
        let offsets = shape.layerOffsets
        var (loss, wrong) = (0.0, 0)
        var values = [Double](repeating: 0, count: widths.max() ?? 1)
        var next = values
        for row in 0..<test.rows {
            for j in 0..<test.columns { values[j] = test.inputs[row * test.columns + j] }
            for l in 0...shape.depth {
                let isHidden = l < shape.depth
                for i in 0..<widths[l + 1] {
                    var h = 0.0
                    for j in 0..<widths[l] { h += weights[offsets[l] + i * widths[l] + j] * values[j] }
                    next[i] = isHidden ? activation.value(h) : h
                }
                swap(&values, &next)
            }
            let (output, target) = (values[0], test.targets[row])
            loss += (output - target) * (output - target)
            if output * target <= 0 { wrong += 1 }
        }
        let n = Double(test.rows)
        return (loss / n, test.isClassification ? Double(wrong) / n : nil)
    }
}

extension UnitActivation {
    /// φ(h); tanh with the same bits on every machine.
    fileprivate func value(_ h: Double) -> Double { self == .tanh ? hyperbolicTangent(h) : jet(h).value }
}
