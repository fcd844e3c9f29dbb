import CProcess
import Support

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A child in a process group of its own, with pipes for its three streams. One owner, one thread.
///
/// Reading and writing never wait for one another: while a line is written, what the child prints is taken in, so that
/// neither side can block the other for ever.
final class ChildProcess {
    /// How a child ended.
    enum Ending: Equatable {
        case exit(Int32)
        case signal(Int32)

        var words: String {
            switch self {
            case .exit(let status): "ended with exit status \(status)"
            case .signal(let number): "was ended by the signal \(Self.name(number))"
            }
        }

        private static func name(_ number: Int32) -> String {
            let names: [Int32: String] = [
                SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGHUP: "SIGHUP", SIGILL: "SIGILL",
                SIGINT: "SIGINT", SIGKILL: "SIGKILL", SIGPIPE: "SIGPIPE", SIGSEGV: "SIGSEGV", SIGTERM: "SIGTERM",
                SIGXCPU: "SIGXCPU",
            ]
            return names[number] ?? "\(number)"
        }
    }

    let pid: pid_t
    private let input: Int32
    private let output: Int32
    private let errors: Int32
    private var isInputOpen = true
    private var isOutputOpen = true
    private var areErrorsOpen = true
    private var received: [UInt8] = []
    /// Where the next line begins in `received`, and up to where its end was looked for.
    private var lineStart = 0
    private var searched = 0
    private(set) var ending: Ending?
    let log: ProgramLog

    /// A line that is longer is no message.
    static let longestLine = 64 << 20

    /// - Parameters:
    ///   - environment: added to this process's own.
    ///   - inherited: a descriptor that the child and its own children keep open, such as that of a lock.
    /// - Throws: `ProgramError.unusable` where it does not start.
    init(
        _ command: ProgramCommand, environment: [String: String], log: ProgramLog, inherited: Int32? = nil
    ) throws(ProgramError) {
        self.log = log
        let words = command.arguments.map { strdup($0) } + [nil]
        let variables = Self.environment(adding: environment).map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var ends: [Int32] = [-1, -1, -1]
        var pid: pid_t = 0
        let status = cprocess_start(
            words, variables, command.folder.isEmpty ? "." : command.folder, inherited ?? -1, &ends, &pid)
        guard status == 0 else {
            throw .unusable("`\(command.text)` does not start: \(String(cString: strerror(status)))")
        }
        self.pid = pid
        (input, output, errors) = (ends[0], ends[1], ends[2])
    }

    deinit {
        if isInputOpen { close(input) }
        if isOutputOpen { close(output) }
        if areErrorsOpen { close(errors) }
    }

    private static func environment(adding more: [String: String]) -> [String] {
        var all: [String] = []
        var at = environ
        while let entry = at.pointee {
            let text = String(cString: entry)
            if !more.keys.contains(where: { text.hasPrefix($0 + "=") }) { all.append(text) }
            at += 1
        }
        return all + more.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    // MARK: - Lines

    enum Received {
        case line([UInt8])
        /// Nothing came within the time.
        case silence
        /// The child has closed its output: it has ended or will not say anything more.
        case end
    }

    /// The next line of the child's standard output, without its end.
    /// - Parameter milliseconds: how long to wait at most.
    func receive(within milliseconds: Int32) -> Received {
        if let line = takeLine() { return .line(line) }
        guard isOutputOpen else { return .end }
        exchange(writing: [], within: milliseconds)
        if let line = takeLine() { return .line(line) }
        guard isOutputOpen else { return .end }
        guard hasEnded else { return .silence }
        // Its own children may hold the pipe open: what is in it is read, and no more is waited for.
        exchange(writing: [], within: 0)
        return takeLine().map(Received.line) ?? .end
    }

    /// Writes all of it, taking in what the child prints meanwhile.
    /// - Parameter isCancelled: looked at whenever the child does not read.
    /// - Returns: false where the child does not read any more, or the run is to stop.
    func send(_ bytes: [UInt8], isCancelled: () -> Bool = { false }) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty, isInputOpen {
            let before = rest.count
            rest = rest.dropFirst(exchange(writing: rest, within: 200))
            if rest.count == before, isCancelled() || (!isOutputOpen && hasEnded) { return false }
        }
        return rest.isEmpty
    }

