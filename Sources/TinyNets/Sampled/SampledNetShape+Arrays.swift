import PhaseSpace

extension SampledNetShape {
    /// Weights layer by layer: `W1` (first hidden width × inputs), its biases `b1` where the net has any, `W2` …
    /// - Parameter weights: in the shape's layout.
    public func arrays(of weights: [Double]) -> [WeightArray] {
        let (widths, offsets) = (allWidths, layerOffsets)
        return (0..<layerCount).flatMap { layer -> [WeightArray] in
            let (columns, rows) = (widths[layer], widths[layer + 1])
            let start = offsets[layer]
            let end = start + rows * columns
            let matrix = WeightArray("W\(layer + 1)", shape: [rows, columns], Array(weights[start..<end]))
            guard hasBiases else { return [matrix] }
            return [matrix, WeightArray("b\(layer + 1)", shape: [rows], Array(weights[end..<end + rows]))]
        }
    }
}
