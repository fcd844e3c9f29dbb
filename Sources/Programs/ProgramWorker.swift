import Foundation
import OrderedCollections
import PhaseSpace
import Support

/// One child of a run with the conversation about its chains. It lives from the first chain to the run's end.
package final class ProgramWorker: ModelWorker, @unchecked Sendable {
    /// Seconds that a program has to stop when it is asked to.
    static let patience = 10
    let run: ProgramRun
    private let number: Int
    var session: ProgramSession?
    private(set) var declaration: ProgramDeclaration?
    /// Whether minima are sought from the weights that the program reports, where it can be asked about them.
    var isPolishing = true
    private var outcomes: [String: Outcome] = [:]
    private var batchNumber = 0

    package init(_ run: ProgramRun, number: Int) {
        self.run = run
        self.number = number
        outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, $0) })
    }

    package func end() {
        session?.stop(within: Self.patience)
        session = nil
    }

    /// Pulls chains until none is left and has the program train them.
    /// - Throws: where the program cannot be started or the fuse has blown.
    package func run(_ context: any RunContext) throws {
        while !context.isCancelled {
            try run.fuse.check()
            guard let first = context.nextChain() else { return }
            if first.direction == .branch {
                try follow(first, context)
                continue
            }
            var flights = [ProgramFlight(first, checkpoint: context.checkpoint(of: first), folder: run.host.scratch)]
            let limit = try started(context).batch
            while flights.count < limit, let chain = context.nextChain() {
                flights.append(
                    ProgramFlight(chain, checkpoint: context.checkpoint(of: chain), folder: run.host.scratch))
            }
            try train(&flights, context)
        }
    }

    // MARK: - Starting

    func started(_ context: any RunContext) throws -> ProgramDeclaration {
        if let declaration, session != nil { return declaration }
        while true {
            try run.fuse.check()
            do throws(ProgramError) {
                let (session, declaration) = try run.session(number) { context.isCancelled }
                self.session = session
                self.declaration = declaration
                return declaration
            } catch {
                guard case .ended = error, !context.isCancelled else { throw error }
                run.fuse.noteFailedStart("\(error)")
            }
        }
    }

    // MARK: - Training

    func train(_ flights: inout [ProgramFlight], _ context: any RunContext) throws {
        do throws(ProgramError) {
            try converse(&flights, context)
        } catch {
            session = nil
            guard case .ended(_, let how, let log) = error else { throw error }
            // Nobody knows which chain of a batch it died of: each is trained alone from here on.
            for index in flights.indices where !flights[index].isFinished {
                let isAlone = flights.count == 1
                try trainAlone(&flights[index], context, after: isAlone ? how : nil, log: isAlone ? log : "")
            }
        }
    }

    private func trainAlone(
        _ flight: inout ProgramFlight, _ context: any RunContext, after how: String?, log: String
    ) throws {
        var (how, log) = (how, log)
        while !flight.isFinished, !context.isCancelled {
            if let how, let current = flight.current {
                flight.crashes[current, default: 0] += 1
                if flight.crashes[current, default: 0] >= 2 {
                    flight.skipped.insert(current)
                    fail(
                        &flight, current, "the program \(how)" + (log.isEmpty ? "" : "; its log ends with\n" + log),
                        context)
                    continue
                }
            }
            try run.fuse.check()
            _ = try started(context)
            var alone = [flight]
            defer { flight = alone[0] }
            do throws(ProgramError) {
                try converse(&alone, context)
                return
            } catch {
                session = nil
                guard case .ended(_, let words, let tail) = error else { throw error }
                (how, log) = (words, tail)
            }
        }
    }

    /// Sends the chains and takes in answers until all is said or the program has ended.
    func converse(_ flights: inout [ProgramFlight], _ context: any RunContext) throws(ProgramError) {
        guard let session else { return }
        batchNumber += 1
        for index in flights.indices { flights[index].begin() }
        let flags = declaration?.flags ?? []
        try session.send(
            [
                "type": "run", "batch": .number(Double(batchNumber)), "want": wantsWeights ? ["theta"] : [],
                "chains": .list(flights.map { $0.json(seed: run.seed, flags: flags) }),
            ], { context.isCancelled })
        var lastWord = ContinuousClock.now
        var stopsAt: ContinuousClock.Instant?
        var isWarned = false
        while true {
            if context.isCancelled, stopsAt == nil {
                try session.send(["type": "stop", "within": .number(Double(Self.patience))])
                stopsAt = .now + .seconds(Self.patience)
            }
            if let stopsAt, ContinuousClock.now > stopsAt {
                session.child.end()
                self.session = nil
                return
            }
            switch try session.receive(within: 100) {
            case .silence:
                let silence = ContinuousClock.now - lastWord
                if let limit = run.program.pointSeconds, silence > .seconds(limit) { throw timeOut(session, limit) }
                if silence > .seconds(600), !isWarned {
                    isWarned = true
                    complain(
                        "\(run.command.text) has been silent for ten minutes; its log ends with\n\(session.child.log.text)"
                    )
                }
                continue
            case .mistake(let text): complain("\(run.command.text): \(text)")
            case .message(let message):
                if case .stopped = message {
                    session.child.end(afterMilliseconds: 1000)
                    self.session = nil
                    return
                }
                if take(message, &flights, context) { return try polish(&flights, session, context) }
            }
            do throws(ProgramError) { try run.fuse.check() } catch {
                session.stop(within: 1)
                self.session = nil
                throw error
            }
            lastWord = .now
        }
    }

    private func timeOut(_ session: ProgramSession, _ seconds: Int) -> ProgramError {
        session.child.end()
        return .ended(
            program: run.command.text, how: "gave no answer within \(seconds) s (`timeout: {point: …}`)",
            log: session.child.log.text)
    }

    /// - Returns: whether the batch is done.
    private func take(
        _ message: ProgramMessage, _ flights: inout [ProgramFlight], _ context: any RunContext
    ) -> Bool {
        switch message {
        case .point(let answer):
            guard let (f, index) = place(of: answer.id, in: flights) else { return false }
            record(answer, &flights[f], index, context)
        case .failed(let failure):
            for id in failure.points {
                guard let (f, index) = place(of: id, in: flights) else { continue }
                fail(&flights[f], index, failure.message, context)
            }
        case .save(let save): keep(save, &flights, context)
        case .log(_, let message): complain("\(run.command.text): \(message)")
        case .done(let batch):
            guard batch == batchNumber else { return false }
            for f in flights.indices {
                for index in flights[f].chain.points.indices where flights[f].pending[index] == nil {
                    fail(&flights[f], index, "no answer", context)
                }
            }
            return true
        default: break
        }
        return false
    }

    private func place(of id: String, in flights: [ProgramFlight]) -> (Int, Int)? {
        for f in flights.indices {
            if let index = flights[f].index(ofPoint: id) { return (f, index) }
        }
        complain("\(run.command.text) answered for the point `\(id)`, which was not asked for")
        return nil
    }

    // MARK: - Answers

    func record(
        _ answer: ProgramMessage.PointAnswer, _ flight: inout ProgramFlight, _ index: Int, _ context: any RunContext
    ) {
        guard let outcome = outcomes[answer.outcome], outcome != .failed else {
            let known = Outcome.allCases.filter { $0 != .failed }.map(\.rawValue)
            return fail(
                &flight, index, "there is no outcome `\(answer.outcome)`; outcomes: \(known.joined(separator: ", "))",
                context)
        }
        let values = (answer.values ?? [:]).compactMapValues { $0 }
        let names = Set(declaration?.observables.map(\.name) ?? [])
        if let stranger = values.keys.sorted().first(where: { !names.contains($0) }) {
            return fail(
                &flight, index,
                "the program reported `\(stranger)`, which it does not declare"
                    + nearestHint(to: stranger, among: names.sorted()), context)
        }
        let isAwaited = wantsWeights && answer.theta != nil && outcome != .diverged && outcome != .dead
        guard isAwaited ? flight.postpone(index, answer) : flight.answer(index, failed: false) else {
            if flight.known.contains(index) { return }
            return complain("\(run.command.text) answered twice for the point `\(answer.id)`; the first answer stands")
        }
        if isAwaited { return }
        run.fuse.noteFinished()
        let gap = flight.gapReason(at: index)
        let reason = [answer.reason ?? "", gap].filter { !$0.isEmpty }.joined(separator: "; ")
        context.record(
            Observation(
                point: flight.chain.points[index], outcome: outcome, reason: reason, values: values,
                trajectory: Self.rows(of: answer.series ?? [:], declared: names), seconds: answer.seconds ?? 0))
        if flight.isFinished { removeStates([flight.state?.name], context) }
    }

    private static func rows(of series: [String: [Double?]], declared names: Set<String>) -> [TrajectoryRow] {
        guard let steps = series["step"] else { return [] }
        return steps.indices.compactMap { row in
            guard let step = steps[row], abs(step) < 0x1p53 else { return nil }
            var values: [String: Double] = [:]
            for (name, column) in series where name != "step" && names.contains(name) && row < column.count {
                values[name] = column[row]
            }
            return TrajectoryRow(step: Int(step), values: values)
        }
    }

    func fail(_ flight: inout ProgramFlight, _ index: Int, _ reason: String, _ context: any RunContext) {
        guard flight.answer(index, failed: true) else { return }
        run.fuse.noteFailure(at: flight.value(at: index), axis: flight.chain.axis, reason: reason)
        context.record(Observation(point: flight.chain.points[index], outcome: .failed, reason: reason, values: [:]))
        if flight.isFinished { removeStates([flight.state?.name], context) }
    }

    private func keep(_ save: ProgramMessage.Save, _ flights: inout [ProgramFlight], _ context: any RunContext) {
        guard let f = flights.firstIndex(where: { $0.name == save.chain }), let done = Int(exactly: save.done),
            (1...flights[f].chain.points.count).contains(done), Self.isBareName(save.state)
        else {
            return complain(
                "\(run.command.text): a saved state needs the chain's id, the number of points done, and a bare file "
                    + "name of letters, digits, `.`, `_` or `-`, not `\(save.state)`")
        }
        // The points before it are not kept yet, so that a run that is stopped begins the chain anew.
        guard flights[f].pending.isEmpty else { return removeStates([save.state], context) }
        let old = flights[f].state?.name
        flights[f].state = (save.state, done)
        // The store must have heard of the new state before the one that it knows goes.
        if flights[f].isFinished {
            removeStates([old, save.state], context)
        } else {
            context.save(checkpoint: flights[f].checkpoint, of: flights[f].chain)
            if old != save.state { removeStates([old], context) }
        }
    }

    private func removeStates(_ names: [String?], _ context: any RunContext) {
        let files = names.compactMap { $0.map { run.host.scratch + "/" + $0 } }
        guard !files.isEmpty else { return }
        context.whenKept { for file in files { unlink(file) } }
    }

    private static func isBareName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128 && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
            }
    }

    private func complain(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("landau: \(text)\n".utf8))
    }
}
