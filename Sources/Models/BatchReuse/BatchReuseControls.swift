import PhaseSpace

extension BatchReuse {
    public static let declaration = ModelDeclaration(
        name: "batch-reuse",
        summary: "Two-layer nets that learn a multi-index target by large gradient steps on batches of n = αd samples, "
            + "used once or again.",
        sources: [
            "Dandi, Troiani, Arnaboldi, Pesce, Zdeborová & Krzakala, The benefits of reusing batches for gradient descent "
                + "in two-layer networks, arXiv 2402.03220",
            "Damian, Pillaud-Vivien, Lee & Bruna, Computational-statistical gaps in Gaussian single-index models, "
                + "arXiv 2403.05529",
        ],
        controls: Controls.all, observables: observables, orderParameter: .subspaceScore,
        trainingRule: "its nets take `steps` plain gradient steps with `learningRate`, as the theory has them",
        theoryCurves: [
            "equilibrium": "observables after the last step, d → ∞",
            "trajectory": "observables over steps, d → ∞ (dynamical mean-field theory)",
        ],
        trajectoryObservables: [.generalisationError])

    static let hiddenLimit = 16
    static let stepLimit = 64
    /// Matrices are recorded entry by entry up to this size.
    static let recordedSize = 4

    private static func recorded(_ measure: Measure, _ symbol: String, _ meaning: String) -> Observable {
        Observable(measure, symbol: symbol, meaning: meaning, isRecordedAlongTrajectory: true)
    }

    private static let observables: [Observable] =
        [
            recorded(
                .subspaceScore, "max ‖M‖/√Q", "subspace score: largest cosine of a neuron with the target's subspace"),
            Observable(
                .rank, symbol: "rank M",
                meaning: "singular values of the matrix of cosines above 10/√d, at least 0.01",
                isRecordedAlongTrajectory: true, isCount: true),
            recorded(
                .signalToNoise, "|M|/σ",
                "signal to noise: largest overlap over its standard error, that of a sum over independent samples"),
            Observable(
                .detection, symbol: "detection",
                meaning: "whether signalToNoise exceeds 3: 0 hidden, 1 detected; not for rows drawn in full",
                isRecordedAlongTrajectory: true, regimes: [0: "hidden", 1: "detected"]),
            recorded(
                .overlapGrowth, "|r|", "overlap growth: largest |cos 1| over initialOverlap; null without one"),
            Observable(
                .escape, symbol: "escape",
                meaning: "what becomes of initialOverlap: 2 escaping where it has grown, 1 trapped, 0 out of reach "
                    + "where the samples are below the weak-recovery ratio too; null without one",
                isRecordedAlongTrajectory: true, regimes: [0: "out of reach", 1: "trapped", 2: "escaping"]),
            recorded(
                .parallelOverlap, "M∥", "parallel overlap: with E[y z], mean over neurons, signed as the second layer"),
            recorded(
                .orthogonalOverlap, "M⊥",
                "orthogonal overlap: with the target's directions beside E[y z], likewise; signed for k = 2, a norm beyond"
            ),
            recorded(.squaredNorm, "Q", "squared norm of a neuron's weights over d, mean over neurons"),
            recorded(.generalisationError, "ε", "generalisation error: E[(f − y)²]/2 on new data"),
            recorded(
                .trainingError, "ε_train",
                "training error: mean of (f − y)²/2 over the batch that the step uses; of the last step"),
        ]
        + (1...Target.dimensionLimit).map {
            recorded(.cosine($0), "cos \($0)", "largest |M_i\($0)|/√Q_ii over neurons i")
        }
        + (1...recordedSize).flatMap { i in
            (1...recordedSize).map {
                recorded(
                    .teacherOverlap(i, $0), "M\(i)\($0)", "overlap: of neuron \(i) with direction \($0), if p, k ≤ 4")
            }
        }
        + (1...recordedSize).flatMap { i in
            (i...recordedSize).map {
                recorded(.studentOverlap(i, $0), "Q\(i)\($0)", "overlap: of neurons \(i) and \($0), if p ≤ 4")
            }
        }
}

