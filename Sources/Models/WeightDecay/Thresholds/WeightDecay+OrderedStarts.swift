import Lanes
import PhaseSpace
import TinyNets

extension WeightDecay {
    /// Nets of one hidden layer that are known to lie below the zero net up to a γ of their own.
    struct OrderedNet: Sendable {
        let decay: Double
        /// Output weights, then input weights, unit by unit.
        let weights: [Double]
        let units: Int
    }

    /// Weights to start from, beside the random ones, where it is proven that an ordered phase exists.
    ///
    /// Small random weights fall into the zero net wherever it is a minimum, and where targets hardly correlate with the
    /// inputs themselves the least-squares norm says nothing of the size of the weights that pay. A net that lowers
    /// the loss at this γ does.
    func orderedStarts(at point: Point, net: Net) throws -> [[Double]] {
        let shape = net.shape
        guard shape.depth == 1, let gamma = try? Setting(point.reader).gammas.max() else { return [] }
        return try orderedNets(point).filter { $0.decay > gamma }.map { ordered in
            let (width, d) = (shape.widths[0], shape.inputs)
            // Units of weight 0 would stay there.
            let size = 1e-3 * euclideanNorm(ordered.weights) / Double(ordered.weights.count).squareRoot()
            var stream = settings.trainingStarts.initialNumbers(point, start: startCount(depth: 1) + ordered.units)
            var weights = stream.normals(width * (d + 1)).map { size * $0 }
            for j in 0..<ordered.units {
                for k in 0..<d { weights[j * d + k] += ordered.weights[ordered.units + j * d + k] }
                weights[width * d + j] += ordered.weights[j]
            }
            return weights
        }
    }

    private func orderedNets(_ point: Point) throws -> [OrderedNet] {
        let setting = try Setting(point.reader)
        let unit: SaturatingUnit
        switch setting.activation {
        case .tanh: unit = .tanh
        case .erf: unit = .erf
        case .shiftedErf(let shift) where shift == 0: unit = .erf
        default: return []
        }
        guard setting.noises.allSatisfy({ $0 == 0 }), lossFunction == .squaredError, !hasBiases, outputCount == 1,
            let samples = try samples(point.reader, replica: point.replica)
        else { return [] }
        let key = ThresholdKey(
            data: try DataKey(point.reader, replica: point.replica), activation: setting.activation,
            width: setting.widths[0])
        if let known = orderedNets.withLock({ $0[key] }) { return known }
        let saturating = SaturatingNet(unit, samples)
        var nets: [OrderedNet] = []
        if !saturating.rows.isEmpty {
            for units in Set([1, 2, 4, 8].map { min(key.width, $0) }).sorted() {
                let best = try saturating.bestNet(units: units)
                // Below its own stability the zero net is left by any start.
                if let weights = best.weights, best.decay > saturating.stability * (1 + 1e-9) {
                    nets.append(OrderedNet(decay: best.decay, weights: weights, units: units))
                }
            }
        }
        orderedNets.withLock { $0[key] = nets }
        return nets
    }
}
