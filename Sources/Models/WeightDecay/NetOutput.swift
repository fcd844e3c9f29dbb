import TinyNets

extension WeightDecay {
    /// What a trained net does on samples that it has not seen.
    ///
    /// - Parameter weights: in the layout of the shape.
    /// - Returns: the mean loss without its regulariser; and, only for classes, the part of the samples that the net
    ///   takes for another class: by the output's sign, with several outputs by the largest.
    func testLoss(
        of weights: [Double], _ shape: SampledNetShape, on test: RegressionTable
    ) -> (loss: Double, error: Double?) {
        let outputs = shape.outputs(of: weights, on: test.inputs)
        let k = shape.outputs
        let targets = Self.targets(of: test, for: lossFunction)
        let loss = zip(outputs, targets).reduce(0) { $0 + lossFunction.value($1.0, $1.1) } / Double(test.rows)
        guard test.isClassification else { return (loss, nil) }
        let wrong = (0..<test.rows).count { row in
            guard k > 1 else { return outputs[row] * test.targets[row] <= 0 }
            let (f, y) = (outputs[row * k..<(row + 1) * k], test.targets[row * k..<(row + 1) * k])
            return f.firstIndex(of: f.max()!)! - f.startIndex != y.firstIndex(of: y.max()!)! - y.startIndex
        }
        return (loss, Double(wrong) / Double(test.rows))
    }

    /// A table's targets as a loss takes them: the logistic one wants −1 and 1 in place of a one-hot 0 and 1.
    static func targets(of table: RegressionTable, for loss: LossFunction) -> [Double] {
        guard loss == .logistic, table.outputs > 1 else { return table.targets }
        return table.targets.map { 2 * $0 - 1 }
    }
}
