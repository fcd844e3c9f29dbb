import PhaseSpace
import TinyNets

// Newton's method on a program's net, from where the program has left it.
extension ProgramWorker {
    /// Whether the program is asked for its weights.
    var wantsWeights: Bool { isPolishing && declaration?.isFollowed ?? false }

    /// Takes the answers that have waited for it.
    /// - Throws: where the program has ended; what is left waits on.
    func polish(
        _ flights: inout [ProgramFlight], _ session: ProgramSession, _ context: any RunContext
    ) throws(ProgramError) {
        for f in flights.indices where !flights[f].isHeld {
            for (index, answer) in flights[f].pending.sorted(by: { $0.key < $1.key }) {
                if context.isCancelled { return }
                var answer = try polished(answer, flights[f].chain, index, session)
                answer.theta = nil
                record(answer, &flights[f], index, context)
            }
        }
    }

    /// The answer at the minimum that Newton's method finds from the program's weights.
    private func polished(
        _ answer: ProgramMessage.PointAnswer, _ chain: Chain, _ index: Int, _ session: ProgramSession
    ) throws(ProgramError) -> ProgramMessage.PointAnswer {
        let net: ProgramNet
        do throws(ProgramError) {
            let zero = Observable.Name.zeroNetLoss
            let isWanted = declaration?.observables.contains { $0.name == zero } ?? false
            net = try ProgramNet(self, session, chain, index, answer, seeksZeroNet: isWanted)
        } catch {
            guard case .protocolBroken = error else { throw error }
            return answer.noted("\(error)")
        }
        return try net.polished(answer)
    }
}

/// A program's net at a point that it has trained.
struct ProgramNet {
    let theta: [Double]
    let control: Double
    let oracle: ProgramOracle
    let follower: BranchFollower
    private let declaration: ProgramDeclaration
    private let axis: String

    /// - Parameters:
    ///   - answer: the program's, with its weights.
    ///   - range: of the control, for branches; nil for the point alone.
    /// - Throws: `ProgramError`: `.protocolBroken` where the program does not answer for these weights.
    init(
        _ worker: ProgramWorker, _ session: ProgramSession, _ chain: Chain, _ index: Int,
        _ answer: ProgramMessage.PointAnswer, range: ClosedRange<Double>? = nil, seeksZeroNet: Bool
    ) throws(ProgramError) {
        let command = worker.run.command.text
        func broken(_ text: String) -> ProgramError { .protocolBroken(program: command, message: text) }
        guard let declaration = worker.declaration, let theta = answer.theta.flatMap(ProgramEvaluator.decode),
            !theta.isEmpty, theta.allSatisfy(\.isFinite)
        else { throw broken("`theta` must be the weights as float64 in base64") }
        guard declaration.parameterCount.map({ $0 == theta.count }) ?? true else {
            throw broken("`theta` has \(theta.count) weights, and `parameters` says \(declaration.parameterCount ?? 0)")
        }
        let point = chain.points[index]
        guard let control = point.controls[chain.axis]?.number,
            let parameter = declaration.controls.first(where: { $0.name == chain.axis }),
            case .real(let bounds) = parameter.kind
        else { throw broken("derivatives are asked for along a control that is a real number") }
        self.declaration = declaration
        self.theta = theta
        self.control = control
        axis = chain.axis
        let evaluator = ProgramEvaluator(session, run: worker.run, point: point, along: chain.axis)
        let range = range ?? control...control
        oracle = try ProgramOracle(
            evaluator, declaration, weights: theta, range: range, allowed: bounds.lowerBound...bounds.upperBound,
            seeksZeroNet: seeksZeroNet)
        follower = BranchFollower(oracle, range: range)
    }

    var isZero: Bool { theta.reduce(0) { $0 + $1 * $1 } <= 1e-12 }

    /// - Throws: where the program has ended.
    func polished(_ answer: ProgramMessage.PointAnswer) throws(ProgramError) -> ProgramMessage.PointAnswer {
        let found = follower.stationaryPoint(near: theta, at: control)
        let observables = found.map { values(at: $0) } ?? [:]
        if let failure = oracle.failure { throw failure }
        guard let found else { return answer.noted("not polished: Newton's method does not settle from these weights") }
        var answer = answer
        if !found.isStable {
            answer.outcome = Outcome.stalled.rawValue
            return answer.noted("a saddle: its lowest curvature is \(found.lowestCurvature)")
        }
        let moved = zip(found.weights, theta).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        // What the program has measured belongs to its own weights.
        let isNear = moved <= 1e-6 * (1 + found.squaredNorm.squareRoot())
        answer.values = (isNear ? answer.values ?? [:] : [:]).merging(observables) { $1 }
        answer.outcome = Outcome.converged.rawValue
        answer.reason = ""
        return answer
    }

    /// Observables at a stationary point: the loss, its derivatives along the control, and what the program reports there.
    func values(at found: BranchPath.Point) -> [String: Double?] {
        let names = Set(declaration.observables.map(\.name))
        var values: [String: Double?] = [:]
        for (name, value) in oracle.observables(found.weights, found.control) where names.contains(name) {
            values[name] = value
        }
        let derivatives = declaration.observables.filter { $0.derivative?.by == axis }
        let loss = derivatives.first?.derivative?.of ?? Observable.Name.loss
        if names.contains(loss) { values[loss] = found.loss }
        let zero = Observable.Name.zeroNetLoss
        if names.contains(zero), found.zeroNetLoss.isFinite { values[zero] = found.zeroNetLoss }
        for observable in derivatives where observable.derivative?.of == loss {
            values[observable.name] = observable.derivative?.order == 1 ? found.slope : found.curvature
        }
        return values
    }
}

extension ProgramDeclaration {
    /// Whether its net can be polished, and its branches followed.
    var isFollowed: Bool { evaluates.isSuperset(of: ["gradient", "hessianAction"]) }
}

extension ProgramMessage.PointAnswer {
    /// With a sentence more.
    func noted(_ text: String) -> ProgramMessage.PointAnswer {
        var answer = self
        answer.reason = [reason ?? "", text].filter { !$0.isEmpty }.joined(separator: "; ")
        return answer
    }
}
