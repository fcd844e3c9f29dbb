import CLanes
import Kernels

/// Loss, gradient and Hessian of one net as functions of its weights and of one control parameter.
///
/// One owner, one thread. All eight lanes hold the same net, so that eight Hessian-vector products cost as much as one.
final class BranchSystem {
    /// The net at some weights and some control.
    struct State {
        let weights: [Double]
        let control: Double
        let loss: Double
        let dataLoss: Double
        let layerSquaredNorms: [Double]
        let gradient: [Double]
        /// ∂∇L/∂a, with a the control.
        let drive: [Double]
        /// ∂L/∂a and ∂²L/∂a².
        let slope: Double
        let bend: Double
        let zeroNetLoss: Double
        /// d/da of that.
        let zeroNetSlope: Double

        var gradientNorm: Double { norm(gradient) }
        var squaredNorm: Double { layerSquaredNorms.reduce(0, +) }
    }

    let problem: (Double) -> DeepLinearProblem
    let pack: LanePack
    private let sampled: ((Double) -> SampledNet)?
    /// Half the distance of the finite differences along the control.
    private let probe: Double
    private(set) var evaluations = 0

    /// - Parameters:
    ///   - problem: data, decays and noise at a value of the control; smooth in it.
    ///   - sampled: set for a net through samples: the net at a value of the control, with data smooth in it.
    init(
        _ kind: PackKind, sampled: ((Double) -> SampledNet)?, probe: Double, variant: KernelVariant,
        problem: @escaping (Double) -> DeepLinearProblem
    ) {
        self.sampled = sampled
        self.probe = probe
        self.problem = problem
        pack = LanePack(kind, LaneKernel(variant))
        for lane in 0..<LanePack.laneCount { fields.smoothing[lane] = 0 }
    }

    private var fields: cl_pack { pack.description.pointee }

    /// Evaluates the net; Hessian products are then those of this state.
    func state(_ weights: [Double], _ control: Double) -> State {
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
        return State(
            weights: weights, control: control, loss: fields.loss[0], dataLoss: fields.data_loss[0],
            layerSquaredNorms: pack.gather(fields.layer_norms, count: pack.layout.layerCount, lane: 0),
            gradient: gathered(fields.gradient, lane: 0), drive: drive, slope: slope, bend: bend,
            zeroNetLoss: zeroNetLoss(control),
            zeroNetSlope: above.moments == below.moments
                ? 0 : (zeroNetLoss(control + probe) - zeroNetLoss(control - probe)) / (2 * probe))
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

    /// Hessian times up to eight vectors, at the state that was evaluated last.
    func hessianProducts(_ vectors: ArraySlice<[Double]>) -> [[Double]] {
        for (lane, vector) in vectors.enumerated() { pack.scatter(vector, to: fields.direction, lane: lane) }
        evaluations += 1
        pack.hessianProduct()
        return vectors.indices.map { gathered(fields.product, lane: $0 - vectors.startIndex) }
    }

    var weightCount: Int { pack.layout.weightCount }

    /// The weights of one matrix, all others zero, for each matrix but the last.
    func layers(of weights: [Double]) -> [[Double]] {
        pack.layout.matrices.dropLast().map { matrix in
            weights.indices.map { matrix.contains($0) ? weights[$0] : 0 }
        }
    }

    /// The whole Hessian at some weights and control, row by row.
    func hessian(at weights: [Double], _ control: Double) -> [Double] {
        _ = state(weights, control)
        let n = weightCount
        var matrix: [Double] = []
        matrix.reserveCapacity(n * n)
        for first in stride(from: 0, to: n, by: LanePack.laneCount) {
            let columns = (first..<min(first + LanePack.laneCount, n)).map { column in
                (0..<n).map { $0 == column ? 1.0 : 0 }
            }
            for row in hessianProducts(columns[...]) { matrix += row }
        }
        return matrix
    }

    /// The lowest eigenvalue of the Hessian and the size of its largest, by Lanczos from one fixed start vector, for
    /// many states, eight at a time.
    /// - Parameters:
    ///   - limit: iterations at most.
    ///   - settling: they end where sixteen more have changed the lowest eigenvalue by less than this part of the size.
    func spectra(
        of states: [(weights: [Double], control: Double)], limit: Int, settling: Double = 0
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

    private func lowestEigenvalues(count: Int, limit: Int, settling: Double) -> [(lowest: Double, size: Double)] {
        let n = pack.layout.weightCount
        let length = min(n, limit)
        let start = unitVector(n)
        var current = Array(repeating: start, count: count)
        var previous = Array(repeating: [Double](repeating: 0, count: n), count: count)
        var diagonals = [[Double]](repeating: [], count: count)
        var couplings = [[Double]](repeating: [], count: count)
        func lowest(_ lane: Int, accuracy: Double) -> (lowest: Double, size: Double) {
            let size = zip(diagonals[lane], couplings[lane]).reduce(0) { max($0, abs($1.0), $1.1) }
            let value = Tridiagonal.lowest(
                diagonals[lane], couplings[lane], diagonals[lane].count, accuracy: accuracy * max(size, 1e-300))
            return (value, size)
        }
        // By lane, so that no result depends on the others.
        var before = [Double](repeating: .infinity, count: count)
        var isSettled = [Bool](repeating: false, count: count)
        for step in 0..<length where isSettled.contains(false) {
            let products = hessianProducts(current[...])
            for lane in 0..<count where !isSettled[lane] && diagonals[lane].count == step {
                let along = dot(current[lane], products[lane])
                let back = step > 0 ? couplings[lane][step - 1] : 0
                var next = products[lane]
                for i in 0..<n { next[i] -= along * current[lane][i] + back * previous[lane][i] }
                let coupling = norm(next)
                diagonals[lane].append(along)
                couplings[lane].append(coupling)
                let size = diagonals[lane].reduce(coupling) { max($0, abs($1)) }
                // An exhausted lane stops growing.
                guard coupling > 1e-13 * size else { continue }
                previous[lane] = current[lane]
                current[lane] = next.map { $0 / coupling }
            }
            guard settling > 0, step % 16 == 15 else { continue }
            for lane in 0..<count where !isSettled[lane] {
                let now = lowest(lane, accuracy: 0.1 * settling)
                isSettled[lane] = before[lane] - now.lowest <= settling * now.size
                before[lane] = now.lowest
            }
        }
        return (0..<count).map { lowest($0, accuracy: 1e-14) }
    }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
            var sum = 0.0
            for i in 0..<a.count { sum += a[i] * b[i] }
            return sum
        }
    }
}

func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
