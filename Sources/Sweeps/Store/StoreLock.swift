import Foundation

#if canImport(Glibc)
    @preconcurrency import Glibc
#else
    @preconcurrency import Darwin
#endif

/// The right to write a store: a file beside it, locked for as long as the writer lives.
///
/// The system frees the lock of a process that dies, so that a dead holder never blocks anybody.
final class StoreLock: Sendable {
    private let descriptor: Int32
    private let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// - Throws: `StoreError.locked` with the holder's process, host and start.
    static func acquire(besideStore store: String) throws(StoreError) -> StoreLock {
        let path = store + ".lock"
        // Somebody who only asks for the holder has the lock for an instant too.
        var attempts = 5
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                if [EACCES, EROFS, EPERM].contains(errno) { throw .readOnly(path: store) }
                throw .unwritable(path: path, detail: String(cString: strerror(errno)))
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let reason = errno
                let holder = text(of: descriptor)
                close(descriptor)
                attempts -= 1
                if reason == EWOULDBLOCK, attempts > 0 {
                    usleep(20_000)
                    continue
                }
                if reason == EWOULDBLOCK { throw .locked(path: store, holder: holder) }
                let detail = String(cString: strerror(reason))
                guard FileLocks.isMissing(reason) else { throw .unwritable(path: path, detail: detail) }
                // Nobody can hold it.
                unlink(path)
                throw .withoutLocks(path: store, detail: detail)
            }
            if let trouble = FileLocks.trouble(descriptor) {
                unlink(path)
                close(descriptor)
                throw .withoutLocks(path: store, detail: trouble)
            }
            // A previous holder may have removed the file between our opening and our locking it.
            var opened = stat()
            var named = stat()
            guard fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino else {
                close(descriptor)
                continue
            }
            let since = ISO8601DateFormatter().string(from: Date())
            let line = "process \(getpid()) on \(hostName()) since \(since)\n"
            ftruncate(descriptor, 0)
            _ = line.withCString { write(descriptor, $0, strlen($0)) }
            return StoreLock(descriptor: descriptor, path: path)
        }
    }

    /// Who writes to the store right now; nil where nobody does.
    static func holder(ofStore store: String) -> String? {
        let descriptor = open(store + ".lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, !FileLocks.isMissing(errno) else { return nil }
        return text(of: descriptor)
    }

    private static func text(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        let line = text.split(separator: "\n").first.map(String.init) ?? ""
        return line.isEmpty ? "another process" : line
    }

    deinit {
        unlink(path)
        close(descriptor)
    }
}

/// The machine's name, without asking the network for it.
func hostName() -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "an unnamed host" }
    return bytes.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
}
