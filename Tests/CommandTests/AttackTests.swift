import Foundation
import Testing

/// A hundredth of `make attack`, where Python has what the oracles need.
@Suite struct AttackTests {
    private static let python: URL? = {
        let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let candidates = places.map { URL(fileURLWithPath: String($0)).appendingPathComponent("python3") }
        return candidates.first { python in
            guard FileManager.default.isExecutableFile(atPath: python.path) else { return false }
            let process = Process()
            process.executableURL = python
            process.arguments = ["-c", "import mpmath, numpy, scipy"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
    }()

    @Test(.enabled(if: python != nil)) func slowCodeFindsNothingWrong() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let oracles = Landau.root.appendingPathComponent("Benchmarks/oracles/attack.py").path
        let run = try landau.start(
            [oracles, "--landau", Landau.executable.path, "--scale", "0.01", "--seed", "7"],
            environment: ["PYTHONDONTWRITEBYTECODE": "1"], executable: try #require(Self.python)
        ).result()
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains(", 0 numbers wrong."))
    }
}
