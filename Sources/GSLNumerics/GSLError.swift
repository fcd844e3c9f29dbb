import CGSL

/// Why a numerical routine gave no answer, as a sentence.
public enum GSLError: Error, Equatable, CustomStringConvertible {
    /// Arguments that make no sense together; the sentence says which and what would be right.
    case invalidInput(String)
    /// A value that had to be finite is infinite or not a number.
    case notFinite(String)
    /// A bracket that holds no root, or no minimum, as far as its ends tell.
    case notBracketed(String)
    /// The tolerance was not met.
    case notConverged(String)
    /// GSL itself refused: its routine and its own words.
    case refused(routine: String, reason: String)

    public var description: String {
        switch self {
        case .invalidInput(let s), .notFinite(let s), .notBracketed(let s), .notConverged(let s): s
        case .refused(let routine, let reason): "\(routine) failed: \(reason)"
        }
    }
}

/// GSL's default handler aborts the process; every entry into GSL goes through `GSL.enter` first.
enum GSL {
    private static let errorHandlerIsOff: Bool = {
        _ = gsl_set_error_handler_off()
        return true
    }()

    static func enter() { precondition(errorHandlerIsOff) }

    static func check(_ status: Int32, _ routine: String) throws(GSLError) {
        guard status != GSL_SUCCESS else { return }
        throw .refused(routine: routine, reason: String(cString: gsl_strerror(status)))
    }

    static func allocated<T>(_ pointer: UnsafeMutablePointer<T>?, _ routine: String) throws(GSLError)
        -> UnsafeMutablePointer<T>
    {
        guard let pointer else { throw .refused(routine: routine, reason: "out of memory") }
        return pointer
    }

    /// GSL validates nothing: a NaN would run its loops for ever or come back as a plausible number.
    static func requireFinite(_ xs: [Double], _ what: String) throws(GSLError) {
        if let i = xs.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite("\(what) must be finite, but number \(i + 1) of \(xs.count) is \(xs[i])")
        }
    }
}

extension GSL {
    static func requireFinite(_ x: Double, _ what: String) throws(GSLError) {
        if !x.isFinite { throw .notFinite("\(what) must be finite, not \(x)") }
    }
}

/// The version of GSL that the program runs with, such as `2.7.1`: `GSLNumerics.version`.
public var version: String { String(cString: cgsl_version()) }
