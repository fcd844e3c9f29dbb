import ArgumentParser
import Foundation
import PhaseSpace
import Support

/// The command with all its verbs. An executable of your own that calls `Landau.main()`, after `register(_:)` for models
/// of your own, is `landau` with these models.
public struct Landau: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "landau",
        abstract: "Trains tiny nets over a sweep of control parameters, finds their phase transitions, and draws them.",
        discussion: """
            With `--errors json` every verb writes what is wrong as a line of JSON to standard error: \
            {"file": …, "line": …, "column": …, "message": …}, null where there is no place.
            """,
        version: toolVersion,
        subcommands: [
            RunCommand.self, StatusCommand.self, TransitionsCommand.self, PlotCommand.self, PredictCommand.self,
            ReproduceCommand.self, GalleryCommand.self, ModelsCommand.self, ExportCommand.self, MergeCommand.self,
            SubmitCommand.self, RepairCommand.self, CollapseCommand.self, NewCommand.self, ListCommand.self,
            DeleteCommand.self, CheckCommand.self, ExploreCommand.self,
            ManualCommand.self,
        ])

    public init() {}

    /// Runs the verb that the command line names, and ends the process unless all is well.
    ///
    /// ArgumentParser ends with 64 on a usage error and with 1 on any thrown error; here both are bad input, 2.
    public static func main() {
        do {
            let arguments = try ErrorForm.taken(from: CommandLine.arguments.dropFirst()).arguments
            if arguments == ["--version"] {
                print(versionText())
                return
            }
            var command = try parseAsRoot(arguments)
            try command.run()
            // What `print` could not write is known only now: a full disk must not look like success.
            if !flushStandardOutput() { throw unwritableOutput() }
        } catch let code as ExitCode {
            if !flushStandardOutput() { complain("landau: \(unwritableOutput().message)") }
            Foundation.exit(code.rawValue)
        } catch let failure as Failure {
            complainOfEnd(failure)
            Foundation.exit(failure.status.rawValue)
        } catch {
            let code = exitCode(for: error)
            if code.isSuccess { exit(withError: error) }
            if code == .validationFailure {
                complain(ErrorForm.current == .json ? "landau: " + fullMessage(for: error) : fullMessage(for: error))
            } else {
                complainOfEnd(error)
            }
            Foundation.exit(ExitStatus.badInput.rawValue)
        }
    }
}

/// What the command's exit status means.
enum ExitStatus: Int32 {
    case done = 0
    /// A recipe failed, or a sweep is not complete.
    case unfinished = 1
    /// Usage, bad input, unwritable directory, damaged or locked store.
    case badInput = 2
    /// A tool such as gnuplot is not installed.
    case missingTool = 3
    /// Stopped by a signal; the same command goes on.
    case interrupted = 75
}

/// An error whose exit status is not 2, or that needs no more than its sentence.
struct Failure: Error, CustomStringConvertible {
    let message: String
    let status: ExitStatus
    /// Whether a recipe that ends so cannot be run here, and is left out rather than failed.
    let leavesOut: Bool
    var description: String { message }
    init(_ message: String, status: ExitStatus = .badInput, leavesOut: Bool = false) {
        self.message = message
        self.status = status
        self.leavesOut = leavesOut
    }
}

func unwritableOutput() -> Failure {
    Failure("the results could not be written to standard output: \(String(cString: strerror(errno)))")
}

/// A file that should have been there to be read.
func unreadable(_ path: String) -> Failure { Failure("\(path): cannot be read: \(FileTrouble.reading(path))") }

extension ExitCode {
    init(_ status: ExitStatus) { self.init(status.rawValue) }
}

/// Says why the command ends.
private func complainOfEnd(_ error: any Error) {
    if ErrorForm.current == .json { write(ErrorLine(error).text) } else { complain("landau: \(error)") }
}

/// Writes a line to standard error. What is wrong begins with `landau: `, and is JSON where that was asked for.
func complain(_ line: String) {
    let isError = line.hasPrefix("landau: ") && !line.hasPrefix("landau: note: ")
    write(isError && ErrorForm.current == .json ? ErrorLine(String(line.dropFirst("landau: ".count))).text : line)
}

/// Where standard error cannot be written nobody is left to be told.
private func write(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
}
