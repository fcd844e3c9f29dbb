import CLanes
import Kernels

/// What the sampled-net kernel sees of a pack of nets, with its memory. One owner, one thread.
final class SampledMemory {
    /// Whose data the nets are trained on.
    enum DataOwner {
        /// All nets share one set.
        case pack
        /// Each net has a set of its own.
        case net
        /// Room for both; `description` says which is in use.
        case either
    }

    let shape: SampledNetShape
    let kernel: SampledKernel
    let sampleCount: Int
    /// Frozen masks of noise; 0 for nets without.
    let maskCount: Int
    /// What the kernel sees.
    let description: UnsafeMutablePointer<cl_sampled_pack>

    let sharedFeatures: LaneArray
    let sharedTargets: LaneArray
    let ownFeatures: LaneArray
    let ownTargets: LaneArray
    let maskFactors: LaneArray
    let gammas: LaneArray
    let biasGammas: LaneArray
    let point: LaneArray
    let gradient: LaneArray
    let direction: LaneArray
    let product: LaneArray
    let loss: LaneArray
    let dataLoss: LaneArray
    let rate: LaneArray
    let layerNorms: LaneArray
    let firstMoment: LaneArray
    let secondMoment: LaneArray
    private let allSamples: LaneArray
    private let batchSamples: LaneArray

    /// The data that were last shared.
    private(set) var shared: SampledData?
    private let memory: UnsafeMutableRawPointer
    private let indices: UnsafeMutablePointer<Int>

    /// - Parameters:
    ///   - chunk: samples that go through all layers together, whole blocks of them; nil for what suits the cache.
    ///   - roundsKinks: whether the kernel rounds kinks over the width in `smoothing`, 0 at first.
    init(
        shape: SampledNetShape, loss function: LossFunction, sampleCount: Int, maskCount: Int, owner: DataOwner,
        kernel: SampledKernel, chunk: Int? = nil, roundsKinks: Bool = false
    ) {
        precondition(sampleCount > 0, "a pack has at least one sample")
        self.shape = shape
        self.kernel = kernel
        self.sampleCount = sampleCount
        self.maskCount = maskCount
        let block = Int(CL_SAMPLE_BLOCK)
        let chunk = chunk ?? Self.chunk(shape)
        precondition(chunk > 0 && chunk.isMultiple(of: block), "a chunk has whole blocks of samples")
        let samples = (sampleCount + block - 1) / block * block
        let lanes = kernel.laneCount
        let precision = kernel.precision
        let layers = shape.layerCount

        // Rows whose length is a multiple of the cache's sets would all fall into the same few.
        let strides = shape.allWidths.map { $0.isMultiple(of: 8) ? $0 + 1 : $0 }
        let units = strides.dropFirst().reduce(0, +) * chunk
        // A block more than there are samples: the last block of a batch may reach beyond them.
        let shared = owner == .net ? 0 : samples + block
        let own = owner == .pack ? 0 : samples + block
        let weights = shape.weightCount
        let masked = maskCount > 0 ? weights : 0
        let sizes: [(count: Int, lanes: Int)] =
            [(shared * shape.inputs, 1), (shared * shape.outputs, 1)]
            + [(own * shape.inputs, lanes), (own * shape.outputs, lanes), (samples, 1), (samples, 1)]
            + [(layers, lanes), (layers, lanes)]
            + Array(repeating: (weights, lanes), count: 6)
            + Array(repeating: (1, lanes), count: 4) + [(layers, lanes)]
            + Array(repeating: (units, lanes), count: 4)
            + [(maskCount * shape.widths.reduce(0, +), lanes)] + Array(repeating: (masked, lanes), count: 3)
        let bytes = sizes.map { LaneArray.byteCount($0.count, lanes: $0.lanes, precision) }
        let total = bytes.reduce(0, +)
        memory = .allocate(byteCount: total, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: total)
        var cursor = memory
        var arrays: [LaneArray] = []
        for (size, byteCount) in zip(sizes, bytes) {
            arrays.append(LaneArray(memory: cursor, precision: precision, lanes: size.lanes, count: size.count))
            cursor += byteCount
        }
        (sharedFeatures, sharedTargets) = (arrays[0], arrays[1])
        (ownFeatures, ownTargets) = (arrays[2], arrays[3])
        (allSamples, batchSamples) = (arrays[4], arrays[5])
        (gammas, biasGammas) = (arrays[6], arrays[7])
        (point, gradient, direction, product) = (arrays[8], arrays[9], arrays[10], arrays[11])
        (firstMoment, secondMoment) = (arrays[12], arrays[13])
        (loss, dataLoss, rate) = (arrays[14], arrays[15], arrays[16])
        layerNorms = arrays[18]
        maskFactors = arrays[23]
        // Padded samples have no weight.
        for s in 0..<sampleCount { allSamples[s, 0] = 1 / Double(sampleCount * max(1, maskCount)) }

        indices = Self.indices(shape, strides: strides, chunk: chunk)
        let (unitOffsets, unitStrides) = (indices + (layers + 1), indices + 2 * (layers + 1))
        let weightOffsets = indices + 3 * (layers + 1)
        let rule = shape.activation.kernelRule
        let owns = owner == .net
        description = .allocate(capacity: 1)
        description.initialize(
            to: cl_sampled_pack(
                layers: layers, widths: indices, weight_offsets: weightOffsets, bias_offsets: weightOffsets + layers,
                weight_count: weights, activation: rule.code, upper_slope: rule.upper, lower_slope: rule.lower,
                shift: rule.shift, smoothing: roundsKinks ? arrays[17].memory : nil,
                loss_function: function.kernelCode, samples: samples, chunk: chunk,
                features: arrays[owns ? 2 : 0].memory, targets: arrays[owns ? 3 : 1].memory, own_features: owns,
                own_targets: owns, sample_weights: allSamples.memory, masks: maskCount,
                mask_factors: maskFactors.memory, masked_point: arrays[24].memory,
                masked_direction: arrays[25].memory, masked_result: arrays[26].memory, gammas: gammas.memory,
                bias_gammas: biasGammas.memory, point: point.memory, gradient: gradient.memory,
                direction: direction.memory, product: product.memory, loss: loss.memory, data_loss: dataLoss.memory,
                rate: rate.memory, layer_norms: layerNorms.memory,
                first_moment: firstMoment.memory, second_moment: secondMoment.memory, unit_offsets: unitOffsets,
                unit_strides: unitStrides, values: arrays[19].memory, slopes: arrays[20].memory,
                value_tangents: arrays[21].memory, slope_tangents: arrays[22].memory))
    }

