import OrderedCollections
import PhaseSpace
import Support
import Synchronization

/// Questions to the exact theory of a program, which is started with the first one.
final class ProgramTheory: Sendable {
    private let host: ProgramHost
    private let command: ProgramCommand
    private let program: ProgramSettings
    private let declaration: ProgramDeclaration

    private struct Open {
        var session: ProgramSession?
        var settings: JSONValue = .null
        var number = 0
    }
    private let open: Mutex<Open>

    init(
        _ host: ProgramHost, _ command: ProgramCommand, _ program: ProgramSettings, _ declaration: ProgramDeclaration
    ) {
        self.host = host
        self.command = command
        self.program = program
        self.declaration = declaration
        open = Mutex(Open())
    }

    private struct Question {
        var controls: OrderedDictionary<String, JSONValue> = [:]
        var sections: OrderedDictionary<String, OrderedDictionary<String, JSONValue>> = [:]
        var replica = JSONValue.null

        var settings: JSONValue { .object(sections.mapValues { .object($0) }) }
    }

    /// - Parameter query: controls by name, `replica`, and settings as `data.samples`.
    /// - Throws: `ControlError` for a member that is none or has no such value; `ProgramError`.
    func answer(_ query: JSONValue) throws -> JSONValue {
        guard declaration.hasTheory else { throw ProgramError.noTheory(command.text) }
        let question = try read(query)
        return try open.withLock { open in
            do { return try ask(question, &open) } catch {
                // After a fault nothing is known of what it would answer next.
                open.session?.stop(within: 1)
                open.session = nil
                throw error
            }
        }
    }

    private func ask(_ question: Question, _ open: inout Open) throws(ProgramError) -> JSONValue {
        let session = try session(question.settings, &open)
        open.number += 1
        try session.send([
            "type": "theory", "id": .text("\(open.number)"), "controls": .object(question.controls),
            "replica": question.replica,
        ])
        let values = try session.theory("\(open.number)", within: program.pointSeconds ?? ProgramSession.usualStart)
        return .object(
            OrderedDictionary(
                declaration.observables.compactMap { observable in
                    values[observable.name].map { (observable.name, .number($0)) }
                }, uniquingKeysWith: { $1 }))
    }

    private func session(_ settings: JSONValue, _ open: inout Open) throws(ProgramError) -> ProgramSession {
        if let session = open.session, open.settings == settings { return session }
        open.session?.stop(within: 1)
        let session = try host.start(command, program, worker: 0)
        let seconds = program.startSeconds ?? ProgramSession.usualStart
        _ = try session.declare(landau: host.landau, within: seconds)
        try session.open(
            seed: 1, precision: declaration.precisions.first ?? .double, effort: 1, settings: settings,
            folder: command.folder, scratch: host.scratch, within: seconds)
        open.session = session
        open.settings = settings
        return session
    }

    private func read(_ query: JSONValue) throws(ControlError) -> Question {
        var question = Question()
        let keys = declaration.settings.flatMap { section, keys in keys.map { (section, $0) } }
        for (section, key) in keys {
            let value = try value(of: key, query["\(section).\(key.name)"])
            if let value { question.sections[section, default: [:]][key.name] = value }
        }
        for control in declaration.controls {
            guard let value = try value(of: control, query[control.name]) else {
                throw ControlError(
                    control: control.name, message: "`\(control.name)` is missing: \(control.requirement)")
            }
            question.controls[control.name] = value
        }
        if let replica = query["replica"] {
            guard let number = replica.number, number == number.rounded(), (0..<0x1p31).contains(number) else {
                throw ControlError(control: "replica", message: "`replica` must be a whole number from 0")
            }
            question.replica = replica
        }
        let known = declaration.controls.map(\.name) + keys.map { "\($0.0).\($0.1.name)" } + ["replica"]
        for name in query.object?.keys ?? [] where !known.contains(name) {
            throw ControlError(
                control: name,
                message: "there is no `\(name)`\(nearestHint(to: name, among: known)); keys: "
                    + known.joined(separator: ", "))
        }
        return question
    }

    private func value(of parameter: ControlParameter, _ given: JSONValue?) throws(ControlError) -> JSONValue? {
        guard let given else { return parameter.defaultValue.map { parameter.inProtocol($0.json) } }
        let plain: JSONValue
        if case .bool(let flag) = given { plain = .text(flag ? "true" : "false") } else { plain = given }
        guard let value = ControlValue(plain) else {
            throw ControlError(
                control: parameter.name,
                message: "`\(parameter.name)` must be \(parameter.requirement), not \(given.serialized())")
        }
        try parameter.check(value)
        return parameter.inProtocol(value.json)
    }
}

extension ProgramSession {
    /// The values of an answer to `theory`.
    /// - Throws: `ProgramError`.
    func theory(_ id: String, within seconds: Int) throws(ProgramError) -> [String: Double] {
        func isAnswer(_ message: ProgramMessage) -> Bool {
            switch message {
            case .theory(id, _): true
            case .failed(let failure): failure.points.contains(id)
            default: false
            }
        }
        let answer = try awaited("an answer to `theory`", within: seconds, { false }, isAnswer)
        switch answer {
        case .theory(_, let values): return values
        case .failed(let failure): throw broken("`theory` failed: \(failure.message)")
        default: throw broken("no answer to `theory`")
        }
    }
}
