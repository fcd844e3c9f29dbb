// Without Foundation, which brings in `stdout` as a variable that Swift 6 does not let anybody read.
#if canImport(Glibc)
    @preconcurrency import Glibc
#else
    @preconcurrency import Darwin
#endif

/// Writes out what `print` has buffered.
/// - Returns: whether everything printed so far has been written.
func flushStandardOutput() -> Bool { fflush(stdout) == 0 && ferror(stdout) == 0 }
