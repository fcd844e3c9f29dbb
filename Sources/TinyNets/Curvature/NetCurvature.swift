import Kernels
import Lanes

/// Curvature of one net's loss at given weights: Hessian, its extreme eigenvalues, and the largest eigenvalue of the
/// tangent kernel. The loss is that of `SampledNetPack`, without factors ½. One owner, one thread.
///
/// Hessian-vector products are exact; at kinks of the activation the curvature counts as 0.
public final class NetCurvature {
    private let shape: SampledNetShape
    private let data: SampledData
    private let decays: [Double]
    private let biasDecays: [Double]?
    private let variant: KernelVariant
    private let pack: SampledNetPack
    /// The same net on other targets, without decay.
    private lazy var tangent = SampledNetPack(
        shape: shape, sampleCount: data.count, kernel: SampledKernel(variant, .double))

    /// - Parameters:
    ///   - decays: γ_l of each weight matrix, D + 1 numbers.
    ///   - biasDecays: those of the biases; 0 where none are given.
    public init(
        shape: SampledNetShape, data: SampledData, decays: [Double], biasDecays: [Double]? = nil,
        loss: LossFunction = .squaredError, variant: KernelVariant = .current
    ) {
        self.shape = shape
        self.data = data
        self.decays = decays
        self.biasDecays = biasDecays
        self.variant = variant
        pack = SampledNetPack(
            shape: shape, sampleCount: data.count, loss: loss, kernel: SampledKernel(variant, .double))
        pack.setData(data)
        for lane in 0..<pack.laneCount { pack.setDecays(decays, biases: biasDecays, lane: lane) }
    }

    /// The whole Hessian, W × W for W weights, row by row.
    public func hessian(at weights: [Double]) -> [Double] {
        let count = shape.weightCount
        for lane in 0..<pack.laneCount { pack.setWeights(weights, lane: lane) }
        var matrix: [Double] = []
        matrix.reserveCapacity(count * count)
        // A column for each lane; the matrix is symmetric.
        for first in stride(from: 0, to: count, by: pack.laneCount) {
            let columns = first..<min(first + pack.laneCount, count)
            for (lane, column) in columns.enumerated() {
                var direction = [Double](repeating: 0, count: count)
                direction[column] = 1
                pack.setDirection(direction, lane: lane)
            }
            pack.hessianProduct()
            for lane in 0..<columns.count { matrix += pack.hessianProduct(lane: lane) }
        }
        return matrix
    }

    /// The smallest and the largest eigenvalue of the Hessian, to `tolerance` of the larger magnitude.
    /// - Throws: `GSLError` where an inner eigenproblem fails.
    public func extremeEigenvalues(
        at weights: [Double], tolerance: Double = 1e-8
    ) throws -> (lowest: Double, highest: Double) {
        let iteration = try spectrum(of: pack, at: weights, ends: .both, tolerance: tolerance)
        return (iteration.lowest, iteration.highest)
    }

    /// The largest eigenvalue of the tangent kernel Θ = J Jᵀ/n, where J holds the gradients of all outputs at all n
    /// samples; to `tolerance` of it.
    ///
    /// Where every target is the net's own output, half the Hessian of the mean squared error is JᵀJ/n, which has the
    /// same largest eigenvalue.
    /// - Throws: `GSLError` where an inner eigenproblem fails.
    public func tangentKernelEigenvalue(at weights: [Double], tolerance: Double = 1e-8) throws -> Double {
        let outputs = shape.outputs(of: weights, on: data.features)
        tangent.setData(
            SampledData(inputs: data.inputs, outputs: data.outputs, features: data.features, targets: outputs))
        return try spectrum(of: tangent, at: weights, ends: .highest, tolerance: tolerance).highest / 2
    }

    private func spectrum(
        of pack: SampledNetPack, at weights: [Double], ends: LanczosIteration.Ends, tolerance: Double
    ) throws -> LanczosIteration {
        pack.setWeights(weights, lane: 0)
        var stream = RandomStream(seed: 0, key: 0, purpose: .curvature)
        var iteration = LanczosIteration(
            start: stream.normals(shape.weightCount), ends: ends, tolerance: tolerance, maximumSteps: 1000)
        while !iteration.isDone {
            pack.setDirection(iteration.direction, lane: 0)
            pack.hessianProduct()
            try iteration.take(pack.hessianProduct(lane: 0))
        }
        return iteration
    }
}
