import Foundation

/// A locked file that a child and its own children keep open: while one of them lives, a later run's worker of the same
/// number does not start.
package final class ProgramLock: Sendable {
    let descriptor: Int32

    /// Waits for as long as a program may take to stop.
    /// - Throws: `ProgramError.unusable` with the number of the process that holds it.
    init(scratch: String, worker: Int) throws(ProgramError) {
        do { try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true) } catch {
            throw .unusable("no folder for the program's states: \(scratch) cannot be made")
        }
        let path = "\(scratch)/worker-\(worker).lock"
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unusable("\(path) cannot be written") }
        for attempt in 0... {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { break }
            guard attempt < 10 * ProgramWorker.patience else {
                var text = [UInt8](repeating: 0, count: 32)
                let count = max(0, pread(descriptor, &text, text.count, 0))
                close(descriptor)
                let process = String(decoding: text.prefix(count), as: UTF8.self).filter(\.isNumber)
                throw .unusable(
                    "a program of an earlier run still trains here"
                        + (process.isEmpty ? "" : " (process \(process))") + ": wait for its end, or end it")
            }
            usleep(100_000)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Says who is to be waited for.
    func note(process: pid_t) {
        ftruncate(descriptor, 0)
        let text = Array("\(process)\n".utf8)
        _ = pwrite(descriptor, text, text.count, 0)
    }
}
