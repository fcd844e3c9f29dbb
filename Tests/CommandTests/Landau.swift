import Foundation
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
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment
            .merging(["LANDAU_PLOTS": Self.root.appendingPathComponent("plots").path]) { $1 }
            .merging(environment) { $1 }
        // Files instead of pipes: nothing can fill up.
        let name = UUID().uuidString
        func file(_ suffix: String) throws -> (URL, FileHandle) {
            let url = FileManager.default.temporaryDirectory.appendingPathComponent(name + suffix)
            try Data().write(to: url)
            return (url, try FileHandle(forUpdating: url))
        }
        let (out, outHandle) = try file(".out")
        let (err, errHandle) = try file(".err")
        process.standardOutput = outHandle
        process.standardError = errHandle
        if let input {
            let (url, handle) = try file(".in")
            try Data(input.utf8).write(to: url)
            process.standardInput = handle
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        process.waitUntilExit()
        defer {
            for suffix in [".out", ".err", ".in"] {
                try? FileManager.default.removeItem(atPath: out.deletingPathExtension().path + suffix)
            }
        }
        return Result(
            status: process.terminationStatus, output: String(decoding: try Data(contentsOf: out), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: err), as: UTF8.self))
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

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
    }
    func text(of path: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }
}
