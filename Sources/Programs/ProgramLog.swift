import Foundation

/// What a program prints: kept in a file with times, its last lines in memory for errors.
final class ProgramLog {
    /// A program that prints without end must not fill the disk.
    static let largestFile = 50 << 20
    private static let tailLength = 20
    private static let longestLine = 2000

    private let file: FileHandle?
    private var written = 0
    private var partial: [UInt8] = []
    private(set) var tail: [String] = []

    /// - Parameter path: nil where nothing is kept.
    init(path: String?) {
        file = path.flatMap { path in
            let size = (try? FileHandle(forReadingAtPath: path)?.seekToEnd()).flatMap { $0 }.map(Int.init)
            // What an earlier child said of its end stays, until there is too much of it.
            let isNew = size ?? .max >= Self.largestFile / 2
            if isNew, !FileManager.default.createFile(atPath: path, contents: nil) { return nil }
            guard let file = FileHandle(forWritingAtPath: path) else { return nil }
            return (try? file.seekToEnd()).map { _ in file }
        }
    }

    /// The last lines as one text, safe to print in a terminal.
    var text: String { (tail + (partial.isEmpty ? [] : [Self.printable(partial)])).joined(separator: "\n") }

    func append(_ bytes: some Collection<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                endLine()
            } else if partial.count < Self.longestLine {
                partial.append(byte)
            }
        }
    }

    func append(line: some StringProtocol) {
        append(line.utf8)
        append([UInt8(ascii: "\n")])
    }

    private func endLine() {
        let line = Self.printable(partial)
        partial.removeAll(keepingCapacity: true)
        tail.append(line)
        if tail.count > Self.tailLength { tail.removeFirst() }
        guard let file, written < Self.largestFile else { return }
        let entry = Data("\(Date.now.ISO8601Format()) \(line)\n".utf8)
        written += entry.count
        try? file.write(contentsOf: entry)
        if written >= Self.largestFile { try? file.write(contentsOf: Data("the log ends here: it is full\n".utf8)) }
    }

    /// Control characters would reach the terminal of whoever reads the error.
    private static func printable(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.properties.generalCategory == .control && scalar != "\t"
                    let isFormat = scalar.properties.generalCategory == .format
                    return isControl || isFormat ? "\u{FFFD}" : scalar
                }))
    }
}
