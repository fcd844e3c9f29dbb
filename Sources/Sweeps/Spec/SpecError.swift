import Support

/// Where something stands in a spec.
public enum SpecPlace: Sendable, Hashable, CustomStringConvertible {
    case file(String)
    /// Line and column count from 1; columns are Unicode scalars.
    case position(String, line: Int, column: Int)
    /// An override as it was typed.
    case override(String)

    public var description: String {
        switch self {
        case .file(let path): path
        case .position(let path, let line, let column): "\(path):\(line):\(column)"
        case .override(let text): "command line: \(text)"
        }
    }
}

/// What is wrong with a spec or with an override, where, and what would be right.
public struct SpecError: PlacedError, Sendable, Hashable {
    public let place: SpecPlace
    public let message: String

    public init(_ place: SpecPlace, _ message: String) {
        self.place = place
        self.message = message
    }

    public var description: String { "\(place): \(message)" }

    public var filePlace: (file: String, line: Int?, column: Int?)? {
        switch place {
        case .file(let path): (path, nil, nil)
        case .position(let path, let line, let column): (path, line, column)
        case .override: nil
        }
    }
}
