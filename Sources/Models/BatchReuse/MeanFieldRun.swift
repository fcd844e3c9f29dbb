import Lanes

/// One solution of the dynamical mean-field equations from one scramble of quasi-random points.
///
/// In the limit of infinite dimension at fixed n/d, a sample's pre-activations at step t are
///
///     h_t = M_t z + g_t − η Σ_{s<t} Rθ(t, s) F_s,
///
/// with the sum over earlier steps that saw the sample, F_s = F(h_s, z) its gradient factors and g a Gaussian process
/// with correlation C(t, s), jointly over steps. The response R(t, s) = α E[∂F_t/∂g_s] comes without derivatives from
/// Gaussian integration by parts: with g = L e, α E[F_t eᵀ] = R L. That holds for ReLU, whose second derivative is a
/// delta that must not be lost.
///
/// Source: Dandi et al., arXiv 2402.03220, appendix on dynamical mean-field theory, in the form for any batch schedule.
struct MeanFieldRun {
    private(set) var overlaps: [StudentOverlaps] = []
    private(set) var trainingErrors: [Double] = []
    private(set) var generalisationErrors: [Double] = []
    /// d times the variances of the overlaps of one run, by step; empty unless asked for.
    private(set) var noise: [[[Double]]] = []
    private(set) var kernels: MeanFieldKernels
    /// False where the weights grew beyond bounds; then fewer steps are there.
    private(set) var isBounded = true

    private let student: TwoLayerStudent
    private var dataSets: [Int: MeanFieldSamples] = [:]
    private let makeSamples: (Int, inout RandomStream) -> MeanFieldSamples
    private var stream: RandomStream
    private var weighted: [NumberColumn] = []
    private var samplingNoise: SamplingNoise?

    /// - Parameters:
    ///   - bits: 2^bits points, images under the flips included.
    ///   - key: of the scramble.
    init(
        _ student: TwoLayerStudent, proposal: TeacherProposal, flips: [UInt8], bits: Int, seed: UInt64, key: UInt64,
        testing: Bool, measuresNoise: Bool = false
    ) {
        self.student = student
        let square = student.learningRate * student.learningRate
        if measuresNoise {
            let size = Double(student.schedule.dataSetSize)
            samplingNoise = SamplingNoise(
                shrinkage: student.shrinkage, factor: square * student.sampleRatio * size)
        }
        kernels = MeanFieldKernels(student)
        stream = RandomStream(seed: seed, key: key, purpose: .resampling)
        let bits = max(1, bits - flips.count.trailingZeroBitCount)
        let visits = Dictionary(
            (0..<student.steps).map { (student.schedule.dataSet(atStep: $0), 1) }, uniquingKeysWith: +)
        makeSamples = { set, stream in
            MeanFieldSamples(
                student, proposal: proposal, flips: flips, visits: visits[set] ?? 1, bits: bits, stream: &stream)
        }
        var test: MeanFieldSamples?
        for t in 0...student.steps {
            let correlation = kernels.correlations(t, with: [t])[0]
            let current = StudentOverlaps(
                teacher: (0..<kernels.p).map { i in
                    Array(kernels.overlaps[t][i * kernels.k..<(i + 1) * kernels.k])
                },
                student: kernels.student(t, correlation: correlation))
            let largest = (0..<kernels.p).map { current.student[$0][$0] }.max()!
            guard largest.isFinite, largest < BatchReuseSimulation.divergenceBound else {
                isBounded = false
                return
            }
            overlaps.append(current)
            if let samplingNoise {
                let none = current.teacher.map { $0.map { _ in 0.0 } }
                noise.append(samplingNoise.variances ?? none)
            }
            if t < student.steps { step(t) }
            if testing, let samples = test ?? dataSets.values.first {
                test = samples
                generalisationErrors.append(testError(current, correlation, samples))
            }
            // Fresh data are never looked at again.
            if student.schedule.kind == .onePass { dataSets = [:] }
        }
        // The next solution finds their memory.
        dataSets = [:]
        weighted = []
        samplingNoise = nil
    }

    // MARK: - A step

