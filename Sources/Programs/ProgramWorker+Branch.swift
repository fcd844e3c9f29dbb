import PhaseSpace
import Synchronization
import TinyNets

// Direction `branch`: the branch of the minimum that the program finds at the first point, followed over the grid.
extension ProgramWorker {
    /// Records an observation for each point of a chain; the first one carries the branch. Nothing where the run was stopped.
    /// - Throws: where the program cannot be started or the fuse has blown.
    func follow(_ chain: Chain, _ context: any RunContext) throws {
        let start = ContinuousClock.now
        var attempt = 0
        while !context.isCancelled {
            attempt += 1
            _ = try started(context)
            do throws(ProgramError) {
                let observations = try observations(chain, context)
                if context.isCancelled { return }
                run.fuse.noteFinished()
                // Shared among the points: no single one of them took it.
                let seconds = (ContinuousClock.now - start) / .seconds(chain.points.count)
                for observation in observations {
                    context.record(
                        Observation(
                            point: observation.point, outcome: observation.outcome, reason: observation.reason,
                            values: observation.values, branch: observation.branch, seconds: seconds))
                }
                return
            } catch {
                session = nil
                guard case .ended(_, let how, let log) = error else { throw error }
                guard attempt > 1 else { continue }
                for (index, point) in chain.points.enumerated() {
                    let reason = "the program \(how)" + (log.isEmpty ? "" : "; its log ends with\n" + log)
                    if index == 0, let value = point.controls[chain.axis] {
                        run.fuse.noteFailure(at: value, axis: chain.axis, reason: reason)
                    }
                    context.record(Observation(point: point, outcome: .failed, reason: reason, values: [:]))
                }
                return
            }
        }
    }

    private func observations(_ chain: Chain, _ context: any RunContext) throws(ProgramError) -> [Observation] {
        let grid = chain.points.compactMap { $0.controls[chain.axis]?.number }
        guard grid.count == chain.points.count, let low = grid.first, let high = grid.last, low < high else {
            var observations: [Observation] = []
            for index in chain.points.indices { observations.append(try coldMinimum(chain, index, context)) }
            return observations
        }
        var net: ProgramNet?
        var path: BranchPath?
        // Where order is at the upper end of the axis, the branch begins there.
        for index in [0, chain.points.count - 1] where path == nil && !context.isCancelled {
            let (answer, _) = try trained(chain, index, context)
            guard let session, let answer else { continue }
            do throws(ProgramError) {
                let here = try ProgramNet(
                    self, session, chain, index, answer, range: low...high, seeksZeroNet: true)
                // A net without function has no branch to be followed: it is what others are held against.
                if here.oracle.hasZeroNet, here.isZero { continue }
                let found = here.follower.follow(from: here.theta, at: grid[index], stops: grid) {
                    context.isCancelled || here.oracle.failure != nil
                }
                if let failure = here.oracle.failure { throw failure }
                if found.points.count > 1 { (net, path) = (here, found) }
            } catch {
                guard case .protocolBroken = error else { throw error }
            }
        }
        let rows = path.flatMap { path in net.map { net in path.points.map { row($0, net) } } } ?? []
        let branch = rows.isEmpty ? nil : FollowedBranch(axis: chain.axis, replica: chain.points[0].replica, rows: rows)
        var observations: [Observation] = []
        for (index, control) in grid.enumerated() {
            if context.isCancelled { return [] }
            let stable = (path?.atStops[control] ?? []).filter(\.isStable)
            if let net, let lowest = stable.min(by: { $0.loss < $1.loss }) {
                observations.append(
                    Observation(
                        point: chain.points[index], outcome: .converged,
                        values: net.values(at: lowest).compactMapValues { $0 }, branch: index == 0 ? branch : nil))
            } else {
                let cold = try coldMinimum(chain, index, context)
                observations.append(
                    Observation(
                        point: cold.point, outcome: cold.outcome, reason: cold.reason, values: cold.values,
                        branch: index == 0 ? branch : nil))
            }
        }
        if let failure = net?.oracle.failure { throw failure }
        return observations
    }

    private func row(_ found: BranchPath.Point, _ net: ProgramNet) -> BranchRow {
        BranchRow(
            arcLength: found.arcLength, control: found.control, isStable: found.isStable, event: found.event,
            uncertainty: found.uncertainty, values: net.values(at: found).compactMapValues { $0 })
    }

    // MARK: - Fresh starts

    /// What the program finds at one point of the chain, polished.
    private func coldMinimum(
        _ chain: Chain, _ index: Int, _ context: any RunContext
    ) throws(ProgramError) -> Observation {
        let (answer, reason) = try trained(chain, index, context)
        guard let session, var answer else {
            return Observation(point: chain.points[index], outcome: .stalled, reason: reason, values: [:])
        }
        do throws(ProgramError) {
            let net = try ProgramNet(self, session, chain, index, answer, seeksZeroNet: true)
            answer = try net.polished(answer)
        } catch {
            guard case .protocolBroken = error else { throw error }
            answer = answer.noted("\(error)")
        }
        return Observation(
            point: chain.points[index], outcome: Outcome(rawValue: answer.outcome) ?? .stalled,
            reason: answer.reason ?? "", values: (answer.values ?? [:]).compactMapValues { $0 })
    }

    /// The program's own answer with its weights; nil, with the reason, where it has none.
    func trained(
        _ chain: Chain, _ index: Int, _ context: any RunContext
    ) throws(ProgramError) -> (ProgramMessage.PointAnswer?, reason: String) {
        let listener = Listener(context)
        var flight = ProgramFlight(
            Chain(points: [chain.points[index]], axis: chain.axis), checkpoint: nil, folder: run.host.scratch)
        flight.isHeld = true
        var flights = [flight]
        try converse(&flights, listener)
        if let answer = flights[0].pending[0] { return (answer, "") }
        let reason = listener.reason
        return (nil, reason.isEmpty ? "the program reports no `theta` to begin a branch from" : reason)
    }

    /// Takes what a program says of a start that is none of the sweep's points.
    private final class Listener: RunContext {
        private let context: any RunContext
        private let said = Mutex("")

        init(_ context: any RunContext) { self.context = context }

        var reason: String { said.withLock { $0 } }
        func nextChain() -> Chain? { nil }
        func record(_ observation: Observation) { said.withLock { $0 = observation.reason } }
        func checkpoint(of chain: Chain) -> [UInt8]? { nil }
        func save(checkpoint: [UInt8], of chain: Chain) {}
        func whenKept(_ action: @escaping @Sendable () -> Void) { action() }
        var isCancelled: Bool { context.isCancelled }
    }
}
