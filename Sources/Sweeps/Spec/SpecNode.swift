import Foundation
import Yams

/// A piece of a spec that remembers where it stands, be it from the file or from an override.
struct SpecNode: Sendable {
    enum Content: Sendable {
        case scalar(String, isQuoted: Bool)
        case list([SpecNode])
        case mapping([Member])
    }
    struct Member: Sendable {
        let key: String
        let keyPlace: SpecPlace
        var value: SpecNode
    }

    let place: SpecPlace
    var content: Content

    init(_ place: SpecPlace, _ content: Content) {
        self.place = place
        self.content = content
    }

    var isNull: Bool {
        if case .scalar(let text, isQuoted: false) = content {
            return ["", "~", "null", "Null", "NULL"].contains(text)
        }
        return false
    }

    /// What it is, for errors that wanted something else.
    var kindInWords: String {
        switch content {
        case _ where isNull: "nothing"
        case .scalar(let text, _): "`\(text)`"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

// MARK: - Reading a file

extension SpecNode {
    /// A spec is written by hand: more bytes or nodes than this are a mistake or an attack (aliases can explode).
    static let byteLimit = 16 << 20
    static let nodeLimit = 1_000_000

    /// - Returns: the text and its tree; the tree is a mapping.
    static func file(_ path: String) throws -> (text: String, root: SpecNode) {
        let text = try contents(of: path)
        return (text, try tree(text, path: path))
    }

    /// The tree of a file's text.
    static func tree(_ text: String, path: String) throws -> SpecNode {
        // Comparing mapping keys hashes them whole, so that an alias in key position could explode while it is read.
        if text.contains("&"), text.contains(/(^|\n)\s*(\?\s*\*|\*[^\s:]+\s*:)/) {
            throw SpecError(.file(path), "an alias cannot be a key; write the key out")
        }
        let tree: Node?
        do {
            // The encoding is said outright: Yams' default asks an environment variable.
            tree = try Yams.compose(yaml: text, .default, .default, .utf8)
        } catch let error as YamlError {
            throw SpecError(yaml: error, path: path)
        }
        guard let tree else { throw SpecError(.file(path), "the file is empty; a sweep names at least its `model`") }
        var budget = nodeLimit
        let root = try SpecNode(tree, path: path, budget: &budget)
        if root.isNull { throw SpecError(.file(path), "the file is empty; a sweep names at least its `model`") }
        guard case .mapping = root.content else {
            throw SpecError(root.place, "a sweep is a mapping such as `model: …`, not \(root.kindInWords)")
        }
        return root
    }

    private static func contents(of path: String) throws(SpecError) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw SpecError(.file(path), "no such file")
        }
        if isDirectory.boolValue { throw SpecError(.file(path), "this is a folder; name a YAML file in it") }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw SpecError(.file(path), "the file cannot be read; check its permissions")
        }
        guard bytes.count <= byteLimit else {
            throw SpecError(.file(path), "\(bytes.count) bytes are too many for a sweep file")
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw SpecError(.file(path), "the file is not UTF-8 text")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }

    private init(_ node: Node, path: String, budget: inout Int) throws(SpecError) {
        let mark = node.mark
        let place = mark.map { SpecPlace.position(path, line: $0.line, column: $0.column) } ?? .file(path)
        budget -= 1
        guard budget > 0 else {
            throw SpecError(place, "more than \(Self.nodeLimit) values; aliases (`*name`) may multiply too much")
        }
        switch node {
        case .scalar(let scalar):
            try Self.check(tag: scalar.tag, at: place)
            let isQuoted = ![.plain, .any].contains(scalar.style) || scalar.tag.rawValue == Tag.Name.str.rawValue
            self.init(place, .scalar(scalar.string, isQuoted: isQuoted))
        case .sequence(let sequence):
            try Self.check(tag: sequence.tag, at: place)
            var elements: [SpecNode] = []
            for element in sequence { elements.append(try SpecNode(element, path: path, budget: &budget)) }
            self.init(place, .list(elements))
        case .mapping(let mapping):
            try Self.check(tag: mapping.tag, at: place)
            var members: [Member] = []
            for (key, value) in mapping {
                let key = try SpecNode(key, path: path, budget: &budget)
                guard case .scalar(let name, _) = key.content else {
                    throw SpecError(key.place, "a key must be a name, not \(key.kindInWords)")
                }
                let value = try SpecNode(value, path: path, budget: &budget)
                members.append(Member(key: name, keyPlace: key.place, value: value))
            }
            self.init(place, .mapping(members))
        case .alias: throw SpecError(place, "an alias without its anchor")
        }
    }

    private static func check(tag: Tag, at place: SpecPlace) throws(SpecError) {
        let known: [Tag.Name] = [.implicit, .nonSpecific, .str, .int, .float, .seq, .map]
        guard known.contains(where: { $0.rawValue == tag.rawValue }) else {
            throw SpecError(place, "the YAML tag `\(tag.rawValue)` means nothing here; leave it out")
        }
    }
}

extension SpecError {
    init(yaml error: YamlError, path: String) {
        func place(_ mark: Mark) -> SpecPlace { .position(path, line: mark.line, column: mark.column) }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(place(mark), "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "`\($0)`" }.joined(separator: ", ")
            self.init(place(context.mark), "\(names) stands twice in this mapping; keep one")
        case .reader(let problem, _, _, _):
            self.init(.file(path), "not valid YAML: \(problem)")
        default: self.init(.file(path), "not valid YAML: \(error)")
        }
    }
}
