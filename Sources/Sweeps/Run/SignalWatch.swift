import Synchronization

#if canImport(Glibc)
    @preconcurrency import Glibc
#else
    @preconcurrency import Darwin
#endif

// A signal handler can reach nothing but globals.
private let arrivals = Atomic(0)

/// While it lives, the first of the signals is noted and the next one ends the process as usual.
public final class SignalWatch: Sendable {
    private let signals: [Int32]

    init(_ signals: [Int32]) {
        self.signals = signals
        arrivals.store(0, ordering: .relaxed)
        // A parent may have left them blocked, as some that start processes from worker threads do.
        var set = sigset_t()
        sigemptyset(&set)
        for number in signals { sigaddset(&set, number) }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        for number in signals {
            signal(number) { number in
                if arrivals.add(1, ordering: .relaxed).oldValue > 0 {
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
        }
    }

    /// Whether one of the signals has come.
    public static var hasArrived: Bool { arrivals.load(ordering: .relaxed) > 0 }

    deinit {
        for number in signals { signal(number, SIG_DFL) }
    }
}
