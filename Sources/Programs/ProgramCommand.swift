import Foundation
import PhaseSpace
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
        let folder = Self.absolute(folder)
        let path = Self.path(file, in: folder)
        guard Self.isFile(path) else {
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
        let folder = Self.absolute(folder)
        arguments = (first.contains("/") ? [Self.path(first, in: folder)] : [first]) + words.dropFirst()
        self.folder = folder
        text = words.joined(separator: " ")
    }

    /// As a sweep file names it.
    /// - Throws: `ProgramError.unusable`.
    init(_ program: ProgramSettings) throws(ProgramError) {
        switch program.words {
        case .file(let file): try self.init(file: file, folder: program.folder)
        case .run(let words): try self.init(run: words, folder: program.folder)
        }
    }

    /// SHA-256 of the files that the program is made of, by name: files among its words, without an interpreter before
    /// them, and those that the sweep file says to watch.
    /// - Throws: `ProgramError.unusable` where a file to be watched is not there.
    func hashes(watching watched: [String]) throws(ProgramError) -> [(String, String)] {
        let named = arguments.filter { Self.isFile(Self.path($0, in: folder)) }
        let own = named.first == arguments.first && named.count > 1 ? Array(named.dropFirst()) : named
        var found: [(String, String)] = []
        for name in own + watched {
            let path = Self.path(name, in: folder)
            guard Self.isFile(path), let content = FileManager.default.contents(atPath: path) else {
                throw .unusable("`watch` names `\(name)`, which cannot be read: \(FileTrouble.reading(path))")
            }
            let inside = path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
            found.append((inside.hasPrefix("./") ? String(inside.dropFirst(2)) : inside, sha256(content)))
        }
        return found
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// A child begins in another folder: what is relative here is not so there.
    static func absolute(_ folder: String) -> String {
        if folder.hasPrefix("/") { return folder }
        let here = FileManager.default.currentDirectoryPath
        return folder.isEmpty || folder == "." ? here : here + "/" + folder
    }

    private static func path(_ name: String, in folder: String) -> String {
        name.hasPrefix("/") ? name : folder + "/" + name
    }
}

extension ProgramSettings.Words {
    /// What the user wrote.
    var text: String {
        switch self {
        case .file(let file): file
        case .run(let words): words.joined(separator: " ")
        }
    }
}

/// Why a program does not do what it is asked.
package enum ProgramError: RunStopper, CustomStringConvertible, Equatable {
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

    static func noTheory(_ text: String) -> ProgramError {
        .unusable("\(text) has no theory that could be asked")
    }

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