extension BatchReuse {
    enum Controls {
        static let target = Control<String>(
            "target", symbol: "g", .formula,
            meaning: "the teacher's function of z1 … z8 as a formula, such as z1 + He3(z2)/sqrt(6)")
        static let sampleRatio = Control<Double>(
            "sampleRatio", symbol: "α", .above(0, upTo: 1e4),
            meaning: "samples per step over the input dimension, n/d")
        static let learningRate = Control<Double>(
            "learningRate", symbol: "η", .above(0, upTo: 1e6),
            meaning: "step length; the loss is summed over the batch")
        static let ridge = Control<Double>(
            "ridge", symbol: "λ", .within(0...1e6), default: 0, meaning: "weights shrink by 1 − ηλ at every step")
        static let steps = Control<Int>("steps", symbol: "T", 1...stepLimit, default: 6, meaning: "gradient steps")
        static let schedule = Control<TrainingSchedule.Kind>(
            "protocol", default: .reuse,
            meaning:
                "which samples a step sees: the same batch, a fresh one, disjoint batches in turn, or a random part of "
                + "a fixed set")
        static let batches = Control<Int>(
            "batches", symbol: "B", 1...stepLimit, default: 1,
            meaning: "batches of `cyclic`; size of the data set over that of a batch for `replacement`")
        static let activation = Control<StudentActivation>(
            "activation", symbol: "s", default: .relu, meaning: "the student's activation; erf is erf(h/√2)")
        static let shift = Control<Double>(
            "shift", symbol: "b", .within(-100...100), default: 0, meaning: "constant added to every pre-activation")
        static let hidden = Control<Int>("hidden", symbol: "p", 1...hiddenLimit, default: 1, meaning: "hidden neurons")
        static let secondLayer = Control<PerLayer<Double>>(
            "secondLayer", symbol: "a", .within(-1e6...1e6), default: 1,
            meaning: "frozen second layer: a number is used with alternating signs, a list gives all p of them")
        static let initialisation = Control<TwoLayerStudent.Initialisation>(
            "initialisation", default: .orthonormal, meaning: "initial first layer")
        static let initialOverlap = Control<Double>(
            "initialOverlap", symbol: "m₀", .within(-1...1), default: 0,
            meaning: "cosine of every neuron with z1 at the start; not for random initial weights")
        static let dimension = Control<Int>(
            "dimension", symbol: "d", 2...10_000_000, default: 2000, meaning: "input dimension")
        static let inputs = Control<InputDistribution>(
            "inputs", default: .gaussian,
            meaning:
                "`gaussian` reveals the data as needed; `gaussian-explicit`, `rademacher` and `uniform` draw every row "
                + "again at every step; `mean-field` solves the limit d → ∞, each replica with a scramble of "
                + "quasi-random points of its own, and `dimension` decides only what stands out of the noise")

        static let all: [any AnyControl] = [
            target, sampleRatio, learningRate, ridge, steps, schedule, batches, activation, shift, hidden, secondLayer,
            initialisation, initialOverlap, dimension, inputs,
        ]
    }
}

extension Measure {
    static let subspaceScore = Measure("subspaceScore")
    static let rank = Measure("rank")
    static let signalToNoise = Measure("signalToNoise")
    static let detection = Measure("detection")
    static let overlapGrowth = Measure("overlapGrowth")
    static let escape = Measure("escape")
    static let parallelOverlap = Measure("parallelOverlap")
    static let orthogonalOverlap = Measure("orthogonalOverlap")
    static let generalisationError = Measure("generalisationError")
    static let trainingError = Measure("trainingError")

    /// The largest cosine with a direction, counted from 1.
    static func cosine(_ direction: Int) -> Measure { Measure("cosine", direction) }
    /// M of a neuron and a direction, both counted from 1.
    static func teacherOverlap(_ neuron: Int, _ direction: Int) -> Measure { Measure("M_\(neuron)", direction) }
    /// Q of two neurons, counted from 1.
    static func studentOverlap(_ first: Int, _ second: Int) -> Measure { Measure("Q_\(first)", second) }
}
