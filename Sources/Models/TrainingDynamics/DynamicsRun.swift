import CLanes
import GSLNumerics
import PhaseSpace
import TinyNets

/// One net under gradient descent, step by step, with what is measured on the way. The loss is (1/2n) Σ (f − y)².
///
/// A trainer evaluates loss and gradient and hands them to the run.
public final class DynamicsRun {
    public let setting: DynamicsSetting
    public let plan: DynamicsPlan
    public let data: SampledData
    public let probe: NetProbe
    /// Effective weights.
    public private(set) var weights: [Double]
    let initialWeights: [Double]
    public private(set) var step = 0
    /// Loss by step.
    public private(set) var losses: [Double] = []
    public private(set) var cosines: [Int: UpdateCosine] = [:]
    public internal(set) var rows: [TrajectoryRow] = []
    /// Largest tangent-kernel eigenvalue, preconditioned where layers have scales of their own; by step where taken.
    public private(set) var kernels: [Int: Double] = [:]
    /// η_t λ_t by step where λ_t was taken.
    public private(set) var relativeRates: [Int: Double] = [:]
    public private(set) var sharpnesses: [Int: Double] = [:]
    /// η of the last step.
    public private(set) var rate = 0.0
    public private(set) var initialSpectrum: [Double] = []
    /// Θ at the start, n × n; empty for a dead net.
    public private(set) var initialTangentKernel: [Double] = []
    public private(set) var lazyCosine: LazyCosine?
    var gradient: [Double] = []
    private(set) var scales: [Double]?
    let layerMeasures: (cosines: [Measure], changes: [Measure])

    public enum End: Sendable, Hashable {
        case completed
        /// From this step on.
        case diverged(Int)
        /// The tangent kernel has vanished, at this step.
        case dead(Int)
    }
    public private(set) var end: End?

    /// - Parameter weights: effective ones, in the shape's layout.
    public init(setting: DynamicsSetting, data: SampledData, weights: [Double], plan: DynamicsPlan) {
        self.setting = setting
        self.plan = plan
        self.data = data
        self.weights = weights
        initialWeights = weights
        probe = NetProbe(setting: setting, data: data)
        let numbers = 1...setting.shape.layerCount
        layerMeasures = (numbers.map(Measure.updateCosine), numbers.map(Measure.preactivationChange))
        losses.reserveCapacity(plan.steps + 1)
    }

    public var initialKernel: Double { kernels[0] ?? 0 }
    var layers: Int { setting.shape.layerCount }

    // MARK: - A step

    /// Takes loss and gradient (by effective weights) at the present step, and the kernel where it is needed.
    /// - Parameter probeIsCurrent: whether the probe has been evaluated at these weights.
    func take(loss: Double, gradient: [Double], probeIsCurrent: Bool) throws {
        self.gradient = gradient
        losses.append(loss)
        guard loss.isFinite, loss <= 1e6 * max(losses[0], 1) else {
            end = .diverged(step)
            return
        }
        let isScheduled = plan.schedule == .geometry
        let needsKernel = step == 0 || step == plan.steps || isScheduled || plan.isRecorded(step)
        guard needsKernel || plan.normalizesLayers else { return }
        if !probeIsCurrent { probe.evaluate(weights) }
        if plan.normalizesLayers {
            let residuals = zip(probe.outputs, data.targets).map { $0 - $1 }
            // At a perfect fit residuals say nothing: the scales stay what they were.
            if residuals.contains(where: { $0 != 0 }) { scales = probe.normalizingScales(residuals: residuals) }
        }
        guard needsKernel else { return }
        let kernel = probe.topKernelEigenvalue(scales: scales)
        guard kernel.isFinite else {
            end = .diverged(step)
            return
        }
        kernels[step] = kernel
        if step == 0 { try start(kernel) }
        if kernel <= 1e-8 * initialKernel { end = .dead(step) }
    }

