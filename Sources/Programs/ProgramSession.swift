import Foundation
import PhaseSpace
import Support

/// One running program: handshake, messages in both directions, its end. One owner, one thread.
final class ProgramSession: @unchecked Sendable {
    let command: ProgramCommand
    let child: ChildProcess
    private let lock: ProgramLock?
    private(set) var declaration: ProgramDeclaration?
    /// Lines of standard output that were no messages, and those that were meant to be.
    private(set) var strayLines = 0
    private(set) var mistakes: [String] = []
    private(set) var fingerprint = ""
    private(set) var versions: [String: String] = [:]
    private(set) var device = ""

    /// Seconds that a program may take to say what it is and that it is ready: an import of PyTorch on a busy file system
    /// takes minutes.
    static let usualStart = 600

    /// - Parameters:
    ///   - environment: beside `LANDAU_PROTOCOL`.
    ///   - path: of its log; nil where none is kept.
    /// - Throws: `ProgramError`.
    init(
        _ command: ProgramCommand, environment: [String: String] = [:], log path: String? = nil,
        lock: ProgramLock? = nil
    ) throws(ProgramError) {
        self.command = command
        self.lock = lock
        var environment = environment
        environment["LANDAU_PROTOCOL"] = "1"
        child = try ChildProcess(
            command, environment: environment, log: ProgramLog(path: path), inherited: lock?.descriptor)
        lock?.note(process: child.pid)
    }

    deinit { child.end() }

    // MARK: - Handshake

    /// Asks what the program is.
    /// - Throws: `ProgramError`: it is unavailable, has ended, hangs, or breaks the protocol.
    func declare(
        landau version: String, within seconds: Int = usualStart, isCancelled: () -> Bool = { false }
    ) throws(ProgramError) -> ProgramDeclaration {
        try send(["type": "hello", "protocol": 1, "landau": .text(version)], isCancelled)
        let answer = try awaited("an answer to `hello`", within: seconds, isCancelled) { message in
            switch message {
            case .model, .unavailable: true
            default: false
            }
        }
        if case .unavailable(let message) = answer { throw .unavailable(program: command.text, message: message) }
        guard case .model(let json) = answer else { throw broken("no answer to `hello`") }
        do throws(ProgramDeclaration.Mistake) {
            let declaration = try ProgramDeclaration(json)
            self.declaration = declaration
            return declaration
        } catch {
            throw broken("its `model` message: \(error.text)")
        }
    }

    /// Hands over the sweep's settings and waits until the program is ready.
    /// - Throws: `ProgramError`, `refused` with the key at fault.
    func open(
        seed: UInt64, precision: TrainingPrecision, effort: Int, settings: JSONValue, folder: String, scratch: String,
        within seconds: Int = usualStart, isCancelled: () -> Bool = { false }
    ) throws(ProgramError) {
        try send(
            [
                "type": "open", "seed": .number(Double(seed)), "precision": .text(precision.rawValue),
                "effort": .number(Double(effort)), "settings": settings, "folder": .text(folder),
                "scratch": .text(scratch),
            ], isCancelled)
        let answer = try awaited("`ready`", within: seconds, isCancelled) { message in
            switch message {
            case .ready, .refused: true
            default: false
            }
        }
        if case .refused(let key, let message) = answer { throw .refused(key: key, message: message) }
        guard case .ready(let ready) = answer else { throw broken("no `ready`") }
        fingerprint = ready.fingerprint ?? ""
        device = ready.device ?? ""
        versions = ready.versions ?? [:]
    }

    // MARK: - Messages

    /// - Throws: `ProgramError.ended` where nobody reads any more.
    func send(_ message: JSONValue, _ isCancelled: () -> Bool = { false }) throws(ProgramError) {
        guard child.send(Array((message.serialized(numbers: .shortest) + "\n").utf8), isCancelled: isCancelled) else {
            throw ended()
        }
    }

    enum Received {
        case message(ProgramMessage)
        case silence
        case mistake(String)
    }

    /// The next message; lines that are none go to the log.
    /// - Parameter milliseconds: how long to wait at most.
    /// - Throws: `ProgramError.ended`.
    func receive(within milliseconds: Int32) throws(ProgramError) -> Received {
        while true {
            switch child.receive(within: milliseconds) {
            case .silence: return .silence
            case .end: throw ended()
            case .line(let line):
                do throws(ProgramMessage.Mistake) {
                    if let message = try ProgramMessage(line: line) { return .message(message) }
                    strayLines += 1
                    child.log.append(line)
                    child.log.append([UInt8(ascii: "\n")])
                } catch {
                    if mistakes.count < 10 { mistakes.append(error.text) }
                    child.log.append(line: error.text)
                    return .mistake(error.text)
                }
            }
        }
    }

    func awaited(
        _ what: String, within seconds: Int, _ isCancelled: () -> Bool, _ isWanted: (ProgramMessage) -> Bool
    ) throws(ProgramError) -> ProgramMessage {
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(seconds) {
            if isCancelled() { throw .ended(program: command.text, how: "was stopped while it started", log: "") }
            switch try receive(within: 100) {
            case .message(let message) where isWanted(message): return message
            case .mistake(let text): throw broken(text)
            default: break
            }
        }
        child.end()
        throw .ended(
            program: command.text, how: "gave \(what) not within \(seconds) s (`timeout: {start: …}`)",
            log: child.log.text)
    }

    /// How the program ended, with the tail of its log; it is ended where it has only closed its output.
    func ended() -> ProgramError {
        child.end(afterMilliseconds: 1000)
        let how = child.ending?.words ?? "has closed its output"
        return .ended(program: command.text, how: how, log: child.log.text)
    }

    func broken(_ message: String) -> ProgramError { .protocolBroken(program: command.text, message: message) }

    /// Asks the program to stop, waits, and ends it where it does not.
    func stop(within seconds: Int) {
        _ = child.send(Array("{\"type\":\"stop\",\"within\":\(seconds)}\n".utf8), isCancelled: { true })
        child.closeInput()
        child.end(afterMilliseconds: 1000 * seconds)
    }
}
