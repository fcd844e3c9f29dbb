import GSLNumerics
import PhaseSpace

/// The limit d → ∞ at fixed n/d of gradient descent on batches: order parameters and errors over steps, with standard
/// errors from independent scrambles of the quasi-random points.
public struct DynamicalMeanField: Sendable {
    /// A number that is known with a standard error.
    public struct Value: Sendable {
        public let mean: Double
        public let standardError: Double
    }

    /// M[t][neuron][direction] and Q[t][i][j], the initial ones first.
    public let teacher: [[[Value]]]
    public let student: [[[Value]]]
    /// E[(f − y)²]/2 at every step.
    public let generalisationErrors: [Value]
    /// That of the samples that a step uses: one fewer.
    public let trainingErrors: [Value]
    /// d times the variances of M of one run, from the finite number of its samples, by step; empty unless asked for.
    public let noise: [[[Double]]]
    /// R(t, s), t and s below T, p × p row by row; absent where the steps see different data.
    public let response: [[[Value]?]]
    /// Whether all steps are there: false where the weights grew beyond bounds.
    public let isBounded: Bool

    /// Overlaps at a step.
    public func overlaps(_ t: Int) -> StudentOverlaps {
        StudentOverlaps(
            teacher: teacher[t].map { $0.map(\.mean) }, student: student[t].map { $0.map(\.mean) })
    }

    public var steps: Int { teacher.count - 1 }

    /// - Parameters:
    ///   - bits: 2^bits points per scramble, symmetric images included.
    ///   - scrambles: at least two.
    ///   - seed: of the scrambles.
    ///   - testing: whether generalisation errors are wanted.
    ///   - measuresNoise: whether variances of single runs are wanted.
    ///   - isSymmetric: whether points stand for their images under sign flips that leave the label unchanged.
    ///   - proposalScale: width of the teacher pre-activations' proposal; nil for one that suits the target.
    public init(
        _ student: TwoLayerStudent, bits: Int = 14, scrambles: Int = 8, seed: UInt64 = 1, testing: Bool = true,
        measuresNoise: Bool = false, isSymmetric: Bool = true, proposalScale: Double? = nil
    ) throws {
        precondition(scrambles >= 2, "an error needs at least two scrambles")
        let proposal =
            proposalScale.map { TeacherProposal(scale: $0, dimension: student.target.dimension) }
            ?? TeacherProposal(student.target)
        let flips = isSymmetric ? student.target.labelPreservingFlips : [0]
        let runs = (0..<scrambles).map { scramble in
            MeanFieldRun(
                student, proposal: proposal, flips: flips, bits: bits, seed: seed, key: UInt64(scramble),
                testing: testing, measuresNoise: measuresNoise)
        }
        func value(_ pick: (MeanFieldRun) -> Double) throws -> Value {
            let values = runs.map(pick)
            return Value(mean: try mean(values), standardError: try standardError(values))
        }
        let steps = runs.map { $0.overlaps.count }.min()!
        isBounded = runs.allSatisfy(\.isBounded)
        let (p, k) = (student.hidden, student.target.dimension)
        teacher = try (0..<steps).map { t in
            try (0..<p).map { i in try (0..<k).map { r in try value { $0.overlaps[t].teacher[i][r] } } }
        }
        self.student = try (0..<steps).map { t in
            try (0..<p).map { i in try (0..<p).map { j in try value { $0.overlaps[t].student[i][j] } } }
        }
        generalisationErrors = try (0..<(testing ? steps : 0)).map { t in try value { $0.generalisationErrors[t] } }
        noise = try (0..<(measuresNoise ? steps : 0)).map { t in
            try (0..<p).map { i in try (0..<k).map { r in try mean(runs.map { $0.noise[t][i][r] }) } }
        }
        let trained = min(steps, student.steps)
        trainingErrors = try (0..<trained).map { t in try value { $0.trainingErrors[t] } }
        response = try (0..<trained).map { t in
            try (0...t).map { s in
                guard runs[0].kernels.gradientResponse[t][s] != nil else { return nil }
                return try (0..<p * p).map { x in try value { $0.kernels.gradientResponse[t][s]![x] } }
            }
        }
    }
}
