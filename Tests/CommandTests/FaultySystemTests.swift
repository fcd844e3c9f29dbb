import Foundation
import Testing

/// A system that does not do what is expected of it: no locks, a clock that jumps.
@Suite struct FaultySystemTests {
    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <stdarg.h>
        #include <stdlib.h>
        #include <time.h>
        static int is_lock(int command) {
            return command == F_SETLK || command == F_SETLKW || command == F_GETLK || command == F_OFD_SETLK
                || command == F_OFD_SETLKW || command == F_OFD_GETLK;
        }
        #define REPLACED(name) \\
            int name(int file, int command, ...) { \\
                va_list list; \\
                va_start(list, command); \\
                void *argument = va_arg(list, void *); \\
                va_end(list); \\
                if (is_lock(command) && getenv("NO_FCNTL")) { errno = ENOLCK; return -1; } \\
                return ((int (*)(int, int, ...))dlsym(RTLD_NEXT, #name))(file, command, argument); \\
            }
        REPLACED(fcntl)
        REPLACED(fcntl64)
        int flock(int file, int operation) {
            if (getenv("NO_FLOCK")) { errno = ENOSYS; return -1; }
            return ((int (*)(int, int))dlsym(RTLD_NEXT, "flock"))(file, operation);
        }
        int clock_gettime(clockid_t clock, struct timespec *now) {
            static _Atomic long calls = 0;
            int status = ((int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime"))(clock, now);
            if (clock == CLOCK_REALTIME && getenv("CLOCK_JUMPS")) now->tv_sec += ++calls % 2 ? -100000000 : 100000000;
            return status;
        }
        """

    /// Nil, and said, where there is no C compiler.
    private func faults(_ landau: Landau) throws -> String? {
        try landau.write(Self.source, to: "faults.c")
        let result = try landau.shell(
            "-c",
            "for c in cc gcc clang /opt/swift/usr/bin/clang; do command -v $c >/dev/null || continue; "
                + "$c -shared -fPIC -o faults.so faults.c -ldl && exit 0; done; exit 1")
        if result.status != 0 { print("SKIPPED: faulty systems: apt-get install gcc \(result.errors)") }
        return result.status == 0 ? landau.folder.path + "/faults.so" : nil
    }

    @Test(arguments: [["NO_FCNTL"], ["NO_FLOCK"], ["NO_FCNTL", "NO_FLOCK"]])
    func withoutLocksNothingIsWrittenAndNothingIsLost(_ faults: [String]) throws {
        let landau = try Landau()
        defer { landau.remove() }
        guard let library = try self.faults(landau) else { return }
        let environment = Dictionary(uniqueKeysWithValues: faults.map { ($0, "1") }).merging(["LD_PRELOAD": library]) {
            $1
        }
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[]"])
        let first = try landau.run("run", "small.yaml", "depth=2", environment: environment)
        #expect(first.status == 2 && first.errors.contains("has no locks of files"), "\(first.errors)")
        #expect(!landau.exists("results/small/store.sqlite") && !landau.exists("results/small/store.sqlite.lock"))
        #expect(try landau.run("run", "small.yaml", "depth=2").status == 0)
        let file = landau.folder.appendingPathComponent("results/small/store.sqlite")
        let bytes = try Data(contentsOf: file)
        for verb in ["run", "delete"] {
            let words = [verb, "small.yaml"] + (verb == "run" ? ["depth=2"] : [])
            let result = try landau.run(words, environment: environment)
            #expect(result.status == 2 && result.errors.contains("has no locks of files"), "\(verb): \(result.errors)")
        }
        let export = try landau.run("export", "small.yaml", "depth=2", environment: environment)
        if faults.contains("NO_FCNTL") {
            #expect(export.status == 2 && export.errors.contains("has no locks of files"), "\(export.errors)")
        } else {
            #expect(export.status == 0, "\(export.errors)")
        }
        #expect(try Data(contentsOf: file) == bytes)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: landau.folder.path + "/results/small") == [
                "store.sqlite"
            ])
    }

    @Test func aClockThatJumpsChangesNoResult() throws {
        let landau = try Landau()
        defer { landau.remove() }
        guard let library = try faults(landau) else { return }
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[]"])
        let environment = ["LD_PRELOAD": library, "CLOCK_JUMPS": "1"]
        #expect(try landau.run("run", "small.yaml", "--out", "jumping", environment: environment).status == 0)
        #expect(try landau.run("run", "small.yaml", "--out", "plain").status == 0)
        let exports = try ["jumping", "plain"].map { try landau.run("export", "small.yaml", "--out", $0).output }
        #expect(exports[0] == exports[1] && !exports[0].isEmpty)
        // What a point took is no difference of wall clocks.
        let odd = "SELECT COUNT(*) || '' FROM observations WHERE seconds < 0 OR seconds > 1000"
        #expect(try landau.sql("jumping/store.sqlite", odd) == "0\n")
    }
}
