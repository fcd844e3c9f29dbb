import Foundation
import Testing

/// Slurm's commands as they may behave, without Slurm.
@Suite struct SlurmToolTests {
    @Test func aToolThatComplainsAtLengthIsHeardToTheEnd() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let complaint = "head -c 1000000 /dev/zero | tr '\\0' x >&2"
        for (name, answer) in [("scontrol", "echo MaxArraySize = 1001"), ("sbatch", "echo 17")] {
            try landau.write("#!/bin/sh\n\(complaint)\n\(answer)\n", to: name)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: landau.folder.appendingPathComponent(name).path)
        }
        let path = landau.folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        let command = "timeout 60 \(Landau.executable.path) submit small.yaml --shards 2"
        let result = try landau.shell("-c", command, environment: ["PATH": path])
        #expect(
            result.status == 0 && result.output.contains("job 17: 2 shards"),
            "\(result.status) \(result.errors.suffix(200))")
        // A refusal is said with its reason.
        try landau.write("#!/bin/sh\necho no such partition >&2\nexit 1\n", to: "sbatch")
        let refused = try landau.shell("-c", command, environment: ["PATH": path])
        #expect(
            refused.status == 2 && refused.errors.contains("sbatch: no such partition"), "\(refused.errors.suffix(200))"
        )
    }
}
