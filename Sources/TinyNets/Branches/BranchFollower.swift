import GSLNumerics
import Kernels
import PhaseSpace

/// Follows the stationary points of one net along one control parameter, round folds and onto unstable parts
/// (pseudo-arclength continuation: Keller 1977).
///
/// Predictor: the tangent, from H dw = −∂a∇L da. Corrector: Newton on the hyperplane across it. Both are solved in the
/// subspace that the motion takes place in, where only the direction of a fold is singular, never a symmetry. For nets
/// whose loss is smooth.
public struct BranchFollower {
    public struct Settings: Sendable {
        /// Largest relative change of the control in one step.
        public var controlStep = 0.08
        /// Largest relative change of Σ‖W‖² in one step.
        public var normStep = 0.15
        /// Steps at most.
        public var maximumSteps = 2000
        /// Dimension at which the subspace of the motion is cut.
        public var subspaceLimit = 400
        /// Lanczos iterations for the lowest curvature of a row.
        public var lanczosLimit = 160

        public init() {}
    }

    /// Why a branch ends.
    public enum End: Sendable, Hashable {
        /// At the lower or upper end of the control's range.
        case rangeEnd
        /// It meets the zero net.
        case zeroNet
        /// It meets a branch of more symmetry, beyond which it is its own mirror image (units change signs or places).
        case branchPoint
        /// It has come back to its beginning.
        case closed
        /// Lost, with a sentence.
        case lost(String)
    }

    /// The most weights of a net whose branch points are looked for.
    public static let switchingLimit = BranchCollection.weightLimit

    let system: any BranchOracle
    let range: ClosedRange<Double>
    let settings: Settings
    /// What gradients are small against.
    var scale: Double { system.lossScale }

    /// A deep linear net on moments.
    /// - Parameters:
    ///   - range: of the control; the branch ends where it leaves it.
    ///   - problem: data, decays and noise at a value of the control, smooth in it, defined a little beyond the range
    ///     too.
    public init(
        shape: DeepLinearShape, range: ClosedRange<Double>, settings: Settings = Settings(),
        variant: KernelVariant = .current, problem: @escaping (Double) -> DeepLinearProblem
    ) {
        self.init(.general(shape), nil, range, settings, variant, problem)
    }

    /// A net through samples.
    /// - Parameters:
    ///   - range: of the control; the branch ends where it leaves it.
    ///   - gammas: decays at a value of the control, smooth in it, defined a little beyond the range too.
    public init(
        net: SampledNet, range: ClosedRange<Double>, settings: Settings = Settings(),
        variant: KernelVariant = .current, gammas: @escaping (Double) -> [Double]
    ) {
        let noises = Array(repeating: 0.0, count: net.shape.depth)
        let problem = { DeepLinearProblem(moments: net.moments, gammas: gammas($0), noises: noises) }
        self.init(net.packKind, { _ in net }, range, settings, variant, problem)
    }

    /// A net through samples that depend on the control.
    /// - Parameters:
    ///   - range: of the control; the branch ends where it leaves it.
    ///   - net: at a value of the control, its data smooth in it, defined a little beyond the range too. It is asked for
    ///     the same values again and again.
    public init(
        gammas: [Double], range: ClosedRange<Double>, settings: Settings = Settings(),
        variant: KernelVariant = .current, net: @escaping (Double) -> SampledNet
    ) {
        let noises = Array(repeating: 0.0, count: gammas.count - 1)
        let problem = { DeepLinearProblem(moments: net($0).moments, gammas: gammas, noises: noises) }
        self.init(net(range.lowerBound).packKind, net, range, settings, variant, problem)
    }

    private init(
        _ kind: PackKind, _ sampled: ((Double) -> SampledNet)?, _ range: ClosedRange<Double>, _ settings: Settings,
        _ variant: KernelVariant, _ problem: @escaping (Double) -> DeepLinearProblem
    ) {
        let oracle = LaneOracle(kind, sampled: sampled, range: range, variant: variant, problem: problem)
        self.init(oracle, range: range, settings: settings)
    }

    /// Any net that an oracle speaks for.
    /// - Parameter range: of the control; the branch ends where it leaves it.
    public init(_ oracle: any BranchOracle, range: ClosedRange<Double>, settings: Settings = Settings()) {
        system = oracle
        self.range = range
        self.settings = settings
    }

