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
        controls: controls, observables: observables, orderParameter: "subspaceScore",
        theoryCurves: [
            "equilibrium": "observables after the last step, d → ∞",
            "trajectory": "observables over steps, d → ∞ (dynamical mean-field theory)",
        ],
        trajectoryObservables: ["generalisationError"], starterSpec: starterSpec)

    static let hiddenLimit = 16
    static let stepLimit = 64
    /// Matrices are recorded entry by entry up to this size.
    static let recordedSize = 4

    private static let controls = [
        ControlParameter(
            "target", symbol: "g", kind: .formula, defaultValue: nil,
            meaning: "the teacher's function of z1 … z8 as a formula, such as z1 + He3(z2)/sqrt(6)"),
        ControlParameter(
            "sampleRatio", symbol: "α", kind: .real(0...1e4, excludingLow: true), defaultValue: nil,
            meaning: "samples per step over the input dimension, n/d"),
        ControlParameter(
            "learningRate", symbol: "η", kind: .real(0...1e6, excludingLow: true), defaultValue: nil,
            meaning: "step length; the loss is summed over the batch"),
        ControlParameter(
            "ridge", symbol: "λ", kind: .real(0...1e6), defaultValue: .number(0),
            meaning: "weights shrink by 1 − ηλ at every step"),
        ControlParameter(
            "steps", symbol: "T", kind: .integer(1...stepLimit), defaultValue: .number(6), meaning: "gradient steps"),
        ControlParameter(
            "protocol", symbol: "", kind: .choice(TrainingSchedule.Kind.allCases.map(\.rawValue)),
            defaultValue: .text("reuse"),
            meaning:
                "which samples a step sees: the same batch, a fresh one, disjoint batches in turn, or a random part of "
                + "a fixed set"),
        ControlParameter(
            "batches", symbol: "B", kind: .integer(1...stepLimit), defaultValue: .number(1),
            meaning: "batches of `cyclic`; size of the data set over that of a batch for `replacement`"),
        ControlParameter(
            "activation", symbol: "s", kind: .choice(StudentActivation.allCases.map(\.rawValue)),
            defaultValue: .text("relu"), meaning: "the student's activation; erf is erf(h/√2)"),
        ControlParameter(
            "shift", symbol: "b", kind: .real(-100...100), defaultValue: .number(0),
            meaning: "constant added to every pre-activation"),
        ControlParameter(
            "hidden", symbol: "p", kind: .integer(1...hiddenLimit), defaultValue: .number(1), meaning: "hidden neurons"),
        ControlParameter(
            "secondLayer", symbol: "a", kind: .realPerLayer(-1e6...1e6), defaultValue: .number(1),
            meaning: "frozen second layer: a number is used with alternating signs, a list gives all p of them"),
        ControlParameter(
            "initialisation", symbol: "", kind: .choice(TwoLayerStudent.Initialisation.allCases.map(\.rawValue)),
            defaultValue: .text("orthonormal"), meaning: "initial first layer"),
        ControlParameter(
            "initialOverlap", symbol: "m₀", kind: .real(-1...1), defaultValue: .number(0),
            meaning: "cosine of every neuron with z1 at the start; not for random initial weights"),
        ControlParameter(
            "dimension", symbol: "d", kind: .integer(2...10_000_000), defaultValue: .number(2000),
            meaning: "input dimension"),
        ControlParameter(
            "inputs", symbol: "", kind: .choice(InputDistribution.allCases.map(\.rawValue)),
            defaultValue: .text("gaussian"),
            meaning:
                "`gaussian` reveals the data as needed; `gaussian-explicit`, `rademacher` and `uniform` draw every row "
                + "again at every step; `mean-field` solves the limit d → ∞, each replica with a scramble of "
                + "quasi-random points of its own, and `dimension` decides only what stands out of the noise"),
    ]

    private static func recorded(_ name: String, _ symbol: String, _ meaning: String) -> Observable {
        Observable(name, symbol: symbol, meaning: meaning, isRecordedAlongTrajectory: true)
    }

    private static let observables: [Observable] =
        [
            recorded(
                "subspaceScore", "max ‖M‖/√Q", "subspace score: largest cosine of a neuron with the target's subspace"),
            Observable(
                "rank", symbol: "rank M",
                meaning: "singular values of the matrix of cosines above 10/√d, at least 0.01",
                isRecordedAlongTrajectory: true, isCount: true),
            recorded(
                "signalToNoise", "|M|/σ",
                "signal to noise: largest overlap over its standard error, that of a sum over independent samples"),
            Observable(
                "detection", symbol: "detection",
                meaning: "whether signalToNoise exceeds 3: 0 hidden, 1 detected; not for rows drawn in full",
                isRecordedAlongTrajectory: true, regimes: [0: "hidden", 1: "detected"]),
            recorded(
                "overlapGrowth", "|r|", "overlap growth: largest |cos 1| over initialOverlap; null without one"),
            Observable(
                "escape", symbol: "escape",
                meaning: "what becomes of initialOverlap: 2 escaping where it has grown, 1 trapped, 0 out of reach "
                    + "where the samples are below the weak-recovery ratio too; null without one",
                isRecordedAlongTrajectory: true, regimes: [0: "out of reach", 1: "trapped", 2: "escaping"]),
            recorded(
                "parallelOverlap", "M∥", "parallel overlap: with E[y z], mean over neurons, signed as the second layer"),
            recorded(
                "orthogonalOverlap", "M⊥",
                "orthogonal overlap: with the target's directions beside E[y z], likewise; signed for k = 2, a norm beyond"
            ),
            recorded("squaredNorm", "Q", "squared norm of a neuron's weights over d, mean over neurons"),
            recorded("generalisationError", "ε", "generalisation error: E[(f − y)²]/2 on new data"),
            recorded(
                "trainingError", "ε_train",
                "training error: mean of (f − y)²/2 over the batch that the step uses; of the last step"),
        ]
        + (1...Target.dimensionLimit).map {
            recorded("cosine_\($0)", "cos \($0)", "largest |M_i\($0)|/√Q_ii over neurons i")
        }
        + (1...recordedSize).flatMap { i in
            (1...recordedSize).map {
                recorded("M_\(i)_\($0)", "M\(i)\($0)", "overlap: of neuron \(i) with direction \($0), if p, k ≤ 4")
            }
        }
        + (1...recordedSize).flatMap { i in
            (i...recordedSize).map {
                recorded("Q_\(i)_\($0)", "Q\(i)\($0)", "overlap: of neurons \(i) and \($0), if p ≤ 4")
            }
        }

    private static let starterSpec = """
        # What a second look at the same batch tells. Run it with: landau run FILE
        title: A batch seen twice
        model: batch-reuse                     # `landau models batch-reuse` lists controls and observables
        seed: 1
        fixed:
          target: He3(z)/sqrt(6)               # a function of z1 … z8 (z: the same as z1)
          activation: erf
          secondLayer: 0.5
          learningRate: 0.5
          ridge: 2
          steps: 2
          dimension: 20000
        axes:
          protocol: [reuse, one-pass]          # the same batch twice, or a fresh one each time
          sampleRatio: {from: 0.01, to: 2, points: 24, spacing: log}   # n/d of a step's batch
        along: sampleRatio
        replicas: 16
        orderParameter: detection              # whether the direction stands out of the noise
        figures: [order-parameter]
        """
}
