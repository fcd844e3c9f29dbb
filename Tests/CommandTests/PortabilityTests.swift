import Foundation
import GRDB
import Testing

/// Results are the same bits on every processor. Variants of the kernels are tested elsewhere; here it is the C library,
/// which chooses its exp, log, sin and so on by processor, with other last bits.
@Suite struct PortabilityTests {
    @Test(
        .enabled(if: CLibrary.isGlibcOnIntel, "only glibc on x86-64 can be told which of its functions to choose"),
        .enabled(if: CLibrary.compiler != nil, "needs clang or cc for functions that are off by one bit"),
        arguments: SmallSweep.all)
    func resultsDoNotDependOnTheCLibrarysFunctions(_ sweep: SmallSweep) throws {
        let landau = try Landau()
        defer { landau.remove() }
        let usual = try results(of: sweep, landau, [:])
        #expect(usual.export.split(separator: "\n").count > 1)
        for environment in [CLibrary.withoutFMA, ["LD_PRELOAD": try CLibrary.offByOneBit.get()]] {
            let other = try results(of: sweep, landau, environment)
            #expect(other.export == usual.export, "\(environment)")
            #expect(other.rows == usual.rows, "\(environment)")
        }
    }

    @Test(.enabled(if: CLibrary.isGlibcOnIntel && CLibrary.compiler != nil, "see above"))
    func theFunctionsThatAreOffByOneBitAreUsed() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let program = "awk 'BEGIN { printf \"%.17g %.17g\", exp(1), log(3) }'"
        let usual = try landau.shell("-c", program)
        let other = try landau.shell(
            "-c", program, environment: ["LD_PRELOAD": try CLibrary.offByOneBit.get()])
        #expect(usual.output.hasPrefix("2.718281828459045") && other.output.hasPrefix("2.718281828459045"))
        #expect(other.output != usual.output)
    }

    /// - Returns: what `export` says, and all rows: also refined points, trajectories and followed branches.
    private func results(
        of sweep: SmallSweep, _ landau: Landau, _ environment: [String: String]
    ) throws -> (export: String, rows: [String]) {
        let name = UUID().uuidString
        try landau.write(sweep.text, to: "\(name).yaml")
        let run = try landau.run("run", "\(name).yaml", "--threads", "1", environment: environment)
        try #require(run.status == 0, "\(run.errors)")
        let store = landau.folder.appendingPathComponent("results/\(name)/store.sqlite")
        let queue = try DatabaseQueue(path: store.path)
        defer { try? queue.close() }
        let rows = try queue.read { db in
            try ["observations", "trajectories", "branches"].filter { try db.tableExists($0) }.flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { row in
                    // What tells how long a point took, also through its row's checksum.
                    "\(table) \(row.filter { $0.0 != "seconds" && $0.0 != "checksum" })"
                }
            }
        }
        return (try landau.run("export", "\(name).yaml", "--format", "jsonl").output, rows.sorted())
    }
}

/// Other elementary functions than those that this processor gets by itself.
private enum CLibrary {
    #if arch(x86_64) && canImport(Glibc)
        static let isGlibcOnIntel = true
    #else
        static let isGlibcOnIntel = false
    #endif

    /// What a processor without fused multiply–adds gets.
    static let withoutFMA = ["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-AVX2_Usable,-FMA_Usable"]

    static let compiler: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .flatMap { folder in ["clang", "cc"].map { URL(fileURLWithPath: "\(folder)/\($0)") } }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }

    private static let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "landau-\(UUID().uuidString)")

    /// A library to load first, in which every value is the one above the right one: variants differ once in a thousand
    /// values, and many a use of them would hide among so few. GSL is let through: what a model takes of it is left to the
    /// variants.
    static let offByOneBit: Result<String, any Error> = Result {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: CLibrary.folder) }
        let name = folder.appendingPathComponent("off-by-one-bit").path
        let one = [
            "exp", "exp2", "expm1", "log", "log2", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
            "tanh", "erf", "erfc", "tgamma", "lgamma",
        ]
        let source =
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <math.h>
            #include <string.h>
            static double above(double y, void *caller) {
                Dl_info place;
                if (dladdr(caller, &place) && strstr(place.dli_fname, "libgsl")) return y;
                return y == 0 || isnan(y) || isinf(y) ? y : nextafter(y, INFINITY);
            }
            #define HERE __builtin_return_address(0)
            #define ONE(f) double f(double x) { return above(((double (*)(double))dlsym(RTLD_NEXT, #f))(x), HERE); }
            #define TWO(f) double f(double x, double y) \\
                { return above(((double (*)(double, double))dlsym(RTLD_NEXT, #f))(x, y), HERE); }
            TWO(pow) TWO(atan2)

            """ + one.map { "ONE(\($0))\n" }.joined()
        try source.write(toFile: name + ".c", atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = compiler
        process.arguments = ["-O1", "-fno-builtin", "-shared", "-fPIC", name + ".c", "-o", name + ".so", "-ldl", "-lm"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return name + ".so"
    }
}
