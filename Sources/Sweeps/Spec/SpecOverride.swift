/// One override of the command line: `gamma=0.1,0.2`, `gamma=log(0.01,1,32)`, `gamma=0.001,log(0.01,1,32)`,
/// `noise=[0.1,0.2]`, `data.samples=500`.
struct SpecOverride {
    let place: SpecPlace
    let key: String
    private let items: [SpecNode]

    init(_ text: String) throws(SpecError) {
        place = .override(text)
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw SpecError(place, "an override is written `key=value`")
        }
        key = String(text[..<equals])
        let right = String(text[text.index(after: equals)...])
        if key == "title" {
            items = [SpecNode(place, .scalar(right, isQuoted: true))]
            return
        }
        var items: [SpecNode] = []
        for item in try Self.split(right, place) { items.append(try Self.node(item, place)) }
        self.items = items
    }

    private var range: SpecNode? {
        if items.count == 1, case .mapping = items[0].content { items[0] } else { nil }
    }
    var hasSeveralValues: Bool { items.count > 1 || range != nil }
    /// As the value of a key; several values are a list.
    var value: SpecNode { items.count == 1 ? items[0] : SpecNode(place, .list(items)) }
    /// As the values of an axis.
    var axis: SpecNode { range ?? SpecNode(place, .list(items)) }

    /// The parts between the commas that stand in no brackets.
    private static func split(_ text: String, _ place: SpecPlace) throws(SpecError) -> [String] {
        var parts = [""]
        var depth = 0
        for character in text {
            if character == "[" || character == "(" { depth += 1 }
            if character == "]" || character == ")" { depth -= 1 }
            if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
            if depth < 0 { break }
        }
        guard depth == 0 else { throw SpecError(place, "the brackets do not match") }
        return parts.map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    }

    private static func node(_ text: String, _ place: SpecPlace) throws(SpecError) -> SpecNode {
        guard !text.isEmpty else { throw SpecError(place, "a value is missing") }
        func scalar(_ text: String) -> SpecNode { SpecNode(place, .scalar(text, isQuoted: false)) }
        if text.hasPrefix("["), text.hasSuffix("]") {
            var elements: [SpecNode] = []
            for part in try split(String(text.dropFirst().dropLast()), place) {
                guard !part.isEmpty else { throw SpecError(place, "a value is missing in `\(text)`") }
                elements.append(scalar(part))
            }
            return SpecNode(place, .list(elements))
        }
        let forms = [
            "log": ["from", "to", "points"], "linear": ["from", "to", "points"], "range": ["from", "to", "step"],
        ]
        for (name, keys) in forms where text.hasPrefix(name + "(") && text.hasSuffix(")") {
            let parts = try split(String(text.dropFirst(name.count + 1).dropLast()), place)
            guard parts.count == 3 else {
                throw SpecError(place, "`\(name)` takes three values: \(name)(\(keys.joined(separator: ",")))")
            }
            var members = zip(keys, parts).map { SpecNode.Member(key: $0, keyPlace: place, value: scalar($1)) }
            if name == "log" { members.append(.init(key: "spacing", keyPlace: place, value: scalar("log"))) }
            return SpecNode(place, .mapping(members))
        }
        return scalar(text)
    }
}
