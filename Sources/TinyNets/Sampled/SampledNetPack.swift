import Kernels

/// Nets of one shape, one in each SIMD lane, that are trained through samples; with the kernel's working memory. One
/// owner, one thread.
///
/// Loss of a net: (1/n) Σ_s ‖f(x_s) − y_s‖² + Σ_l γ_l ‖W_l‖² + Σ_l β_l ‖b_l‖², no factors ½; or the logistic loss in
/// place of the squares. A net's numbers do not depend on its lane, its neighbours or the kernel's variant, to the bit.
public final class SampledNetPack {
    public let shape: SampledNetShape
    public let lossFunction: LossFunction
    public let kernel: SampledKernel
    /// n, the same for all nets.
    public let sampleCount: Int
    /// Whether each net has data of its own; otherwise all share one set.
    public let hasOwnData: Bool

    let arrays: SampledMemory

    /// The number of nets.
    public var laneCount: Int { kernel.laneCount }

    /// All nets start with weights, decays and rates of 0; data are set afterwards.
    /// - Precondition: at least one sample.
    public convenience init(
        shape: SampledNetShape, sampleCount: Int, loss: LossFunction = .squaredError, hasOwnData: Bool = false,
        kernel: SampledKernel = SampledKernel()
    ) {
        self.init(
            shape: shape, sampleCount: sampleCount, loss: loss, hasOwnData: hasOwnData, kernel: kernel, chunk: nil)
    }

    /// - Parameter chunk: the samples that go through all layers together, a multiple of the block of samples.
    package init(
        shape: SampledNetShape, sampleCount: Int, loss: LossFunction = .squaredError, hasOwnData: Bool,
        kernel: SampledKernel, chunk: Int?
    ) {
        self.shape = shape
        lossFunction = loss
        self.kernel = kernel
        self.sampleCount = sampleCount
        self.hasOwnData = hasOwnData
        arrays = SampledMemory(
            shape: shape, loss: loss, sampleCount: sampleCount, maskCount: 0, owner: hasOwnData ? .net : .pack,
            kernel: kernel, chunk: chunk)
    }

    // MARK: - Problems

    /// The data of all nets.
    /// - Precondition: shared data, of the pack's shape and number of samples.
    public func setData(_ data: SampledData) {
        precondition(!hasOwnData, "a pack whose nets have data of their own gets them net by net")
        arrays.share(data)
    }

    /// The data of one net.
    /// - Precondition: own data, of the pack's shape and number of samples.
    public func setData(_ data: SampledData, lane: Int) {
        precondition(hasOwnData, "the nets of this pack share their data")
        arrays.setOwn(data, lane: lane)
    }

    /// One net's decays: γ_l of each weight matrix and β_l of each layer's biases (0 where none are given), first layer
    /// first, D + 1 numbers each.
    public func setDecays(_ decays: [Double], biases: [Double]? = nil, lane: Int) {
        arrays.gammas.set(decays, lane: lane)
        if let biases { arrays.biasGammas.set(biases, lane: lane) }
    }

    // MARK: - Nets

    /// One net's weights in the shape's layout.
    public func setWeights(_ weights: [Double], lane: Int) { arrays.point.set(weights, lane: lane) }
    public func weights(lane: Int) -> [Double] { arrays.point.values(lane: lane) }

    /// One net's step length in gradient descent.
    public func setRate(_ rate: Double, lane: Int) { arrays.rate[0, lane] = rate }

    /// The direction of a net's Hessian-vector product, in the layout of its weights.
    public func setDirection(_ vector: [Double], lane: Int) { arrays.direction.set(vector, lane: lane) }

    // MARK: - All nets at once

    /// Takes loss and gradient at the weights.
    public func evaluate() { kernel.gradient(arrays.description) }

    /// Plain full-batch gradient descent: w ← w − rate ∇L. Loss and gradient are then those before the last step.
    public func descend(steps: Int) { kernel.descend(arrays.description, steps: steps) }

    /// Takes Hessian times direction at the weights, exactly.
    public func hessianProduct() { kernel.hessianProduct(arrays.description) }

    // MARK: - Results

    /// Regularised loss.
    public func loss(lane: Int) -> Double { arrays.loss[0, lane] }
    /// The loss without its regulariser.
    public func dataLoss(lane: Int) -> Double { arrays.dataLoss[0, lane] }
    public func gradient(lane: Int) -> [Double] { arrays.gradient.values(lane: lane) }
    public func hessianProduct(lane: Int) -> [Double] { arrays.product.values(lane: lane) }
}
