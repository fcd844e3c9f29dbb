import PhaseSpace

/// Makes a family of models of a program that a sweep file names. The place is the file's own, for errors.
public typealias ProgramStarter = (_ program: ProgramSettings, _ place: SpecPlace) throws -> ModelFamily

extension SpecSections {
    /// Keys that only a program takes.
    static let programKeys = ["workers", "threads", "gpus", "timeout", "watch"]
    private static let mostWorkers = 4096

    /// What the file says of a program: a text with `/` or a mapping is one, other texts are names of models.
    /// - Parameter folder: the sweep file's.
    func program(folder: String) throws(SpecError) -> ProgramSettings? {
        guard let model = single["model"] else { return nil }
        let words: ProgramSettings.Words
        switch model.content {
        case .scalar(let text, _) where text.contains("/"): words = .file(text)
        case .mapping(let members):
            for member in members where member.key != "run" {
                throw SpecError(
                    member.keyPlace,
                    "`model` has no key `\(member.key)`; a program is written `./net.py` or `{run: [python3, net.py]}`")
            }
            guard let list = members.first?.value, !list.elements.isEmpty else {
                throw SpecError(model.place, "`model` needs `run`, such as `{run: [python3, net.py]}`")
            }
            var arguments: [String] = []
            for element in list.elements { arguments.append(try element.text("each word of `run`")) }
            words = .run(arguments)
        default:
            if let key = Self.programKeys.first(where: { single[$0] != nil }), let place = keyPlace[key] {
                throw SpecError(place, "`\(key)` is for programs (`model: ./net.py`); this model is none")
            }
            return nil
        }
        let timeout = try seconds()
        return ProgramSettings(
            words: words, folder: folder,
            workers: try single["workers"]?.wholeNumber("`workers`", 1...Self.mostWorkers) ?? 1,
            threads: try single["threads"]?.wholeNumber("`threads`", 1...Self.mostWorkers),
            gpus: try texts("gpus"), startSeconds: timeout.start, pointSeconds: timeout.point, watch: try texts("watch")
        )
    }

    private func texts(_ key: String) throws(SpecError) -> [String] {
        var found: [String] = []
        for element in single[key]?.elements ?? [] { found.append(try element.text("each of `\(key)`")) }
        return found
    }

    private func seconds() throws(SpecError) -> (start: Int?, point: Int?) {
        guard let node = single["timeout"] else { return (nil, nil) }
        var found: [String: Int] = [:]
        for member in try node.members(of: "`timeout`") {
            guard ["start", "point"].contains(member.key) else {
                throw SpecError(
                    member.keyPlace, "`timeout` has no key `\(member.key)`; known: start, point, in seconds")
            }
            found[member.key] = try member.value.wholeNumber("`\(member.key)`", 1...1_000_000_000)
        }
        return (found["start"], found["point"])
    }
}
