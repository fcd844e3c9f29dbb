import Foundation
import GRDB
import Testing

/// The built command, run as a user would.
struct Landau {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// A folder of its own for each test, removed at the end.
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("landau-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The executable lies beside the test bundle.
    static let executable = Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("landau")

    /// - Parameter environment: variables set beside the process's own.
    func run(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        try run(arguments, input: input, environment: environment)
    }

    func run(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        try start(arguments, input: input, environment: environment).result()
    }

    /// A command that goes on while the test does something else.
    struct Running {
        let process: Process
        fileprivate let name: URL

        /// Waits for its end. A command that a signal has ended has the negative signal as its status.
        func result() throws -> Result {
            process.waitUntilExit()
            func text(_ suffix: String) throws -> String {
                String(decoding: try Data(contentsOf: URL(fileURLWithPath: name.path + suffix)), as: UTF8.self)
            }
            defer {
                for suffix in [".out", ".err", ".in"] {
                    try? FileManager.default.removeItem(atPath: name.path + suffix)
                }
            }
            let wasKilled = process.terminationReason == .uncaughtSignal
            return Result(
                status: wasKilled ? -process.terminationStatus : process.terminationStatus, output: try text(".out"),
                errors: try text(".err"))
        }
    }

    /// A script as a user's shell runs it.
    func shell(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
        try start(arguments, environment: environment, executable: URL(fileURLWithPath: "/bin/sh")).result()
    }

    func start(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
        executable: URL = Self.executable
    ) throws -> Running {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { $1 }
        // Files instead of pipes: nothing can fill up.
        let name = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        func file(_ suffix: String, _ content: String = "") throws -> FileHandle {
            let url = URL(fileURLWithPath: name.path + suffix)
            try Data(content.utf8).write(to: url)
            return try FileHandle(forUpdating: url)
        }
        process.standardOutput = try file(".out")
        process.standardError = try file(".err")
        if let input {
            process.standardInput = try file(".in", input)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        // Threads of a pool have signals blocked, and a child inherits that: a shell would never hear of its children.
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
        return Running(process: process, name: name)
    }

    /// Copies a spec of the tests into the folder, with some text replaced.
    @discardableResult
    func spec(_ name: String = "small", as copy: String? = nil, replacing: [String: String] = [:]) throws -> String {
        let url = Bundle.module.url(forResource: name, withExtension: "yaml", subdirectory: "Specs")!
        var text = try String(contentsOf: url, encoding: .utf8)
        for (old, new) in replacing {
            try #require(text.contains(old))
            text = text.replacingOccurrences(of: old, with: new)
        }
        return try write(text, to: (copy ?? name) + ".yaml")
    }

    @discardableResult
    func write(_ text: String, to file: String) throws -> String {
        try text.write(to: folder.appendingPathComponent(file), atomically: true, encoding: .utf8)
        return file
    }

    /// Speaks to a store behind the command's back.
    /// - Returns: the first column of the answer, a line for each row.
    @discardableResult
    func sql(_ store: String, _ statement: String) throws -> String {
        let queue = try DatabaseQueue(path: folder.appendingPathComponent(store).path)
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction { db in
            try String.fetchAll(db, sql: statement).map { $0 + "\n" }.joined()
        }
    }

    /// Statements on one connection, outside of any transaction.
    func sqlWithoutTransaction(_ store: String, _ statements: String...) throws {
        let queue = try DatabaseQueue(path: folder.appendingPathComponent(store).path)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { db in for sql in statements { try db.execute(sql: sql) } }
    }

    /// Changes results behind the command's back, as a store of a version without checksums may be.
    func edit(_ store: String, _ statement: String) throws {
        try sql(store, statement)
        try sql(store, "ALTER TABLE observations DROP COLUMN checksum")
        try sql(store, "UPDATE meta SET value = '1' WHERE name = 'schema'")
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
    }
    func text(of path: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }
}
