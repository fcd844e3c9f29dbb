import Foundation
import PhaseSpace
import Synchronization

#if canImport(Glibc)
    @preconcurrency import Glibc
#else
    @preconcurrency import Darwin
#endif

/// Tells how far a run is: a bar that is redrawn on a terminal, elsewhere a line every few seconds.
public final class RunProgress: Sendable {
    private let isTerminal: Bool
    private let interval: Double
    private let write: @Sendable (String) -> Void
    private let lastTime = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameters:
    ///   - interval: seconds between two lines, or between two states of the bar.
    ///   - write: gets whole lines, or on a terminal whole states of the bar.
    public init(isTerminal: Bool, interval: Double? = nil, write: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.interval = interval ?? (isTerminal ? 0.2 : 5)
        self.write = write
    }

    /// On standard error, as a bar where that is a terminal.
    public static func standardError() -> RunProgress {
        RunProgress(isTerminal: isatty(STDERR_FILENO) == 1) { text in
            // A full disk behind standard error is no reason to stop training.
            try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
        }
    }

    func update(done: Int, total: Int, startingAt before: Int, since start: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        let isDue = lastTime.withLock { last in
            guard now - (last ?? start) >= .seconds(interval) else { return false }
            last = now
            return true
        }
        if isDue { show(done, total, done - before, Self.seconds(since: start), isLast: false) }
    }

    /// The final state, shown only where something was shown before.
    func finish(done: Int, total: Int, startingAt before: Int, since start: ContinuousClock.Instant) {
        guard lastTime.withLock({ $0 != nil }) else { return }
        show(done, total, done - before, Self.seconds(since: start), isLast: true)
    }

    private func show(_ done: Int, _ total: Int, _ recorded: Int, _ seconds: Double, isLast: Bool) {
        let rate = seconds > 0 ? Double(recorded) / seconds : 0
        let fraction = total > 0 ? Double(done) / Double(total) : 1
        var text = "\(done) of \(total) points, \(rateInWords(rate))"
        if !isLast { text += rate > 0 ? ", \(duration(Double(total - done) / rate)) left" : ", time left unknown" }
        if isTerminal {
            let filled = Int(min(max(fraction, 0), 1) * 30)
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
            write("\r[\(bar)] \(text)\u{1B}[K" + (isLast ? "\n" : ""))
        } else {
            write(text + "\n")
        }
    }

    static func seconds(since start: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - start) / .seconds(1)
    }
}

/// `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`.
func duration(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "years" }
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
}

func rateInWords(_ rate: Double) -> String {
    rate >= 10 || rate == 0 ? "\(Int(rate.rounded())) points/s" : String(format: "%.2g points/s", rate)
}