    private mutating func step(_ t: Int) {
        let set = student.schedule.dataSet(atStep: t)
        let samples = dataSets[set] ?? makeSamples(set, &stream)
        dataSets[set] = samples
        let p = kernels.p
        if weighted.first?.count != samples.count {
            weighted = (0..<p).map { _ in NumberColumn(count: samples.count) }
        }
        samples.visit(atStep: t)
        extendCholesky(samples, t)
        let participation = 1 / Double(student.schedule.dataSetSize)
        let participants = samples.participants(probability: participation)
        let factors = (0..<p).map { preactivationFactors($0, samples, t) }
        let columns = samples.teacherInputs + samples.noise + samples.gradients
        let gradients = (0..<p).map { _ in NumberColumn(count: samples.count, zeroed: false) }
        let all = columns + gradients
        var products = (0..<p).map { _ in [Double](repeating: 0, count: 8 * all.count) }
        var workspace = GradientWorkspace(hidden: p)
        // Chunk by chunk through everything: each column comes from memory once a step.
        for range in samples.labels.chunks {
            for i in 0..<p { gradients[i].add(factors[i], columns, replacing: true, registers: range) }
            student.lossGradient(
                gradients, labels: samples.labels, weights: samples.weights, registers: range, &workspace)
            for i in 0..<p {
                weighted[i].multiply(1, gradients[i], samples.weights, registers: range)
                weighted[i].addProducts(all, registers: range, to: &products[i])
            }
        }
        trainingErrors.append(workspace.loss)
        samples.add(gradients: gradients)
        // Whether a sample takes part in this step is independent of all else: means need not draw it.
        advance(samples, t, products.map { NumberColumn.sums($0).map { student.sampleRatio * $0 } })
        if let participants {
            for column in gradients {
                for range in column.chunks { column.multiply(1, column, participants, registers: range) }
            }
        }
        samplingNoise?.add(
            gradients, teacherInputs: samples.teacherInputs, weights: samples.weights, dataSet: set, step: t,
            isSeenAgain: student.schedule.kind != .onePass)
    }

    private func extendCholesky(_ samples: MeanFieldSamples, _ t: Int) {
        let p = kernels.p
        let blocks = kernels.correlations(t, with: samples.steps)
        for i in 0..<p {
            var row: [Double] = []
            for (s, block) in blocks.enumerated() {
                let width = s == blocks.count - 1 ? i + 1 : p
                row += block[i * p..<i * p + width]
            }
            samples.cholesky.append(row)
        }
    }

    /// What h of a neuron is a combination of: z, the noise so far, and the gradient factors of earlier visits.
    private func preactivationFactors(_ i: Int, _ samples: MeanFieldSamples, _ t: Int) -> [Double] {
        let (p, k) = (kernels.p, kernels.k)
        let noise = samples.cholesky.rows[samples.cholesky.rows.count - p + i]
        var factors = Array(kernels.overlaps[t][i * k..<(i + 1) * k]) + noise
        // The noise of this visit's later neurons is there, and not in h of this one.
        factors += Array(repeating: 0, count: samples.noise.count - noise.count)
        for s in samples.steps.dropLast() {
            factors += kernels.weightResponse[t][s][i * p..<(i + 1) * p].map { -student.learningRate * $0 }
        }
        return factors
    }

    /// - Parameter products: by neuron, α E[F_t ·] with z, then all noise, then all gradient factors.
    private mutating func advance(_ samples: MeanFieldSamples, _ t: Int, _ products: [[Double]]) {
        let (p, k) = (kernels.p, kernels.k)
        var gradient: [Double] = []
        var response = [MeanFieldKernels.Block?](repeating: nil, count: t + 1)
        var correlation = response
        for s in samples.steps {
            response[s] = Array(repeating: 0, count: p * p)
            correlation[s] = response[s]
        }
        for i in 0..<p {
            let products = products[i]
            gradient += products.prefix(k)
            let noiseProducts = Array(products[k..<k + samples.noise.count])
            let gradientProducts = Array(products[(k + samples.noise.count)...])
            let solved = samples.cholesky.solved(noiseProducts)
            for (v, s) in samples.steps.enumerated() {
                for j in 0..<p {
                    response[s]![i * p + j] = solved[v * p + j]
                    correlation[s]![i * p + j] = gradientProducts[v * p + j]
                }
            }
        }
        precondition(gradient.count == p * k, "one gradient per neuron and direction")
        kernels.advance(gradient: gradient, response: response, correlation: correlation)
    }

    /// E[(f − y)²]/2 on a new sample, which the weights know nothing of: h = M z + N(0, C).
    private func testError(
        _ overlaps: StudentOverlaps, _ correlation: [Double], _ samples: MeanFieldSamples
    ) -> Double {
        let p = kernels.p
        let factor = semidefiniteCholesky((0..<p).map { i in Array(correlation[i * p..<(i + 1) * p]) })
        let h = (0..<p).map { i in
            let column = NumberColumn(count: samples.count, zeroed: false)
            // Any of the noise columns is independent of z.
            column.add(
                overlaps.teacher[i] + factor[i], samples.teacherInputs + samples.noise.prefix(p), replacing: true)
            return column
        }
        let error = student.lossGradient(h, labels: samples.labels, weights: samples.weights)
        return error + samples.missingLabelSquare / 2
    }
}