    /// The branch through a minimum, towards rising values of the control first; from the upper end of the range towards
    /// falling ones.
    ///
    /// - Parameters:
    ///   - weights: of a converged minimum at `control`.
    ///   - stops: values of the control at which stationary points are wanted too.
    /// - Returns: rows by arc length, events among them, and stationary points at the stops.
    public func follow(
        from weights: [Double], at control: Double, stops: [Double] = [], isCancelled: () -> Bool = { false }
    ) -> BranchPath {
        guard let start = corrected(weights, control) else {
            return BranchPath(points: [], end: .lost("The start is no stationary point to follow."))
        }
        var walk = BranchWalk(self, start: start)
        if control >= range.upperBound { walk = walk.reversed }
        walk.run(isCancelled: isCancelled)
        walk.refine()
        var path = BranchPath(points: walk.points, end: walk.end)
        var events = BranchEvents(self, walk: walk)
        events.add(to: &path, stops: stops, isCancelled: isCancelled)
        path.evaluations = system.evaluations
        return path
    }

    /// The branch through a minimum, as `follow` finds it, with others that are found from it.
    ///
    /// - Parameters:
    ///   - weights: of a converged minimum at `control`; nil where none is known.
    ///   - isSwitching: whether the branches that emanate from its branch points, and from theirs, are followed.
    ///   - training: minima that training finds: just beyond where one is lost, from its last weights, and at every stop,
    ///     without weights. Those on no known branch are followed both ways, and so on from where these are lost.
    /// - Returns: the branch through the minimum first, where it can be followed. One that emanates from another begins at
    ///   its branch point; one that others end on, the zero net among them, has these as branch points on its way. Both
    ///   sides of a pitchfork are images of each other, and one is returned. Where minima on two branches have equal loss
    ///   and no third branch is lower, both have an event `maxwell` at the same control.
    public func followAll(
        from weights: [Double]?, at control: Double, stops: [Double] = [], isSwitching: Bool = true,
        isCancelled: () -> Bool = { false }, training: (BranchLoss) -> [[Double]] = { _ in [] }
    ) -> [BranchPath] {
        var branches = BranchCollection(self, stops: stops, isSwitching: isSwitching)
        if let weights, let start = corrected(weights, control) {
            branches.run(from: start, isCancelled: isCancelled)
        }
        branches.goOn(by: training, isCancelled: isCancelled)
        branches.addEqualLosses(isCancelled: isCancelled)
        return branches.paths
    }

    /// What a change of the control is large against.
    var span: Double { Self.span(of: range) }

    public static func span(of range: ClosedRange<Double>) -> Double {
        max(range.upperBound - range.lowerBound, abs(range.upperBound), abs(range.lowerBound))
    }

    // MARK: - Corrector

    /// A stationary point with the direction of the branch there.
    struct Position {
        let state: BranchState
        /// Of norm 1 in the metric of the walk; empty before it is known.
        var tangent = Direction()
        /// Lowest eigenvalue of the Hessian in the subspace of the motion.
        var motionCurvature = 0.0
        /// Whether that is below zero beyond rounding: symmetric directions may leak in with curvature zero.
        var isUnstable = false

        var control: Double { state.control }
        var weights: [Double] { state.weights }

        /// The same on the way back.
        var reversed: Position {
            var result = self
            result.tangent = tangent.reversed
            return result
        }
    }

    struct Direction {
        var weights: [Double] = []
        var control = 0.0

        var reversed: Direction { Direction(weights: weights.map { -$0 }, control: -control) }
    }

    /// What a point has to fulfil beside ∇L = 0: ẇ·(w − w₀) + c² ȧ (a − a₀) = 0.
    struct Constraint {
        let direction: Direction
        let weights: [Double]
        let control: Double
        /// c, which makes a control comparable with weights.
        let unit: Double

        func value(_ w: [Double], _ a: Double) -> Double {
            var sum = direction.control * unit * unit * (a - control)
            for (i, d) in direction.weights.enumerated() { sum += d * (w[i] - weights[i]) }
            return sum
        }
    }

