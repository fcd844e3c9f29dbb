import Figures
import Foundation

/// The templates of this package, whatever the working directory is.
let templates = FigureTemplates(
    folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("plots").path)

/// A folder of its own for a test, removed at the end; kept where LANDAU_KEEP_FIGURES names a place for it.
func withFolder<Result>(_ name: String = UUID().uuidString, _ body: (String) throws -> Result) throws -> Result {
    let kept = ProcessInfo.processInfo.environment["LANDAU_KEEP_FIGURES"]
    let folder = (kept ?? NSTemporaryDirectory()) + "/" + name
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { if kept == nil { try? FileManager.default.removeItem(atPath: folder) } }
    return try body(folder)
}

func text(of path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

/// Runs a program to its end, without a shell.
func run(_ program: String, _ arguments: [String], in folder: String) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
    process.arguments = [program] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let printed = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: printed, as: UTF8.self))
}
