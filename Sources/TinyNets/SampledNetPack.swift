import CLanes
import Kernels

/// Nets of one shape, one in each SIMD lane, that are trained through samples; with the kernel's working memory. One
/// owner, one thread.
///
/// Loss of a net: (1/n) Σ_s ‖f(x_s) − y_s‖² + Σ_l γ_l ‖W_l‖² + Σ_l β_l ‖b_l‖², no factors ½. A net's numbers do not depend
/// on its lane, its neighbours or the kernel's variant, to the bit.
public final class SampledNetPack {
    public let shape: SampledNetShape
    public let kernel: SampledKernel
    /// n, the same for all nets.
    public let sampleCount: Int
    /// Whether each net has data of its own; otherwise all share one set.
    public let hasOwnData: Bool

    private let description: UnsafeMutablePointer<cl_sampled_pack>
    private let memory: UnsafeMutableRawPointer
    private let indices: UnsafeMutablePointer<Int>
    private let features: LaneArray
    private let targets: LaneArray
    private let gammas: LaneArray
    private let biasGammas: LaneArray
    private let point: LaneArray
    private let gradient: LaneArray
    private let direction: LaneArray
    private let product: LaneArray
    private let losses: LaneArray
    private let dataLosses: LaneArray
    private let rates: LaneArray

    /// The number of nets.
    public var laneCount: Int { kernel.laneCount }

    /// All nets start with weights, decays and rates of 0; data are set afterwards.
    /// - Precondition: at least one sample.
    public convenience init(
        shape: SampledNetShape, sampleCount: Int, hasOwnData: Bool = false, kernel: SampledKernel = SampledKernel()
    ) {
        self.init(
            shape: shape, sampleCount: sampleCount, hasOwnData: hasOwnData, kernel: kernel,
            chunk: Self.chunk(shape, sampleCount))
    }

    /// - Parameter chunk: the samples that go through all layers together, a multiple of the block of samples.
    package init(
        shape: SampledNetShape, sampleCount: Int, hasOwnData: Bool, kernel: SampledKernel, chunk: Int
    ) {
        precondition(sampleCount > 0, "a pack has at least one sample")
        self.shape = shape
        self.kernel = kernel
        self.sampleCount = sampleCount
        self.hasOwnData = hasOwnData
        let block = Int(CL_SAMPLE_BLOCK)
        precondition(chunk > 0 && chunk.isMultiple(of: block), "a chunk has whole blocks of samples")
        let samples = (sampleCount + block - 1) / block * block
        let lanes = kernel.laneCount
        let precision = kernel.precision
        let widths = shape.allWidths
        let layers = shape.layerCount

        // Rows whose length is a multiple of the cache's sets would all fall into the same few.
        let strides = widths.map { $0.isMultiple(of: 8) ? $0 + 1 : $0 }
        let units = strides.dropFirst().reduce(0, +) * chunk
        let dataLanes = hasOwnData ? lanes : 1
        let sizes: [(count: Int, lanes: Int)] =
            [(samples * shape.inputs, dataLanes), (samples * shape.outputs, dataLanes), (samples, 1)]
            + [(layers, lanes), (layers, lanes)]
            + Array(repeating: (shape.weightCount, lanes), count: 4)
            + Array(repeating: (1, lanes), count: 3)
            + Array(repeating: (units, lanes), count: 4)
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
        features = arrays[0]
        targets = arrays[1]
        gammas = arrays[3]
        biasGammas = arrays[4]
        point = arrays[5]
        gradient = arrays[6]
        direction = arrays[7]
        product = arrays[8]
        losses = arrays[9]
        dataLosses = arrays[10]
        rates = arrays[11]
        for s in 0..<sampleCount { arrays[2][s, 0] = 1 / Double(sampleCount) }

        indices = .allocate(capacity: 3 * (layers + 1) + 2 * layers)
        let unitOffsets = indices + (layers + 1)
        let unitStrides = unitOffsets + (layers + 1)
        let weightOffsets = unitStrides + (layers + 1)
        let biasOffsets = weightOffsets + layers
        var offset = 0
        for l in 0...layers {
            indices[l] = widths[l]
            unitStrides[l] = strides[l]
            unitOffsets[l] = l == 0 ? 0 : offset
            if l > 0 { offset += strides[l] * chunk }
        }
        for l in 0..<layers {
            weightOffsets[l] = shape.layerOffsets[l]
            biasOffsets[l] = shape.hasBiases ? shape.biasOffsets[l] : -1
        }
        let rule = shape.activation.kernelRule
        description = .allocate(capacity: 1)
        description.initialize(
            to: cl_sampled_pack(
                layers: layers, widths: indices, weight_offsets: weightOffsets, bias_offsets: biasOffsets,
                weight_count: shape.weightCount, activation: rule.code, upper_slope: rule.upper,
                lower_slope: rule.lower, shift: rule.shift, samples: samples, chunk: chunk,
                features: features.memory, targets: targets.memory, own_features: hasOwnData, own_targets: hasOwnData,
                sample_weights: arrays[2].memory, gammas: gammas.memory, bias_gammas: biasGammas.memory,
                point: point.memory, gradient: gradient.memory, direction: direction.memory, product: product.memory,
                loss: losses.memory, data_loss: dataLosses.memory, rate: rates.memory, unit_offsets: unitOffsets,
                unit_strides: unitStrides, values: arrays[12].memory, slopes: arrays[13].memory,
                value_tangents: arrays[14].memory, slope_tangents: arrays[15].memory))
    }

