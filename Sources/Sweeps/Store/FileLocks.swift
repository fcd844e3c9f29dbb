import Foundation

#if canImport(Glibc)
    @preconcurrency import Glibc
#else
    @preconcurrency import Darwin
#endif

/// Whether files can be locked: some network file systems cannot, and SQLite then calls a store busy for ever.
enum FileLocks {
    /// Why not, where an open file cannot be locked the way SQLite does it (`fcntl`); nil where it can.
    ///
    /// Closing any descriptor of a file drops the process's locks on it: never to be tried on a store itself.
    static func trouble(_ descriptor: Int32) -> String? {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 0
        lock.l_len = 1
        // Somebody else's lock is one, too.
        guard fcntl(descriptor, F_SETLK, &lock) != 0, errno != EACCES, errno != EAGAIN else { return nil }
        return String(cString: strerror(errno))
    }

    /// The same of the folder of a store, tried on a file without a name; nil also where none can be made.
    static func trouble(besideStore store: String) -> String? {
        var name = Array((store + ".probe-XXXXXX").utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        unlink(name)
        return trouble(descriptor)
    }

    /// Whether `flock` has failed because it is not to be had, not because somebody has the lock.
    static func isMissing(_ reason: Int32) -> Bool { [ENOLCK, ENOSYS, EOPNOTSUPP, EINVAL].contains(reason) }
}
