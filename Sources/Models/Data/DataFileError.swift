import Foundation
import PhaseSpace
import Support

/// A data file that cannot be used.
public struct DataFileError: Error, CustomStringConvertible, Equatable {
    /// Where in the file.
    public enum Place: Hashable, Sendable {
        case line(Int)
        /// Cells of a line count as columns, from 1.
        case cell(line: Int, column: Int)
        /// Offset in a binary file, from 0.
        case byte(Int)
    }

    public let file: String
    /// Nil where the file as a whole is at fault.
    public let place: Place?
    public let message: String

    public init(file: String, _ place: Place? = nil, message: String) {
        self.file = file
        self.place = place
        self.message = message
    }

    /// `file:line:column: message`, or `file: byte 8: message`.
    public var description: String {
        switch place {
        case nil: "\(file): \(message)"
        case .line(let line): "\(file):\(line): \(message)"
        case .cell(let line, let column): "\(file):\(line):\(column): \(message)"
        case .byte(let offset): "\(file): byte \(offset): \(message)"
        }
    }

    /// Numbers beyond this are refused in every file: their squares, summed over samples, must stay finite.
    static let largestNumber = 1e100

    /// A cell as a message shows it.
    static func excerpt(_ text: String) -> String { text.count <= 60 ? text : text.prefix(59) + "…" }

    /// The whole file.
    static func contents(of path: String) throws(DataFileError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw DataFileError(
                file: path, message: "cannot be read: \(FileTrouble.reading(path))")
        }
    }
}
