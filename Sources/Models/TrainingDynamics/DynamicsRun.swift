import Foundation
import GSLNumerics
import PhaseSpace
import TinyNets

/// One net under gradient descent, step by step, with what is measured on the way. The loss is (1/2n) Σ (f − y)².
///
/// The owner of a pack of lanes evaluates loss and gradient of all nets at once and hands them to each net's run.
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
    private var curvatureVector: [Double] = []

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
        losses.reserveCapacity(plan.steps + 1)
    }

    public var initialKernel: Double { kernels[0] ?? 0 }
    var layers: Int { setting.shape.layerCount }

    // MARK: - A step

    /// Takes loss and gradient (by effective weights) at the present step, and the kernel where it is needed.
    func take(loss: Double, gradient: [Double]) throws {
        self.gradient = gradient
        losses.append(loss)
        guard loss.isFinite, loss <= 1e6 * max(losses[0], 1) else {
            end = .diverged(step)
            return
        }
        let isScheduled = plan.schedule == .geometry
        let needsKernel = step == 0 || step == plan.steps || isScheduled || plan.isRecorded(step)
        guard needsKernel || plan.normalizesLayers else { return }
        probe.evaluate(weights)
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

    /// What the sharpness at the present step is asked with; nil where it is not wanted.
    func curvatureTask(lane: Int) -> TopCurvature.Task? {
        guard plan.measuresSharpness, end == nil, step == 0 || step == plan.steps || plan.isRecorded(step) else {
            return nil
        }
        var preconditioner = [Double](repeating: 0, count: weights.count)
        for k in 0..<layers {
            let factor = (setting.rateFactors[k] * (scales?[k] ?? 1)).squareRoot()
            for i in setting.layer(k) { preconditioner[i] = factor }
        }
        if curvatureVector.isEmpty {
            // The gradient lies along the steepest directions.
            curvatureVector = zip(gradient, preconditioner).map { $0 * $1 + 1e-6 }
        }
        return TopCurvature.Task(lane: lane, preconditioner: preconditioner, start: curvatureVector)
    }

    func take(curvature task: TopCurvature.Task) {
        sharpnesses[step] = task.value + 2 * plan.weightDecay
        if task.value.isFinite { curvatureVector = task.vector }
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
        let (weights, initialWeights, gradient) = (weights, initialWeights, gradient)
        let decay = 2 * rate * plan.weightDecay
        for k in 0..<layers {
            let factor = setting.rateFactors[k]
            let length = rate * (scales?[k] ?? 1)
            // Eight strands of each sum, in a fixed order.
            var (product, update, displacement) = (SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>())
            let layer = setting.layer(k)
            for start in stride(from: layer.lowerBound, to: layer.upperBound, by: 8) {
                var (moved, next) = (SIMD8<Double>(), SIMD8<Double>())
                for lane in 0..<min(8, layer.upperBound - start) {
                    let i = start + lane
                    moved[lane] = weights[i] - initialWeights[i]
                    next[lane] = -length * gradient[i] - decay * weights[i] / factor
                }
                product += next * moved
                update += next * next
                displacement += moved * moved
            }
            cosine.products.append(product.sum())
            cosine.updateNorms.append(update.sum() * factor)
            cosine.displacementNorms.append(displacement.sum() / factor)
        }
        return cosine
    }
}
