import PhaseSpace
import Synchronization

/// The model `batch-reuse`: a two-layer net learns a multi-index target from few large batches.
///
/// Gaussian data are never stored: runs at finite d cost n(pT)² operations whatever d is, and the limit d → ∞ is exact
/// dynamical mean-field theory.
public final class BatchReuse: StaticModel {
    let settings: ModelSettings
    /// Solved limits: figures and verdicts ask for the same ones.
    let limits = Mutex<[TwoLayerStudent: DynamicalMeanField]>([:])
    /// E[y z] and weak-recovery ratios of targets.
    let moments = Mutex<[Target: [Double]]>([:])
    let recoveries = Mutex<[Target: Double]>([:])
    /// Exact transitions: every replica has the same ones.
    let exact = Mutex<[CurveKey: [Transition]]>([:])

    public init(settings: ModelSettings) { self.settings = settings }

    /// Controls of a point, read and checked against each other.
    struct Setting: Sendable {
        let student: TwoLayerStudent
        let dimension: Int
        let inputs: InputDistribution

        init(_ controls: ControlReader) throws(ControlError) {
            guard controls.sets(Controls.target) else {
                throw ControlError(
                    control: Controls.target.name, message: "`target` is missing: a formula such as z1*z2")
            }
            let hidden = try controls[Controls.hidden]
            let kind = try controls[Controls.schedule]
            let batches = try controls[Controls.batches]
            guard batches == 1 || kind == .cyclic || kind == .replacement else {
                throw ControlError(
                    control: Controls.batches.name,
                    message: "`batches` belongs to the protocols cyclic and replacement, not \(kind.rawValue)")
            }
            let initialisation = try controls[Controls.initialisation]
            if initialisation == .symmetric, hidden % 2 != 0 {
                throw ControlError(
                    control: Controls.initialisation.name,
                    message: "symmetric initial weights need an even `hidden`, not \(hidden)")
            }
            student = TwoLayerStudent(
                target: try Target(control: try controls[Controls.target]),
                activation: try controls[Controls.activation], shift: try controls[Controls.shift],
                secondLayer: try Self.secondLayer(try controls[Controls.secondLayer], hidden, initialisation),
                schedule: TrainingSchedule(kind, batches: batches), sampleRatio: try controls[Controls.sampleRatio],
                learningRate: try controls[Controls.learningRate], ridge: try controls[Controls.ridge],
                steps: try controls[Controls.steps], initialisation: initialisation,
                initialOverlap: try controls[Controls.initialOverlap])
            dimension = try controls[Controls.dimension]
            inputs = try controls[Controls.inputs]
        }

        private static func secondLayer(
            _ values: PerLayer<Double>, _ hidden: Int, _ initialisation: TwoLayerStudent.Initialisation
        ) throws(ControlError) -> [Double] {
            switch values {
            case .all(let a):
                // The mirrored half of a symmetric net has opposite signs.
                return (0..<hidden).map { i in
                    let mirrored = initialisation == .symmetric && i >= hidden / 2
                    let place = mirrored ? hidden - 1 - i : i
                    return (place % 2 == 0) != mirrored ? a : -a
                }
            case .each(let list) where list.count == hidden: return list
            case .each(let list):
                throw ControlError(
                    control: Controls.secondLayer.name,
                    message: "`secondLayer` has \(list.count) values for \(hidden) hidden neurons: give one for each")
            }
        }
    }

    // MARK: - Points

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        let setting = try Setting(ControlReader(controls))
        guard setting.inputs != .meanField else {
            guard setting.student.initialisation != .random else {
                throw ControlError(
                    control: "initialisation",
                    message: "random initial weights have no overlap in the limit d → ∞: use orthonormal or symmetric "
                        + "with `inputs: mean-field`")
            }
            return
        }
        let revealed = BatchReuseSimulation.revealedDirections(setting.student)
        guard setting.dimension > revealed else {
            throw ControlError(
                control: "dimension",
                message: "`dimension` \(setting.dimension) is too small for \(setting.student.steps) steps of "
                    + "\(setting.student.hidden) neurons: at least \(revealed + 1)")
        }
        let samples = Double(BatchReuseSimulation.samples(setting.student.sampleRatio, setting.dimension))
        let bytes = 8 * samples * Double(setting.student.schedule.dataSetSize * 3 * revealed)
        try MemoryLimit.check(bytes, control: "dimension", lower: "`dimension`, `sampleRatio`, `hidden` or `steps`")
    }

    public func packKey(of chain: Chain) -> String {
        // Runs share nothing but the target's moments: one group per target keeps all threads busy.
        (try? chain.points[0].reader[Controls.target]) ?? ""
    }

    public func run(_ context: any RunContext) throws {
        while let chain = context.nextChain() {
            for point in chain.points {
                if context.isCancelled { return }
                do {
                    context.record(try observation(at: point, isCancelled: { context.isCancelled }))
                } catch is CancellationError {
                    return
                }
            }
        }
    }
}
