import PhaseSpace
import Synchronization

/// The model `batch-reuse`: a two-layer net learns a multi-index target from few large batches.
///
/// Gaussian data are never stored: runs at finite d cost n(pT)² operations whatever d is, and the limit d → ∞ is exact
/// dynamical mean-field theory.
public final class BatchReuse: Model {
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

        init(_ controls: [String: ControlValue]) throws(ControlError) {
            func number(_ name: String) throws(ControlError) -> Double {
                guard let x = controls[name]?.number else {
                    throw ControlError(control: name, message: "`\(name)` is missing")
                }
                return x
            }
            func choice<Choice: RawRepresentable>(
                _ name: String, _: Choice.Type
            ) throws(ControlError) -> Choice where Choice.RawValue == String {
                guard let value = controls[name]?.text.flatMap(Choice.init) else {
                    throw ControlError(control: name, message: "`\(name)` is missing")
                }
                return value
            }
            guard let text = controls["target"]?.text else {
                throw ControlError(control: "target", message: "`target` is missing: a formula such as z1*z2")
            }
            let hidden = Int(try number("hidden"))
            let kind = try choice("protocol", TrainingSchedule.Kind.self)
            let batches = Int(try number("batches"))
            guard batches == 1 || kind == .cyclic || kind == .replacement else {
                throw ControlError(
                    control: "batches",
                    message: "`batches` belongs to the protocols cyclic and replacement, not \(kind.rawValue)")
            }
            let initialisation = try choice("initialisation", TwoLayerStudent.Initialisation.self)
            if initialisation == .symmetric, hidden % 2 != 0 {
                throw ControlError(
                    control: "initialisation", message: "symmetric initial weights need an even `hidden`, not \(hidden)"
                )
            }
            student = TwoLayerStudent(
                target: try Target(control: text), activation: try choice("activation", StudentActivation.self),
                shift: try number("shift"),
                secondLayer: try Self.secondLayer(controls["secondLayer"], hidden, initialisation),
                schedule: TrainingSchedule(kind, batches: batches), sampleRatio: try number("sampleRatio"),
                learningRate: try number("learningRate"), ridge: try number("ridge"), steps: Int(try number("steps")),
                initialisation: initialisation, initialOverlap: try number("initialOverlap"))
            dimension = Int(try number("dimension"))
            inputs = try choice("inputs", InputDistribution.self)
        }

        private static func secondLayer(
            _ value: ControlValue?, _ hidden: Int, _ initialisation: TwoLayerStudent.Initialisation
        ) throws(ControlError) -> [Double] {
            switch value {
            case .number(let a):
                // The mirrored half of a symmetric net has opposite signs.
                return (0..<hidden).map { i in
                    let mirrored = initialisation == .symmetric && i >= hidden / 2
                    let place = mirrored ? hidden - 1 - i : i
                    return (place % 2 == 0) != mirrored ? a : -a
                }
            case .list(let list) where list.count == hidden: return list
            case .list(let list):
                throw ControlError(
                    control: "secondLayer",
                    message: "`secondLayer` has \(list.count) values for \(hidden) hidden neurons: give one for each")
            default: throw ControlError(control: "secondLayer", message: "`secondLayer` is missing")
            }
        }
    }

    // MARK: - Points

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        let setting = try Setting(controls)
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
        "\(chain.points[0].controls["target"]!)"
    }

    public func run(_ context: any RunContext) throws {
        while let chain = context.nextChain() {
            for point in chain.points {
                if context.isCancelled { return }
                context.record(try observation(at: point))
            }
        }
    }
}
