import CGnuplot

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What gnuplot printed during a session that ended well.
public struct GnuplotOutput: Sendable, Equatable {
    public let standardOutput: String
    /// Warnings; empty as a rule.
    public let standardError: String
}

/// A running gnuplot that takes commands and data through gnuplot-iostream. One session, one task.
///
/// No shell is involved, nor any start-up file of the user's. Relative file names start from `folder`.
public struct GnuplotSession: ~Copyable {
    private let session: OpaquePointer

    /// - Throws: `FigureError.gnuplotNotInstalled`, or `gnuplotDoesNotStart` with the reason.
    public init(folder: String = ".", program: String = "gnuplot") throws(FigureError) {
        var status: Int32 = 0
        var message = [CChar](repeating: 0, count: 1024)
        guard let session = cgnuplot_open(program, folder, &status, &message, message.count) else {
            if status == CGNUPLOT_NOT_FOUND { throw .gnuplotNotInstalled(program: program) }
            throw .gnuplotDoesNotStart(reason: message.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
        }
        self.session = session
    }

    /// Sends commands. That gnuplot has already ended is no error here: `finish` tells why it did.
    public borrowing func send(_ commands: String) throws(FigureError) {
        try check(cgnuplot_send_text(session, commands))
    }

    /// Sends rows of equal length as the data block `$name`. Not finite values are missing ones.
    /// - Parameter name: a gnuplot identifier.
    public borrowing func send(rows: [[Double]], as name: String) throws(FigureError) {
        guard let columns = rows.first?.count, columns > 0 else { return }
        precondition(rows.allSatisfy { $0.count == columns }, "the rows of a table are equally long")
        let values = rows.joined().map { $0.isFinite ? $0 : .nan }
        try check(cgnuplot_send_table(session, name, values, rows.count, columns))
    }

    private borrowing func check(_ status: Int32) throws(FigureError) {
        if status == CGNUPLOT_CANNOT_FORMAT {
            throw .gnuplotFailed(status: -1, message: "the data could not be formatted")
        }
    }

    /// Ends the input and waits for gnuplot.
    /// - Throws: `FigureError.gnuplotFailed` with what gnuplot printed, unless its exit status is 0.
    public consuming func finish() throws(FigureError) -> GnuplotOutput {
        let ended = Self.close(session)
        discard self
        guard ended.status == 0 else {
            throw .gnuplotFailed(status: ended.status, message: trimmed(ended.output.standardError))
        }
        return ended.output
    }

    deinit { _ = Self.close(session) }

    private static func close(_ session: OpaquePointer) -> (status: Int32, output: GnuplotOutput) {
        var status: Int32 = 0
        var output: UnsafeMutablePointer<CChar>?
        var errors: UnsafeMutablePointer<CChar>?
        cgnuplot_close(session, &status, &output, &errors)
        defer {
            free(output)
            free(errors)
        }
        let texts = [output, errors].map { $0.map { String(cString: $0) } ?? "" }
        return (status, GnuplotOutput(standardOutput: texts[0], standardError: texts[1]))
    }
}

/// gnuplot's version as it names itself, such as `5.4 patchlevel 4`.
/// - Throws: `FigureError.gnuplotNotInstalled`, or another `FigureError` where it does not run.
public func gnuplotVersion(program: String = "gnuplot") throws(FigureError) -> String {
    let session = try GnuplotSession(program: program)
    try session.send("set print '-'\nprint sprintf('%.1f patchlevel %s', GPVAL_VERSION, GPVAL_PATCHLEVEL)")
    return trimmed(try session.finish().standardOutput)
}

func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
}