    private func start(_ kernel: Double) throws {
        guard kernel > 0 else { return }
        initialTangentKernel = probe.tangentKernel(scales: scales)
        let system = try symmetricEigenSystem(initialTangentKernel, order: data.count)
        initialSpectrum = system.values
        guard plan.schedule == .constant, !plan.normalizesLayers, plan.weightDecay == 0 else { return }
        lazyCosine = LazyCosine(
            eigenvalues: system.values, vectors: system.vectors,
            residuals: zip(probe.outputs, data.targets).map { $0 - $1 }, rate: plan.relativeRate / kernel)
    }

    /// Takes the sharpness at the present step where it is wanted.
    func measureSharpness(_ curvature: TopCurvature) throws {
        guard end == nil, step == 0 || step == plan.steps || plan.isRecorded(step) else { return }
        let factors = (0..<layers).map { (setting.rateFactors[$0] * (scales?[$0] ?? 1)).squareRoot() }
        let value = try curvature.value(
            factors: factors, gradient: gradient, probe: probe, kernel: kernels[step] ?? .nan)
        sharpnesses[step] = value + 2 * plan.weightDecay
    }

    /// Records the present step and goes one on, unless the run has ended.
    /// - Returns: whether it goes on.
    func advance() -> Bool {
        if end == nil { chooseRate() }
        if end == nil, plan.isRecorded(step) || (1...5).contains(step) { cosines[step] = updateCosine() }
        if plan.isRecorded(step) { rows.append(row()) }
        if end == nil, step == plan.steps { end = .completed }
        guard end == nil else { return false }
        let keep = 1 - 2 * rate * plan.weightDecay
        let factors = (0..<layers).map { rate * setting.rateFactors[$0] * (scales?[$0] ?? 1) }
        gradient.withUnsafeBufferPointer { gradient in
            weights.withUnsafeMutableBufferPointer { weights in
                for (k, factor) in factors.enumerated() {
                    for i in setting.layer(k) { weights[i] = keep * weights[i] - factor * gradient[i] }
                }
            }
        }
        step += 1
        return true
    }

    private func chooseRate() {
        let isAnnealing = plan.annealing > 0 && step >= plan.annealingStart
        let target = isAnnealing ? 1 : plan.relativeRate
        switch plan.schedule {
        case .constant: rate = target / initialKernel
        case .geometry: rate = kernels[step].map { target / $0 } ?? rate
        case .rayleigh:
            var square = 0.0
            for k in 0..<layers {
                let factor = setting.rateFactors[k] * (scales?[k] ?? 1)
                square += factor * setting.layer(k).reduce(0.0) { $0 + gradient[$1] * gradient[$1] }
            }
            let quotient = square / (2 * losses[step])
            // A solved problem has no residual to take a quotient along.
            if quotient > 0, quotient.isFinite { rate = target / quotient }
        }
        if let kernel = kernels[step] { relativeRates[step] = rate * kernel }
    }

    /// In parameters θ = W/α; nil products where nothing has moved yet are zeros.
    private func updateCosine() -> UpdateCosine {
        var cosine = UpdateCosine(products: [], updateNorms: [], displacementNorms: [])
        let decay = 2 * rate * plan.weightDecay
        for k in 0..<layers {
            let factor = setting.rateFactors[k]
            // Eight strands of each sum, in a fixed order.
            var sums = [SIMD8<Double>](repeating: .zero, count: 3)
            let layer = setting.layer(k)
            let length = rate * (scales?[k] ?? 1)
            sums.withUnsafeMutableBytes { sums in
                weights[layer].withUnsafeBufferPointer { weights in
                    initialWeights[layer].withUnsafeBufferPointer { first in
                        gradient[layer].withUnsafeBufferPointer { gradient in
                            cl_update_products(
                                weights.baseAddress!, first.baseAddress!, gradient.baseAddress!, layer.count, length,
                                decay, factor, sums.assumingMemoryBound(to: Double.self).baseAddress!)
                        }
                    }
                }
            }
            cosine.products.append(sums[0].sum())
            cosine.updateNorms.append(sums[1].sum() * factor)
            cosine.displacementNorms.append(sums[2].sum() / factor)
        }
        return cosine
    }
}