    /// A stationary point at a fixed control.
    func corrected(_ weights: [Double], _ control: Double) -> Position? {
        let fixed = Constraint(
            direction: Direction(weights: [], control: 1), weights: [], control: control, unit: 1)
        return corrected(weights, control, fixed)
    }

    /// Newton's method in the subspace of the motion, to the rounding floor of the gradient.
    func corrected(_ weights: [Double], _ control: Double, _ constraint: Constraint) -> Position? {
        var state = system.state(weights, control)
        var best: BranchState?
        for _ in 0..<12 {
            let size = state.gradientNorm
            guard size.isFinite, norm(state.weights) < 1e6 else { return nil }
            if let best, size >= 0.25 * best.gradientNorm, best.gradientNorm <= 1e-10 * scale {
                return Position(state: best)
            }
            if best.map({ size < $0.gradientNorm }) ?? true { best = state }
            if size <= 2e-16 * scale { break }
            let space = InvariantSubspace(
                system, spannedBy: spanning(state, constraint.direction), remainder: state.gradient,
                floor: max(1e-12 * scale, 0.1 * size), limit: settings.subspaceLimit)
            guard
                let step = solution(
                    space, space.hessian, state, constraint.direction, unit: constraint.unit,
                    right: space.coordinates(state.gradient).map { -$0 }
                        + [-constraint.value(state.weights, state.control)])
            else { return nil }
            let moved = zip(state.weights, space.vector(step.dropLast())).map { $0 + $1 }
            state = system.state(moved, state.control + step[step.count - 1])
        }
        guard let best, best.gradientNorm <= 1e-10 * scale else { return nil }
        return Position(state: best)
    }

    /// What the subspace is to hold, and the weights of single layers: they have the point's symmetry too, and with more
    /// vectors to begin with the lanes are filled.
    private func spanning(_ state: BranchState, _ direction: Direction) -> [[Double]] {
        let needed = direction.weights.isEmpty ? [state.drive] : [state.drive, direction.weights]
        return needed + system.layers(of: state.weights)
    }

    /// Solves [H b; ẇᵀ c²ȧ] (dw, da) = right in the subspace; the last number is da.
    private func solution(
        _ space: InvariantSubspace, _ hessian: [Double], _ state: BranchState, _ direction: Direction,
        unit: Double, right: [Double]
    ) -> [Double]? {
        let k = space.count
        let drive = space.coordinates(state.drive)
        let across = direction.weights.isEmpty ? Array(repeating: 0, count: k) : space.coordinates(direction.weights)
        var matrix: [Double] = []
        matrix.reserveCapacity((k + 1) * (k + 1))
        for i in 0..<k {
            matrix += hessian[i * k..<(i + 1) * k]
            matrix.append(drive[i])
        }
        matrix += across + [unit * unit * direction.control]
        return try? minimumNormSolution(matrix, right, cutoff: 1e-10)
    }

    // MARK: - Tangent

    /// The direction of the branch at a position, on the side of another direction.
    /// - Parameter forward: of norm 1; without weights where only the sense along the control is known.
    func tangent(at position: Position, forward: Direction, unit: Double) -> Position? {
        let state = system.state(position.weights, position.control)
        let space = InvariantSubspace(
            system, spannedBy: spanning(state, forward), remainder: [Double](repeating: 0, count: state.weights.count),
            floor: 0, limit: settings.subspaceLimit)
        let right = [Double](repeating: 0, count: space.count) + [1]
        let hessian = space.hessian
        guard let raw = solution(space, hessian, state, forward, unit: unit, right: right) else { return nil }
        let a = raw[raw.count - 1]
        let weights = space.vector(raw.dropLast())
        let length = (dot(weights, weights) + unit * unit * a * a).squareRoot()
        guard length.isFinite, length > 0,
            let spectrum = try? symmetricEigenSystem(hessian, order: space.count)
        else { return nil }
        var result = Position(state: state)
        result.tangent = Direction(weights: weights.map { $0 / length }, control: a / length)
        result.motionCurvature = spectrum.values.first ?? 0
        result.isUnstable = result.motionCurvature < -1e-9 * max(abs(spectrum.values.last ?? 0), 1e-300)
        return result
    }
}