    func closeInput() {
        if isInputOpen { close(input) }
        isInputOpen = false
    }

    private func takeLine() -> [UInt8]? {
        let end = received.withUnsafeBufferPointer { bytes in
            bytes[searched...].firstIndex(of: UInt8(ascii: "\n"))
        }
        if let end {
            defer { (lineStart, searched) = (end + 1, end + 1) }
            return Array(received[lineStart..<end])
        }
        received.removeFirst(lineStart)
        (lineStart, searched) = (0, received.count)
        // Nobody waits for the end of such a line.
        if received.count > Self.longestLine {
            log.append(line: "a line of more than \(Self.longestLine >> 20) MB on standard output was left out")
            received.removeAll()
            searched = 0
        }
        return nil
    }

    /// One round of reading and writing; returns as soon as anything could be done.
    /// - Returns: number of bytes written.
    @discardableResult
    private func exchange(writing bytes: ArraySlice<UInt8>, within milliseconds: Int32) -> Int {
        var polled = [
            pollfd(fd: isOutputOpen ? output : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: areErrorsOpen ? errors : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isInputOpen && !bytes.isEmpty ? input : -1, events: Int16(POLLOUT), revents: 0),
        ]
        guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return 0 }
        if polled[1].revents != 0 { areErrorsOpen = read(errors) { log.append($0) } }
        if polled[0].revents != 0 { isOutputOpen = read(output) { received += $0 } }
        guard polled[2].revents != 0 else { return 0 }
        let count = bytes.withUnsafeBytes { Self.write($0, to: input) }
        if count < 0, errno != EAGAIN, errno != EINTR { closeInput() }
        return max(0, count)
    }

    /// - Returns: false at the end of the stream.
    private func read(_ descriptor: Int32, _ use: (UnsafeRawBufferPointer.SubSequence) -> Void) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { use(UnsafeRawBufferPointer(buffer)[..<count]) }
            return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
        }
    }

    /// A child that has ended must not end Landau by SIGPIPE: the signal is held back and taken off again.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        var pipe = sigset_t()
        var old = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, &old)
        let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        let error = errno
        if count < 0, error == EPIPE {
            var now = timespec()
            while sigtimedwait(&pipe, nil, &now) < 0, errno == EINTR {}
        }
        pthread_sigmask(SIG_SETMASK, &old, nil)
        errno = error
        return count
    }

    // MARK: - The end

    var hasEnded: Bool {
        if ending != nil { return true }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return false }
        ending = status & 0x7f == 0 ? .exit((status >> 8) & 0xff) : .signal(status & 0x7f)
        return true
    }

    /// Waits for the end, taking in what is still printed.
    func waitForEnd(milliseconds: Int) -> Bool {
        var left = milliseconds
        while !hasEnded {
            guard left > 0 else { return false }
            exchange(writing: [], within: 20)
            // Where all pipes are closed, poll waits its time as well.
            left -= 20
        }
        return true
    }

    /// Ends the whole process group: SIGTERM, and five seconds later SIGKILL.
    func end(afterMilliseconds grace: Int = 0) {
        closeInput()
        if !waitForEnd(milliseconds: grace) {
            kill(-pid, SIGTERM)
            _ = waitForEnd(milliseconds: 5000)
        }
        // Children that it left behind are of its group.
        kill(-pid, SIGKILL)
        _ = waitForEnd(milliseconds: 5000)
        while areErrorsOpen || isOutputOpen {
            let before = (areErrorsOpen, isOutputOpen)
            exchange(writing: [], within: 20)
            if before == (areErrorsOpen, isOutputOpen) { break }
        }
    }
}