    deinit {
        description.deallocate()
        indices.deallocate()
        memory.deallocate()
    }

    /// Widths, where each layer's units start and their rows' length (D + 2 numbers each), where its weights and its
    /// biases start (D + 1 each).
    private static func indices(_ shape: SampledNetShape, strides: [Int], chunk: Int) -> UnsafeMutablePointer<Int> {
        let layers = shape.layerCount
        var offsets = [0]
        for l in 1...layers { offsets.append(offsets[l - 1] + (l > 1 ? strides[l - 1] * chunk : 0)) }
        let biases = shape.hasBiases ? shape.biasOffsets : Array(repeating: -1, count: layers)
        let all = shape.allWidths + offsets + strides + shape.layerOffsets.dropLast() + biases
        let indices = UnsafeMutablePointer<Int>.allocate(capacity: all.count)
        indices.initialize(from: all, count: all.count)
        return indices
    }

    /// As many samples as leave all layers' values in 128 kB of the second-level cache, between 8 and 32: shorter chunks
    /// read and write the weights and their gradient more often.
    private static func chunk(_ shape: SampledNetShape) -> Int {
        let block = Int(CL_SAMPLE_BLOCK)
        let units = shape.allWidths.dropFirst().reduce(0, +)
        let fitting = 131_072 / (64 * units) / block * block
        return min(max(fitting, 2 * block), 8 * block)
    }

    // MARK: - Data

    /// Fills the shared data.
    func share(_ data: SampledData) {
        fill(data, sharedFeatures, sharedTargets, lane: 0)
        shared = data
    }

    /// Fills one net's own data.
    func setOwn(_ data: SampledData, lane: Int) { fill(data, ownFeatures, ownTargets, lane: lane) }

    /// Lets the kernel read the shared data, or the nets' own.
    func useOwnData(_ isOwn: Bool) {
        description.pointee.own_features = isOwn
        description.pointee.own_targets = isOwn
        description.pointee.features = UnsafeRawPointer((isOwn ? ownFeatures : sharedFeatures).memory)
        description.pointee.targets = UnsafeRawPointer((isOwn ? ownTargets : sharedTargets).memory)
    }

    /// Lets the kernel see a batch of neighbouring samples alone, or all of them.
    func useBatch(_ range: Range<Int>?) {
        let owns = description.pointee.own_features
        let block = Int(CL_SAMPLE_BLOCK)
        let range = range ?? 0..<sampleCount
        precondition(
            !range.isEmpty && 0 <= range.lowerBound && range.upperBound <= sampleCount, "a batch is in the data")
        let count = (range.count + block - 1) / block * block
        let isAll = range.count == sampleCount
        if !isAll {
            for s in 0..<count {
                batchSamples[s, 0] = s < range.count ? 1 / Double(range.count * max(1, maskCount)) : 0
            }
        }
        description.pointee.samples = count
        description.pointee.sample_weights = UnsafeRawPointer((isAll ? allSamples : batchSamples).memory)
        let (features, targets) = owns ? (ownFeatures, ownTargets) : (sharedFeatures, sharedTargets)
        description.pointee.features = features.start(of: range.lowerBound * shape.inputs)
        description.pointee.targets = targets.start(of: range.lowerBound * shape.outputs)
    }

    private func fill(_ data: SampledData, _ features: LaneArray, _ targets: LaneArray, lane: Int) {
        precondition(
            data.inputs == shape.inputs && data.outputs == shape.outputs && data.count == sampleCount,
            "data fit the shape and the number of samples of their pack")
        for i in data.features.indices { features[i, lane] = data.features[i] }
        for i in data.targets.indices { targets[i, lane] = data.targets[i] }
    }
}
