import CLanes
import Kernels

/// What the nets of a pack have in common; it decides how their loss is computed.
package enum PackKind: Hashable, Sendable {
    /// Deep linear nets on moments, with noise or without.
    case general(DeepLinearShape)
    /// Deep linear nets on moments, all without noise: much faster.
    case noiseFree(DeepLinearShape)
    /// Nets through samples; no masks for nets without noise.
    case sampled(SampledNetShape, LossFunction, samples: Int, masks: Int)

    package var layout: WeightLayout {
        switch self {
        case .general(let shape), .noiseFree(let shape): WeightLayout(shape)
        case .sampled(let shape, _, _, _): WeightLayout(shape)
        }
    }

    /// Inputs, hidden widths, outputs.
    fileprivate var widths: [Int] {
        switch self {
        case .general(let shape), .noiseFree(let shape): shape.allWidths
        case .sampled(let shape, _, _, _): shape.allWidths
        }
    }

    fileprivate var isNoiseFree: Bool { if case .noiseFree = self { true } else { false } }
    fileprivate var isSampled: Bool { if case .sampled = self { true } else { false } }
}

/// Eight nets of one shape, lane-interleaved, with all the kernel's working memory. One owner, one thread.
package final class LanePack {
    package static let laneCount = Int(CL_LANE_COUNT)
    package let layout: WeightLayout
    package let kernel: LaneKernel
    package let kind: PackKind
    /// What the kernel sees.
    package let description: UnsafeMutablePointer<cl_pack>

    private let storage: UnsafeMutableRawPointer
    private let indices: UnsafeMutablePointer<Int>
    private let noiseFactors: UnsafeMutablePointer<Double>
    private let gammas: UnsafeMutablePointer<Double>
    private let target: UnsafeMutablePointer<Double>
    private let samples: SampledLanes?
    /// Inner products d·Hd, d·d, x·d of the last Krylov iteration, then r·r and x·x: each eight numbers.
    package let products: UnsafeMutablePointer<Double>
    /// Coefficients of the next Krylov passes: six and two times eight numbers.
    package let coefficients: UnsafeMutablePointer<Double>

    /// All lanes start empty: no data, zero weights.
    package init(_ kind: PackKind, _ kernel: LaneKernel = LaneKernel()) {
        self.kind = kind
        self.kernel = kernel
        layout = kind.layout
        let widths = kind.widths
        let layers = layout.layerCount
        let weights = layout.weightCount
        // The moments' recursion needs its memory for nets on moments only.
        let used = kind.isSampled ? 0 : 1
        let units = used * widths.reduce(0, +)
        let squares = used * widths.reduce(0) { $0 + $1 * $1 }
        let inner = used * weights
        let sizes = [
            1, layers, layers,
            weights, weights, weights, weights, 1, 1, layers,
            weights, weights, 1, 1, 1,
            weights, weights,
            squares, units, inner, inner, squares, units,
            inner, inner, squares, units, squares, units,
            5, 8, 1,
        ]
        let bytes = sizes.reduce(0, +) * LanePack.laneCount * MemoryLayout<Double>.stride
        storage = .allocate(byteCount: bytes, alignment: 64)
        storage.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        var cursor = storage
        func take(_ slot: Int) -> UnsafeMutablePointer<Double> {
            let start = cursor.assumingMemoryBound(to: Double.self)
            cursor += sizes[slot] * LanePack.laneCount * MemoryLayout<Double>.stride
            return start
        }
        let fields = sizes.indices.map(take)
        target = fields[0]
        gammas = fields[1]
        noiseFactors = fields[2]
        products = fields[29]
        coefficients = fields[30]

        let count = widths.count
        indices = .allocate(capacity: 3 * count + layers)
        var (unit, square) = (0, 0)
        for l in 0..<count {
            indices[l] = widths[l]
            indices[count + l] = unit
            indices[2 * count + l] = square
            unit += widths[l]
            square += widths[l] * widths[l]
        }
        for l in 0..<layers { indices[3 * count + l] = layout.matrices[l].lowerBound }

        description = .allocate(capacity: 1)
        description.initialize(
            to: cl_pack(
                layers: layers, widths: indices, weight_offsets: indices + 3 * count, unit_offsets: indices + count,
                square_offsets: indices + 2 * count, weight_count: weights, target_second_moment: target,
                gammas: gammas, noise_factors: noiseFactors, is_noise_free: kind.isNoiseFree, sampled_parts: 0,
                sampled: nil, smoothing: fields[31], point: fields[3], gradient: fields[4],
                direction: fields[5], product: fields[6], loss: fields[7], data_loss: fields[8],
                layer_norms: fields[9], base: fields[10], base_gradient: fields[11], base_loss: fields[12],
                base_norm: fields[13], rate: fields[14], iterate: fields[15], residual: fields[16],
                covariances: fields[17], means: fields[18], forward_products: fields[19],
                reverse_products: fields[20], adjoints: fields[21], mean_adjoints: fields[22],
                forward_tangents: fields[23], reverse_tangents: fields[24], covariance_tangents: fields[25],
                mean_tangents: fields[26], adjoint_tangents: fields[27], mean_adjoint_tangents: fields[28]))
        if case .sampled(let shape, let loss, let sampleCount, let masks) = kind {
            samples = SampledLanes(
                shape, loss, sampleCount: sampleCount, maskCount: masks, kernel.variant, pack: description)
        } else {
            samples = nil
        }
    }

    deinit {
        description.deallocate()
        indices.deallocate()
        storage.deallocate()
    }

    // MARK: - One lane

    /// Gives a lane its problem.
    /// - Precondition: the problem fits the pack's kind.
    package func set(_ job: TrainingJob, lane: Int) {
        if let net = job.net {
            set(net, gammas: job.problem.gammas, lane: lane)
        } else {
            setProblem(job.problem, lane: lane)
        }
    }

    /// Gives a lane of nets on moments its problem.
    /// - Precondition: the problem fits the shape, and has no noise where the pack takes none.
    package func setProblem(_ problem: DeepLinearProblem, lane: Int) {
        let moments = problem.moments
        precondition(
            moments.inputs == kind.widths[0] && problem.depth + 1 == layout.layerCount, "a problem fits its net's shape"
        )
        precondition(!kind.isSampled, "a pack of nets through samples takes samples")
        precondition(problem.isNoiseFree || !kind.isNoiseFree, "a pack of nets without noise takes no other")
        scatter(moments.inputSecondMoment, to: description.pointee.covariances, lane: lane)
        scatter(moments.crossMoment, to: description.pointee.means, lane: lane)
        scatter(problem.gammas, to: gammas, lane: lane)
        scatter(problem.noises.map { 1 + $0 } + [1], to: noiseFactors, lane: lane)
        target[lane] = moments.targetSecondMoment
    }

    /// Gives a lane of nets through samples its data, frozen noise and decays.
    /// - Precondition: the net is of the pack's kind, and there is one gamma for each of its matrices.
    package func set(_ net: SampledNet, gammas values: [Double], lane: Int) {
        // They are written without a look at the memory's end.
        precondition(values.count == layout.layerCount, "a net with D hidden layers has D + 1 gammas")
        precondition(kind == net.packKind, "a pack of nets through samples takes nets of one shape and size of data")
        scatter(values, to: gammas, lane: lane)
        samples?.set(net, lane: lane)
    }

    /// Tells that a lane's net has left.
    package func release(lane: Int) { samples?.release(lane: lane) }

    /// Writes an array into one lane.
    package func scatter(_ values: [Double], to array: UnsafeMutablePointer<Double>, lane: Int) {
        for i in values.indices { array[i * LanePack.laneCount + lane] = values[i] }
    }

    /// Reads one lane of an array.
    package func gather(_ array: UnsafeMutablePointer<Double>, count: Int, lane: Int) -> [Double] {
        (0..<count).map { array[$0 * LanePack.laneCount + lane] }
    }

    /// Copies one lane of an array of weights.
    func copy(_ source: UnsafeMutablePointer<Double>, to target: UnsafeMutablePointer<Double>, lane: Int) {
        for i in strides(lane) { target[i] = source[i] }
    }

    func fill(_ array: UnsafeMutablePointer<Double>, with value: Double, lane: Int) {
        for i in strides(lane) { array[i] = value }
    }

    /// Inner product of one lane of two arrays of weights.
    func dot(_ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, lane: Int) -> Double {
        var sum = 0.0
        for i in strides(lane) { sum += a[i] * b[i] }
        return sum
    }

    /// Where a lane's weights stand in an array of weights.
    func strides(_ lane: Int) -> StrideTo<Int> {
        stride(from: lane, to: layout.weightCount * LanePack.laneCount, by: LanePack.laneCount)
    }

    // MARK: - All lanes

    package func gradient() { kernel.gradient(description) }
    package func hessianProduct() { kernel.hessianProduct(description) }
}
