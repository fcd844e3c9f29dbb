import Foundation
import Testing

/// Slurm's commands as they may behave, without Slurm.
@Suite struct SlurmToolTests {
    @Test func aToolThatComplainsAtLengthIsHeardToTheEnd() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let complaint = "head -c 1000000 /dev/zero | tr '\\0' x >&2"
        func install(_ name: String, _ lines: String) throws {
            try landau.write("#!/bin/sh\n\(lines)\n", to: name)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: landau.folder.appendingPathComponent(name).path)
        }
        try install("scontrol", "\(complaint)\necho MaxArraySize = 1001")
        try install("sbatch", "\(complaint)\necho 17")
        let path = landau.folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        let command = "timeout 60 \(Landau.executable.path) submit small.yaml --shards 2"
        let result = try landau.shell("-c", command, environment: ["PATH": path])
        #expect(
            result.status == 0 && result.output.contains("job 17: 2 shards"),
            "\(result.status) \(result.errors.suffix(200))")
        // A refusal is said with its reason.
        try install("sbatch", "echo no such partition >&2\nexit 1")
        let refused = try landau.shell("-c", command, environment: ["PATH": path])
        #expect(
            refused.status == 2 && refused.errors.contains("sbatch: no such partition"), "\(refused.errors.suffix(200))"
        )
    }
}
