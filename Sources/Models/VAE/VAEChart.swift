import Lanes

/// Coordinates about some weights in which Newton's method works well.
///
/// Each hidden unit's weights in and out are measured in units that make them equally long, and a change of their ratio
/// multiplies: in = (i + Δi − s i) eˢ, out = (o + Δo + s o) e⁻ˢ with s = ½ (i·Δi/|i|² − o·Δo/|o|²). A tanh unit that wants
/// to be linear shrinks the one and grows the other without end, along a hyperbola that here is a straight line.
struct VAEChart {
    let origin: [Double]
    /// Weight per coordinate.
    private let scales: [Double]
    private let units: [Unit]

    private struct Unit {
        let incoming: [Int]
        let outgoing: [Int]
        /// ∂s by the changes of the weights.
        let pulls: [Double]
    }

    init(_ shape: VAEShape, at weights: [Double]) {
        origin = weights
        var scales = [Double](repeating: 1, count: weights.count)
        var units: [Unit] = []
        func square(_ indices: [Int]) -> Double { indices.reduce(0) { $0 + weights[$1] * weights[$1] } }
        for unit in shape.units {
            let (a, b) = (square(unit.incoming), square(unit.outgoing))
            guard a > 1e-24, b > 1e-24 else { continue }
            let ratio = max(1e-4, min(1e4, (a / b).squareRoot().squareRoot()))
            for i in unit.incoming { scales[i] = ratio }
            for i in unit.outgoing { scales[i] = 1 / ratio }
            units.append(
                Unit(
                    incoming: unit.incoming, outgoing: unit.outgoing,
                    pulls: unit.incoming.map { weights[$0] / (2 * a) }
                        + unit.outgoing.map { -weights[$0] / (2 * b) }))
        }
        self.scales = scales
        self.units = units
    }

    /// s of a unit.
    private func stretch(_ unit: Unit, _ move: [Double]) -> Double {
        zip(unit.incoming + unit.outgoing, unit.pulls).reduce(0) { $0 + scales[$1.0] * move[$1.0] * $1.1 }
    }

    func weights(_ move: [Double]) -> [Double] {
        var weights = origin.indices.map { origin[$0] + scales[$0] * move[$0] }
        for unit in units {
            let s = max(-20, min(20, stretch(unit, move)))
            let factor = exponential(s)
            for i in unit.incoming { weights[i] = (weights[i] - s * origin[i]) * factor }
            for i in unit.outgoing { weights[i] = (weights[i] + s * origin[i]) / factor }
        }
        return weights
    }

    /// The gradient by the coordinates, from that by the weights there.
    func pulledBack(_ gradient: [Double], at move: [Double], weights: [Double]) -> [Double] {
        var pulled = gradient
        for unit in units {
            let factor = exponential(stretch(unit, move))
            var along = 0.0
            for i in unit.incoming {
                along += gradient[i] * (weights[i] - origin[i] * factor)
                pulled[i] = gradient[i] * factor
            }
            for i in unit.outgoing {
                along += gradient[i] * (origin[i] / factor - weights[i])
                pulled[i] = gradient[i] / factor
            }
            for (i, pull) in zip(unit.incoming + unit.outgoing, unit.pulls) { pulled[i] += pull * along }
        }
        return zip(pulled, scales).map(*)
    }

    /// The Hessian by the coordinates at the origin, from gradient and Hessian by the weights there.
    ///
    /// To second order in the changes δ of a unit's weights, with s = p·δ: in = i + δ + s δ − ½ s² i, and out likewise with
    /// −s δ.
    func pulledBack(hessian: [Double], gradient: [Double]) -> [Double] {
        let n = origin.count
        var pulled = hessian
        for unit in units {
            let indices = unit.incoming + unit.outgoing
            let along = indices.reduce(0) { $0 + gradient[$1] * origin[$1] }
            let forces = unit.incoming.map { gradient[$0] } + unit.outgoing.map { -gradient[$0] }
            for (x, i) in indices.enumerated() {
                for (y, j) in indices.enumerated() {
                    pulled[i * n + j] +=
                        forces[x] * unit.pulls[y] + unit.pulls[x] * forces[y] - along * unit.pulls[x] * unit.pulls[y]
                }
            }
        }
        for i in 0..<n { for j in 0..<n { pulled[i * n + j] *= scales[i] * scales[j] } }
        return pulled
    }
}