    deinit {
        description.deallocate()
        indices.deallocate()
        memory.deallocate()
    }

    /// As many samples as leave all layers' values in 128 kB of the second-level cache, between 8 and 32: shorter chunks
    /// read and write the weights and their gradient more often.
    private static func chunk(_ shape: SampledNetShape, _ sampleCount: Int) -> Int {
        let block = Int(CL_SAMPLE_BLOCK)
        let units = shape.allWidths.dropFirst().reduce(0, +)
        let fitting = 131_072 / (64 * units) / block * block
        return min(max(fitting, 2 * block), 8 * block)
    }

    // MARK: - Problems

    /// The data of all nets.
    /// - Precondition: shared data, of the pack's shape and number of samples.
    public func setData(_ data: SampledData) {
        precondition(!hasOwnData, "a pack whose nets have data of their own gets them net by net")
        fill(data, lane: 0)
    }

    /// The data of one net.
    /// - Precondition: own data, of the pack's shape and number of samples.
    public func setData(_ data: SampledData, lane: Int) {
        precondition(hasOwnData, "the nets of this pack share their data")
        fill(data, lane: lane)
    }

    private func fill(_ data: SampledData, lane: Int) {
        precondition(
            data.inputs == shape.inputs && data.outputs == shape.outputs && data.count == sampleCount,
            "data fit the shape and the number of samples of their pack")
        for i in data.features.indices { features[i, lane] = data.features[i] }
        for i in data.targets.indices { targets[i, lane] = data.targets[i] }
    }

    /// One net's decays: γ_l of each weight matrix and β_l of each layer's biases (0 where none are given), first layer
    /// first, D + 1 numbers each.
    public func setDecays(_ decays: [Double], biases: [Double]? = nil, lane: Int) {
        gammas.set(decays, lane: lane)
        if let biases { biasGammas.set(biases, lane: lane) }
    }

    // MARK: - Nets

    /// One net's weights in the shape's layout.
    public func setWeights(_ weights: [Double], lane: Int) { point.set(weights, lane: lane) }
    public func weights(lane: Int) -> [Double] { point.values(lane: lane) }

    /// One net's step length in gradient descent.
    public func setRate(_ rate: Double, lane: Int) { rates[0, lane] = rate }

    /// The direction of a net's Hessian-vector product, in the layout of its weights.
    public func setDirection(_ vector: [Double], lane: Int) { direction.set(vector, lane: lane) }

    // MARK: - All nets at once

    /// Takes loss and gradient at the weights.
    public func evaluate() { kernel.gradient(description) }

    /// Plain full-batch gradient descent: w ← w − rate ∇L. Loss and gradient are then those before the last step.
    public func descend(steps: Int) { kernel.descend(description, steps: steps) }

    /// Takes Hessian times direction at the weights, exactly.
    public func hessianProduct() { kernel.hessianProduct(description) }

    // MARK: - Results

    /// Regularised loss.
    public func loss(lane: Int) -> Double { losses[0, lane] }
    /// The mean squared error alone.
    public func dataLoss(lane: Int) -> Double { dataLosses[0, lane] }
    public func gradient(lane: Int) -> [Double] { gradient.values(lane: lane) }
    public func hessianProduct(lane: Int) -> [Double] { product.values(lane: lane) }
}
