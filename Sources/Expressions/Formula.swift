/// A formula written as text: numbers, variables, `+ − * / ^`, parentheses and a few functions. Nothing else can be
/// said in it, so that a formula from a file cannot do anything but compute.
///
/// `^` binds tighter than a minus before it (`-x^2` is −(x²)) and groups to the right. A value outside a function's
/// domain is NaN, as in floating-point arithmetic. Functions have the same bits on every host.
public struct Formula: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    public let text: String
    /// Names that need a value, in the order of their first appearance.
    public let variables: [String]
    /// Where each of them first stands, from 1, in characters.
    public let variableColumns: [Int]
    let root: Node

    /// A formula of more characters than this is refused.
    public static let lengthLimit = 1000
    /// Parentheses, functions and signs inside each other.
    public static let depthLimit = 64

    public var description: String { text }

    indirect enum Node: Sendable, Hashable {
        case number(Double)
        /// Index into `variables`.
        case variable(Int)
        case negative(Node)
        case operation(Operation, Node, Node)
        case function(Function, [Node])
        /// The probabilists' Hermite polynomial He of a degree.
        case hermite(Int, Node)
    }

    public enum Operation: Character, Sendable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case power = "^"
    }

    /// - Throws: `FormulaError` with the place in the text.
    public init(_ text: String) throws(FormulaError) {
        var parser = try FormulaParser(text)
        root = try parser.formula()
        variables = parser.variables
        variableColumns = parser.variableColumns
        self.text = text
    }

    // MARK: - Values

    /// - Parameter values: one per element of `variables`, in their order.
    public func value(_ values: [Double]) -> Double {
        precondition(values.count == variables.count, "a formula needs one value per variable")
        return value(in: NumberAlgebra(values: values))
    }
}

/// Why a text is no formula, and where.
public struct FormulaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 1, in characters.
    public let column: Int
    public let message: String
    public init(column: Int, message: String) {
        self.column = column
        self.message = message
    }
    public var description: String { "character \(column): \(message)" }
}
