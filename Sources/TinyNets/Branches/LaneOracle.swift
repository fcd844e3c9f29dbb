import CLanes
import Kernels

/// The oracle of a net in lanes. All eight lanes hold the same net, so that eight Hessian-vector products cost as much as
/// one.
final class LaneOracle: BranchOracle {
    let problem: (Double) -> DeepLinearProblem
    let pack: LanePack
    let lossScale: Double
    let vectorsAtOnce = LanePack.laneCount
    let hasZeroNet = true
    private let sampled: ((Double) -> SampledNet)?
    /// Half the distance of the finite differences along the control.
    private let probe: Double
    private(set) var evaluations = 0

    /// - Parameters:
    ///   - problem: data, decays and noise at a value of the control; smooth in it.
    ///   - range: of the control.
    ///   - sampled: set for a net through samples: the net at a value of the control, with data smooth in it.
    init(
        _ kind: PackKind, sampled: ((Double) -> SampledNet)?, range: ClosedRange<Double>, variant: KernelVariant,
        problem: @escaping (Double) -> DeepLinearProblem
    ) {
        self.sampled = sampled
        // What the tangent is off by is of second order in this; the corrector does not depend on it.
        probe = 1e-4 * BranchFollower.span(of: range)
        lossScale = problem(range.lowerBound).moments.lossScale
        self.problem = problem
        pack = LanePack(kind, LaneKernel(variant))
        for lane in 0..<LanePack.laneCount { fields.smoothing[lane] = 0 }
    }

    private var fields: cl_pack { pack.description.pointee }

    func state(_ weights: [Double], _ control: Double) -> BranchState {
        let (above, below) = (problem(control + probe), problem(control - probe))
        for lane in 0..<LanePack.laneCount { pack.scatter(weights, to: fields.point, lane: lane) }
        var drive: [Double]
        var (slope, bend) = (0.0, 0.0)
        if above.moments == below.moments, above.noises == below.noises {
            // Only the decays move, and the loss is linear in them.
            drive = [Double](repeating: 0, count: weights.count)
            for (l, matrix) in pack.layout.matrices.enumerated() {
                let rate = (above.gammas[l] - below.gammas[l]) / (2 * probe)
                for i in matrix {
                    drive[i] = 2 * rate * weights[i]
                    slope += rate * weights[i] * weights[i]
                }
            }
        } else {
            let controls = [control, control + probe, control - probe]
            for lane in 0..<LanePack.laneCount { set(at: controls[min(lane, 2)], lane: lane) }
            evaluate()
            let (up, down) = (gathered(fields.gradient, lane: 1), gathered(fields.gradient, lane: 2))
            drive = zip(up, down).map { ($0 - $1) / (2 * probe) }
            slope = (fields.loss[1] - fields.loss[2]) / (2 * probe)
            bend = (fields.loss[1] - 2 * fields.loss[0] + fields.loss[2]) / (probe * probe)
        }
        for lane in 0..<LanePack.laneCount { set(at: control, lane: lane) }
        evaluate()
        return BranchState(
            weights: weights, control: control, loss: fields.loss[0], dataLoss: fields.data_loss[0],
            layerSquaredNorms: pack.gather(fields.layer_norms, count: pack.layout.layerCount, lane: 0),
            gradient: gathered(fields.gradient, lane: 0), drive: drive, slope: slope, bend: bend,
            zeroNetLoss: zeroNetLoss(control),
            zeroNetSlope: above.moments == below.moments
                ? 0 : (zeroNetLoss(control + probe) - zeroNetLoss(control - probe)) / (2 * probe))
    }

    func isZeroNetUnique(_ control: Double) -> Bool { !(sampled?(control).shape.hasBiases ?? false) }

    func zeroNetWeights(_ control: Double) -> [Double] {
        sampled?(control).zeroNetWeights ?? [Double](repeating: 0, count: weightCount)
    }

    private func zeroNetLoss(_ control: Double) -> Double {
        sampled?(control).zeroNetLoss ?? problem(control).moments.targetSecondMoment
    }

    private func set(at control: Double, lane: Int) {
        if let sampled {
            pack.set(sampled(control), gammas: problem(control).gammas, lane: lane)
        } else {
            pack.setProblem(problem(control), lane: lane)
        }
    }

    private func evaluate() {
        evaluations += 1
        pack.gradient()
    }

    private func gathered(_ array: UnsafeMutablePointer<Double>, lane: Int) -> [Double] {
        pack.gather(array, count: pack.layout.weightCount, lane: lane)
    }

    func hessianProducts(_ vectors: ArraySlice<[Double]>) -> [[Double]] {
        for (lane, vector) in vectors.enumerated() { pack.scatter(vector, to: fields.direction, lane: lane) }
        evaluations += 1
        pack.hessianProduct()
        return vectors.indices.map { gathered(fields.product, lane: $0 - vectors.startIndex) }
    }

    var weightCount: Int { pack.layout.weightCount }

    func layers(of weights: [Double]) -> [[Double]] {
        pack.layout.matrices.dropLast().map { matrix in
            weights.indices.map { matrix.contains($0) ? weights[$0] : 0 }
        }
    }

    func spectra(
        of states: [(weights: [Double], control: Double)], limit: Int, settling: Double
    ) -> [(lowest: Double, size: Double)] {
        var results: [(lowest: Double, size: Double)] = []
        for first in stride(from: 0, to: states.count, by: LanePack.laneCount) {
            let group = states[first..<min(first + LanePack.laneCount, states.count)]
            for (lane, state) in group.enumerated() {
                set(at: state.control, lane: lane)
                pack.scatter(state.weights, to: fields.point, lane: lane)
            }
            evaluate()
            results += lowestEigenvalues(count: group.count, limit: limit, settling: settling)
        }
        return results
    }
}
