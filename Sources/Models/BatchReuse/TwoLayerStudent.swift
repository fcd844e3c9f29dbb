import PhaseSpace

/// A two-layer net f(x) = Σ a_i s(⟨w_i, x⟩/√d), whose first layer is trained by gradient descent on the sum over the batch
/// of (f − y)²/2 with step η and ridge λ, and everything else that an experiment on it fixes.
///
/// W ← (1 − ηλ) W − η Σ_μ F_μ x_μᵀ/√d with F_μi = a_i (f(x_μ) − y_μ) s′(h_μi). Batches have n = αd samples.
public struct TwoLayerStudent: Sendable, Hashable {
    public enum Initialisation: String, ControlChoice, Hashable {
        /// Rows orthonormal (times √d) and orthogonal to the teacher but for the initial overlap with z1.
        case orthonormal
        /// As `orthonormal` for the first half; the second half mirrors it with opposite second-layer weights, so that
        /// f = 0 at the start.
        case symmetric
        /// Independent standard normal entries.
        case random
    }

    public let target: Target
    public let activation: StudentActivation
    public let shift: Double
    /// a
    public let secondLayer: [Double]
    public let schedule: TrainingSchedule
    public let sampleRatio: Double
    public let learningRate: Double
    public let ridge: Double
    public let steps: Int
    public let initialisation: Initialisation
    public let initialOverlap: Double

    /// p
    public var hidden: Int { secondLayer.count }
    /// 1 − ηλ
    var shrinkage: Double { 1 - learningRate * ridge }

    public init(
        target: Target, activation: StudentActivation, shift: Double = 0, secondLayer: [Double],
        schedule: TrainingSchedule = TrainingSchedule(.reuse, batches: 1), sampleRatio: Double, learningRate: Double,
        ridge: Double = 0, steps: Int, initialisation: Initialisation = .orthonormal, initialOverlap: Double = 0
    ) {
        self.target = target
        self.activation = activation
        self.shift = shift
        self.secondLayer = secondLayer
        self.schedule = schedule
        self.sampleRatio = sampleRatio
        self.learningRate = learningRate
        self.ridge = ridge
        self.steps = steps
        self.initialisation = initialisation
        self.initialOverlap = initialOverlap
    }

    /// Overlaps with the teacher (p × k) and coefficients of the rest in an orthonormal basis (p × its dimension) at the
    /// start, both divided by √d; for random initial weights in the limit d → ∞.
    var initialWeights: (overlaps: [[Double]], rest: [[Double]]) {
        let (p, k) = (hidden, target.dimension)
        let overlap = initialisation == .random ? 0 : initialOverlap
        let distinct = initialisation == .symmetric ? p / 2 : p
        let overlaps = (0..<p).map { _ in (0..<k).map { $0 == 0 ? overlap : 0 } }
        let rest = (0..<p).map { i -> [Double] in
            let row = initialisation == .symmetric ? min(i, p - 1 - i) : i
            return (0..<distinct).map { $0 == row ? (1 - overlap * overlap).squareRoot() : 0 }
        }
        return (overlaps, rest)
    }
}

/// Order parameters of a student: overlaps M (p × k) and Q (p × p) at one step.
public struct StudentOverlaps: Sendable {
    public var teacher: [[Double]]
    public var student: [[Double]]

    /// M_ir/√Q_ii; a dead row's cosines are 0.
    public var cosines: [[Double]] {
        teacher.enumerated().map { i, row in
            let norm = student[i][i].squareRoot()
            return row.map { norm > 0 ? $0 / norm : 0 }
        }
    }

    /// max_i ‖M_i‖/√Q_ii.
    public var subspaceScore: Double {
        cosines.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }.max() ?? 0
    }
}
