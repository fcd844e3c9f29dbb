/// A table that cannot be used: which line and column, what is there, what would be right.
public struct TableError: PlacedError, Equatable, Sendable {
    public let source: String
    /// From 1.
    public let line: Int
    /// In characters, from 1.
    public let column: Int
    public let message: String
    public var filePlace: (file: String, line: Int?, column: Int?)? { (source, line, column) }
    public var description: String { "\(source):\(line):\(column): \(message)" }

    public init(source: String, line: Int, column: Int, message: String) {
        self.source = source
        self.line = line
        self.column = column
        self.message = message
    }
}
