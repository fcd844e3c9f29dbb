import Foundation
import Support

/// The argument list that starts a program, never read by a shell.
package struct ProgramCommand: Sendable, Hashable {
    /// At least one word: the executable, with its path, then its arguments.
    package let arguments: [String]
    /// The sweep file's folder: relative names of the program start here.
    package let folder: String
    /// What the user wrote, for errors: `./net.py`.
    package let text: String

    /// A program by its file, such as `./net.py`: executable files are run, others ending in `.py` by `python3`.
    /// - Throws: `ProgramError.unusable` where there is no such file or nothing says how to run it.
    package init(file: String, folder: String) throws(ProgramError) {
        let path = Self.path(file, in: folder)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            throw .unusable("the program `\(file)` cannot be run: \(FileTrouble.reading(path))")
        }
        if access(path, X_OK) == 0 {
            arguments = [path]
        } else if path.hasSuffix(".py") {
            arguments = ["python3", path]
        } else {
            throw .unusable(
                "the program `\(file)` is not executable; run `chmod +x` on it, or name its interpreter: "
                    + "model: {run: [interpreter, \(file)]}")
        }
        self.folder = folder
        text = file
    }

    /// A program by its argument list. A first word without `/` is looked up in PATH, one with `/` starts from the folder.
    /// - Throws: `ProgramError.unusable` for an empty list.
    package init(run words: [String], folder: String) throws(ProgramError) {
        guard let first = words.first, !first.isEmpty else {
            throw .unusable("`run` needs at least one word, such as [python3, net.py]")
        }
        arguments = (first.contains("/") ? [Self.path(first, in: folder)] : [first]) + words.dropFirst()
        self.folder = folder
        text = words.joined(separator: " ")
    }

    /// Files among the words, the program's own first: their content is what a changed program is told by.
    package var files: [String] {
        arguments.map { Self.path($0, in: folder) }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }

    private static func path(_ name: String, in folder: String) -> String {
        name.hasPrefix("/") ? name : (folder.isEmpty ? "." : folder) + "/" + name
    }
}

/// Why a program does not do what it is asked.
package enum ProgramError: Error, CustomStringConvertible, Equatable {
    /// It cannot be started, or its words are no program.
    case unusable(String)
    /// It says itself that it cannot work here: a library is missing.
    case unavailable(program: String, message: String)
    /// It refuses a setting of the sweep.
    case refused(key: String, message: String)
    /// It ended or hung, with the tail of its log.
    case ended(program: String, how: String, log: String)
    /// It fails wherever it is asked: the run is stopped.
    case broken(String)
    /// It does not keep the protocol.
    case protocolBroken(program: String, message: String)

    package var description: String {
        switch self {
        case .unusable(let message), .refused(_, let message), .broken(let message): message
        case .unavailable(let program, let message): "\(program) says that it cannot work here: \(message)"
        case .ended(let program, let how, let log):
            "\(program) \(how)" + (log.isEmpty ? "" : "; its log ends with\n" + log)
        case .protocolBroken(let program, let message): "\(program) does not keep the protocol: \(message)"
        }
    }
}
