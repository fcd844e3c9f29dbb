import PhaseSpace
import TinyNets

extension WeightDecay {
    /// Weights to start from, beside the random ones of a balanced net: wide ones, and what is known to pay.
    func furtherStarts(at point: Point, net: Net) throws -> [[Double]] {
        try orderedStarts(at: point, net: net) + wideStarts(at: point, net: net)
    }

    /// Random weights whose units see the data at several sizes: from nearly linear to saturated, with kinks and bends at
    /// places of their own where the net has biases.
    ///
    /// The least-squares norm says nothing of minima whose outputs are not linear in the inputs. Their scale is that of the
    /// inputs: a unit bends where its weights times the inputs are of order one. Where the sweep says how many starts
    /// there are, how large, or by what they move, it has no others.
    private func wideStarts(at point: Point, net: Net) throws -> [[Double]] {
        guard let sampled = net.sampled, net.shape.depth > 0, starts == nil, optimiser == nil,
            try point.reader[Controls.initScale] == 1
        else { return [] }
        let shape = net.shape
        // Without biases the size of such units is no matter.
        guard !shape.activation.isHomogeneous || shape.hasBiases, shape.activation != .linear else { return [] }
        let count = Double(sampled.data.count)
        let inputNorm = (sampled.data.features.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
        let targetSize = (sampled.data.targets.reduce(0) { $0 + $1 * $1 } / Double(sampled.data.targets.count))
            .squareRoot()
        guard inputNorm > 0 else { return [] }
        return Self.wideScales.enumerated().map { index, scale in
            // After the random ones and those of nets of 1, 2, 4 and 8 units.
            var stream = settings.trainingStarts.initialNumbers(
                point, start: startCount(depth: shape.depth) + 16 + index)
            var weights: [Double] = []
            weights.reserveCapacity(shape.weightCount)
            for (layer, (columns, rows)) in zip(shape.allWidths, shape.allWidths.dropFirst()).enumerated() {
                let isLast = layer == shape.depth
                let size = isLast ? targetSize : max(1, scale.squareRoot())
                let deviation = layer == 0 ? scale / inputNorm : size / Double(columns).squareRoot()
                for _ in 0..<rows * columns { weights.append(deviation * stream.normal()) }
                if shape.hasBiases {
                    for _ in 0..<rows { weights.append(isLast ? 0 : scale * stream.normal()) }
                }
            }
            return weights
        }
    }

    /// As many as a pack has lanes.
    private static let wideScales = [1, 2, 4, 8, 0.5, 1.5, 3, 6]
}
