/// Recursive descent over the characters of a formula:
///
///     sum     = product { ("+" | "-") product }
///     product = signed { ("*" | "/") signed }
///     signed  = ("-" | "+") signed | power
///     power   = primary [ "^" signed ]
///     primary = number | name | name "(" sum { "," sum } ")" | "(" sum ")"
struct FormulaParser {
    private let characters: [Character]
    private var position = 0
    private var depth = 0
    private(set) var variables: [String] = []
    private(set) var variableColumns: [Int] = []

    init(_ text: String) throws(FormulaError) {
        characters = Array(text)
        guard characters.count <= Formula.lengthLimit else {
            throw FormulaError(
                column: Formula.lengthLimit + 1,
                message: "a formula has at most \(Formula.lengthLimit) characters, this one has \(characters.count)")
        }
    }

    mutating func formula() throws(FormulaError) -> Formula.Node {
        let node = try sum()
        if let character = next {
            throw error("`\(character)` does not belong here; expected an operator or the end")
        }
        return node
    }

    // MARK: - Grammar

    private mutating func sum() throws(FormulaError) -> Formula.Node {
        var node = try product()
        while let operation = take([.plus, .minus]) { node = .operation(operation, node, try product()) }
        return node
    }

    private mutating func product() throws(FormulaError) -> Formula.Node {
        var node = try signed()
        while let operation = take([.times, .divided]) { node = .operation(operation, node, try signed()) }
        return node
    }

    private mutating func signed() throws(FormulaError) -> Formula.Node {
        try enter()
        defer { depth -= 1 }
        switch take([.plus, .minus]) {
        case .minus: return .negative(try signed())
        case .plus: return try signed()
        default: return try power()
        }
    }

    private mutating func power() throws(FormulaError) -> Formula.Node {
        let base = try primary()
        guard take([.power]) != nil else { return base }
        return .operation(.power, base, try signed())
    }

    private mutating func primary() throws(FormulaError) -> Formula.Node {
        guard let character = next else { throw error("the formula ends where a value should stand") }
        if character == "(" {
            position += 1
            let node = try sum()
            try close()
            return node
        }
        if character.isASCII, character.isNumber || character == "." { return try number() }
        if isNameStart(character) { return try named() }
        throw error("`\(character)` does not belong here; expected a number, a name or `(`")
    }

    private mutating func named() throws(FormulaError) -> Formula.Node {
        let start = position
        while position < characters.count, isNameStart(characters[position]) || characters[position].isASCIIDigit {
            position += 1
        }
        let name = String(characters[start..<position])
        guard next == "(" else {
            if Formula.Function(rawValue: name) != nil || hermiteDegree(name) != nil {
                throw error("the function `\(name)` needs its argument in parentheses")
            }
            if name == "pi" { return .number(Double.pi) }
            if let index = variables.firstIndex(of: name) { return .variable(index) }
            variables.append(name)
            variableColumns.append(start + 1)
            return .variable(variables.count - 1)
        }
        if let degree = hermiteDegree(name) { return try hermite(degree, at: start) }
        guard let function = Formula.Function(rawValue: name) else {
            throw error(
                "there is no function `\(name)`; there are \(Formula.functionNames.joined(separator: ", "))", at: start)
        }
        position += 1
        var arguments = [try sum()]
        while next == "," {
            position += 1
            arguments.append(try sum())
        }
        try close()
        guard function.arity.contains(arguments.count) else {
            let few = function.arity.lowerBound
            let wanted = few == 1 ? "one argument" : "\(few) to \(function.arity.upperBound) arguments"
            throw error("`\(name)` takes \(wanted), not \(arguments.count)", at: start)
        }
        return .function(function, arguments)
    }

    /// The 3 of `He3`.
    private func hermiteDegree(_ name: String) -> Int? {
        guard name.hasPrefix("He"), name.count > 2, name.dropFirst(2).allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(name.dropFirst(2)) ?? .max
    }

    private mutating func hermite(_ degree: Int, at start: Int) throws(FormulaError) -> Formula.Node {
        guard degree <= Formula.hermiteDegreeLimit else {
            throw error("Hermite polynomials have degrees up to \(Formula.hermiteDegreeLimit)", at: start)
        }
        position += 1
        let argument = try sum()
        if next == "," { throw error("`He\(degree)` takes one argument", at: start) }
        try close()
        return .hermite(degree, argument)
    }

    private mutating func number() throws(FormulaError) -> Formula.Node {
        let start = position
        func digits(_ position: inout Int) {
            while position < characters.count, characters[position].isASCIIDigit { position += 1 }
        }
        digits(&position)
        if position < characters.count, characters[position] == "." {
            position += 1
            digits(&position)
        }
        if position < characters.count, characters[position] == "e" || characters[position] == "E" {
            position += 1
            if position < characters.count, "+-".contains(characters[position]) { position += 1 }
            digits(&position)
        }
        let text = String(characters[start..<position])
        guard let x = Double(text), x.isFinite else { throw error("`\(text)` is not a finite number", at: start) }
        return .number(x)
    }

    // MARK: - Characters

    /// The next character that is not a space, without taking it.
    private var next: Character? {
        mutating get {
            while position < characters.count, characters[position].isWhitespace { position += 1 }
            return position < characters.count ? characters[position] : nil
        }
    }

    private mutating func take(_ operations: [Formula.Operation]) -> Formula.Operation? {
        guard var character = next else { return nil }
        // The typographic minus and dot are what a formula copied from a paper has.
        if character == "−" { character = "-" }
        if character == "·" { character = "*" }
        guard let found = operations.first(where: { $0.rawValue == character }) else { return nil }
        position += 1
        return found
    }

    private mutating func close() throws(FormulaError) {
        guard next == ")" else {
            throw next.map { error("`\($0)` does not belong here; expected `)`") } ?? error("a `)` is missing")
        }
        position += 1
    }

    private mutating func enter() throws(FormulaError) {
        depth += 1
        if depth > Formula.depthLimit {
            throw error("parentheses, functions and signs are nested more than \(Formula.depthLimit) deep")
        }
    }

    private func isNameStart(_ character: Character) -> Bool {
        character == "_" || (character.isASCII && character.isLetter)
    }

    private func error(_ message: String, at place: Int? = nil) -> FormulaError {
        FormulaError(column: (place ?? position) + 1, message: message)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
