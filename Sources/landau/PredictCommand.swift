import ArgumentParser
import Foundation
import Models
import OrderedCollections
import PhaseSpace
import Programs
import Support

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Exact theory at a point, without training.",
        discussion: """
            landau predict weight-decay depth=2 gamma=0.3 width=8 noise=0.5
            landau predict weight-decay depth=2 'gamma=[0.1,0.2,0.3]' 'inputVariances=[1,2]' 'correlations=[0.5,1]'
            landau predict weight-decay --points questions.jsonl depth=2
            landau predict ./net.py gamma=0.3

            Keys have their names in a sweep file: signal, labelNoise, data.file, data.target. A program is started and \
            asked, where it declares a theory.

            With --points every line of the file is a JSON object with the keys of one question; key=value arguments \
            are defaults for all. Answers come line by line in the same order; a bad question is answered with \
            {"error": …, "line": …} and the exit status is then 2; empty lines are passed over. Numbers have 17 \
            significant digits.
            """)

    @Argument(help: "The model, as listed by `landau models`, or a program such as ./net.py.", completion: .models)
    var model: String
    @Argument(help: "key=value; lists are [a,b].") var keys: [String] = []
    @Option(help: "JSON lines with one question each; - for standard input.") var points: String?
    @Flag(help: "As lines for people: ten digits, a dash for what does not apply.") var text = false

    func run() throws {
        let family = try modelOrProgram(model)
        let defaults = try Self.members(keys)
        guard let points else {
            show(try family.predict(.object(defaults)))
            return
        }
        var failed = false
        for (index, line) in try Lines(of: points).enumerated() where !line.allSatisfy(\.isWhitespace) {
            do {
                let question = try JSONValue(parsing: line)
                guard let members = question.object else {
                    throw Failure("a question is a JSON object such as {\"depth\": 2, \"gamma\": 0.3}")
                }
                show(try family.predict(.object(defaults.merging(members) { $1 })))
            } catch {
                failed = true
                print(JSONValue.object(["error": .text("\(error)"), "line": .number(Double(index + 1))]).serialized())
            }
        }
        if failed { throw ExitCode(.badInput) }
    }

    private func show(_ answer: JSONValue) {
        print(
            text ? AnswerText(answer).lines.joined(separator: "\n") + (points == nil ? "" : "\n") : answer.serialized())
    }

    /// `key=value` arguments as members of a JSON object: a value is JSON where it reads as such, else a text.
    static func members(_ arguments: [String]) throws -> OrderedDictionary<String, JSONValue> {
        var members: OrderedDictionary<String, JSONValue> = [:]
        for argument in arguments {
            guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
                throw Failure("`\(argument)` is not of the form key=value")
            }
            let key = String(argument[..<sign])
            guard members[key] == nil else { throw Failure("`\(key)` is given twice") }
            let text = String(argument[argument.index(after: sign)...])
            members[key] = (try? JSONValue(parsing: text)) ?? .text(text)
        }
        return members
    }
}

/// The model of that name.
func model(named name: String) throws -> ModelFamily {
    if let model = allModels.first(where: { $0.declaration.name == name }) { return model }
    let names = allModels.map { $0.declaration.name }
    throw Failure(
        "there is no model `\(name)`\(nearestHint(to: name, among: names)); models: \(names.joined(separator: ", "))")
}

/// The model of that name or, for a name with a `/`, the program, which is started.
func modelOrProgram(_ name: String) throws -> ModelFamily {
    guard name.contains("/") else { return try model(named: name) }
    do {
        return try ProgramSource.host().family(of: ProgramSettings(words: .file(name), folder: ""))
    } catch {
        if case .unavailable = error { throw Failure("\(error)", status: .missingTool) }
        throw Failure("\(error)")
    }
}

/// Lines of a file, or of standard input for `-`.
struct Lines: Sequence, IteratorProtocol {
    private var lines: [Data]?
    private var position = 0

    init(of path: String) throws {
        guard path != "-" else { return }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw unreadable(path)
        }
        lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    mutating func next() -> String? {
        guard let lines else { return readLine(strippingNewline: true) }
        guard position < lines.count else { return nil }
        position += 1
        // A line that is no text is a bad question like any other; the replacement character makes it one.
        return String(data: lines[position - 1], encoding: .utf8) ?? "\u{FFFD} (not text in UTF-8)"
    }
}
