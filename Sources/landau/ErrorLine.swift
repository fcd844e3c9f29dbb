import Foundation
import OrderedCollections
import Support

/// How errors are written: sentences for people, or with `--errors json` a JSON object a line for programs.
enum ErrorForm: String {
    case text
    case json

    /// What the command line asks for; every verb takes it.
    static let current = (try? taken(from: CommandLine.arguments.dropFirst()).form) ?? .text

    /// The arguments without `--errors FORM`, and the form.
    static func taken(from arguments: some Sequence<String>) throws -> (arguments: [String], form: ErrorForm) {
        var (rest, form) = ([String](), ErrorForm.text)
        var iterator = arguments.makeIterator()
        while let word = iterator.next() {
            if word == "--" { return (rest + [word] + IteratorSequence(iterator), form) }
            guard word == "--errors" || word.hasPrefix("--errors=") else {
                rest.append(word)
                continue
            }
            let name = word == "--errors" ? iterator.next() ?? "" : String(word.dropFirst("--errors=".count))
            guard let known = ErrorForm(rawValue: name) else {
                throw Failure("`--errors` is text or json, not `\(name)`")
            }
            form = known
        }
        return (rest, form)
    }
}

/// An error for programs: `{"file": …, "line": …, "column": …, "message": …}`, null where there is no place.
struct ErrorLine {
    private let place: (file: String, line: Int?, column: Int?)?
    private let message: String

    init(_ error: any Error) {
        if let placed = error as? any PlacedError, let place = placed.filePlace {
            self.init(place: place, message: placed.message)
        } else {
            self.init("\(error)")
        }
    }

    /// Of a sentence that may begin with its place.
    init(_ sentence: String) {
        if let found = sentence.prefixMatch(of: /([^\n]+?):(\d+):(\d+):\s/) {
            self.init(
                place: (String(found.1), Int(found.2), Int(found.3)),
                message: String(sentence[found.range.upperBound...]))
        } else {
            self.init(place: nil, message: sentence)
        }
    }

    private init(place: (file: String, line: Int?, column: Int?)?, message: String) {
        (self.place, self.message) = (place, message)
    }

    var text: String {
        let number = { (x: Int?) -> JSONValue in .optional(x.map(Double.init)) }
        let object: JSONValue = [
            "file": (place?.file).map(JSONValue.text) ?? .null, "line": number(place?.line),
            "column": number(place?.column), "message": .text(message),
        ]
        return object.serialized()
    }
}
