/// An error that knows where in a file its fault stands.
public protocol PlacedError: Error, CustomStringConvertible {
    /// The file, with line and column from 1 where they are known; nil where the fault is in no file.
    var filePlace: (file: String, line: Int?, column: Int?)? { get }
    /// What is wrong and what would be right, without the place.
    var message: String { get }
}
