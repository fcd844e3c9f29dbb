import OrderedCollections
import PhaseSpace
import Support

/// A model whose points a program trains: its workers own a child each.
struct ProgramModel: Model {
    let declaration: ModelDeclaration
    let dataFingerprint: String
    let record: JSONValue?
    let program: ProgramDeclaration
    let run: ProgramRun

    /// Hands the settings over to the first child, which waits for its first chain from then on.
    /// - Throws: `ControlError` where the program refuses a setting; `ProgramError`.
    init(
        _ host: ProgramHost, _ command: ProgramCommand, _ settings: ProgramSettings, _ model: ModelSettings,
        _ session: ProgramSession
    ) throws {
        let program: ProgramDeclaration
        if let declared = session.declaration {
            program = declared
        } else {
            program = try session.declare(
                landau: host.landau, within: settings.startSeconds ?? ProgramSession.usualStart)
        }
        self.program = program
        declaration = program.model(of: command)
        run = ProgramRun(
            command: command, host: host, program: settings, seed: model.seed, precision: model.precision,
            effort: model.effort, settings: program.sections(of: model))
        do throws(ProgramError) { try run.open(session) } catch {
            guard case .refused(let key, let message) = error else { throw error }
            throw ControlError(control: key, message: "\(command.text) refuses this: \(message)")
        }
        run.first.withLock { $0 = session }
        dataFingerprint = session.fingerprint
        record = [
            "declaration": program.json, "fingerprint": .text(session.fingerprint),
            "code": .object(
                OrderedDictionary(
                    try command.hashes(watching: settings.watch).map { ($0, .text($1)) }, uniquingKeysWith: { $1 })),
            "device": .text(session.device),
            "versions": .object(
                OrderedDictionary(
                    uniqueKeysWithValues: session.versions.sorted { $0.key < $1.key }.map { ($0, .text($1)) })),
        ]
    }

    func worker(_ number: Int) throws -> any ModelWorker { ProgramWorker(run, number: number) }

    func run(_ context: any RunContext) throws { preconditionFailure("a program's workers run its chains") }

    /// Chains of one message are alike in what the program asks for, and in kind and length.
    func packKey(of chain: Chain) -> String {
        guard program.batch > 1 else { return "" }
        let values = program.packBy.map { chain.points[0].controls[$0]?.json.canonical ?? "" }
        let kind = chain.direction.isWarm ? "warm \(chain.points.count)" : chain.direction.rawValue
        return ([kind] + values).joined(separator: " ")
    }
}

extension ProgramDeclaration {
    /// As specs, stores and figures know it.
    func model(of command: ProgramCommand) -> ModelDeclaration { model(text: command.text) }

    func model(text: String) -> ModelDeclaration {
        ModelDeclaration(
            name: "program:" + name, summary: summary, sources: sources, controls: controls, observables: observables,
            orderParameter: orderParameter, dataKeys: settings["data"] ?? [], net: settings["net"] ?? [],
            training: settings["training"] ?? [], measure: settings["measure"] ?? [], directions: directions,
            precisions: precisions, starterSpec: starter ?? starterSpec(text), version: version,
            isDeterministic: isDeterministic)
    }

    /// Settings by section, as `open` hands them over.
    func sections(of model: ModelSettings) -> JSONValue {
        var found: OrderedDictionary<String, JSONValue> = [:]
        for section in Self.sections {
            let given = (section == "data" ? model.data : model.optimiser).object ?? [:]
            let declared = settings[section] ?? []
            found[section] = .object(
                OrderedDictionary(
                    declared.compactMap { key in given[key.name].map { (key.name, key.inProtocol($0)) } },
                    uniquingKeysWith: { $1 }))
        }
        return .object(found)
    }

    /// A sweep to begin with, for a program that brings none: the first control that is a real number is swept.
    private func starterSpec(_ text: String) -> String {
        let isReal = { (control: ControlParameter) in
            if case .real = control.kind { true } else { false }
        }
        let numeric = controls.filter { $0.kind.lowerBound != nil }
        let swept =
            numeric.first { isReal($0) && $0.defaultValue == nil } ?? numeric.first { isReal($0) } ?? numeric.first
        var lines = ["title: \(name)", "model: \(text)"]
        let fixed = controls.filter { $0.defaultValue == nil && $0.name != swept?.name }
        if !fixed.isEmpty {
            lines +=
                ["fixed:"]
                + fixed.map { "  \($0.name): # \($0.requirement)\($0.meaning.isEmpty ? "" : "; \($0.meaning)")" }
        }
        if let swept {
            let meaning = swept.meaning.isEmpty ? "" : "  # \(swept.meaning)"
            lines += [
                "axes:", "  \(swept.name): {from: 0.01, to: 1, points: 24, spacing: log}\(meaning)",
                "along: \(swept.name)",
            ]
        }
        let own = directions.filter { $0 != .branch }.map(\.rawValue)
        lines += [
            "direction: [\(own.joined(separator: ", "))]",
            "replicas: 2",
            "figures: [order-parameter]",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}

extension ControlParameter {
    /// A value as programs get it: flags are truth values there.
    func inProtocol(_ value: JSONValue) -> JSONValue {
        if case .bool = kind, let text = value.text { return .bool(text == "true") }
        return value
    }
}
