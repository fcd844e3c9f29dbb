import ArgumentParser
import Foundation
import PhaseSpace
import Programs
import Support
import Sweeps

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tests whether a program does what chains, resumes and verdicts rest on.",
        discussion: """
            landau check ./net.py
            landau check sweep.yaml width=4

            A program is checked at points of its own starter sweep, a sweep file's at points of that sweep: five values of \
            the swept control, the other controls at their first values. Each check is a sentence; the exit status is 1 \
            where one fails, and 3 where the program says that it cannot work here.
            """)

    @Argument(help: "A program such as ./net.py, or a sweep file that names one.") var program: String
    @Argument(help: "Overrides: gamma=0.1,0.2  width=4  data.samples=100") var overrides: [String] = []

    /// Points of the checks; more of them take longer and tell no more.
    private static let pointCount = 5

    func run() throws {
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("landau-check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        do { try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true) } catch {
            throw Failure("\(scratch.path): cannot be made: \(error.localizedDescription)")
        }
        // Every state counts here, however quickly its point was trained.
        setenv("LANDAU_SAVE_EVERY", "0", 1)
        let host = ProgramSource.host(results: scratch.path, workers: 1)
        let plan = try SweepPlan(spec(host, scratch.path))
        let axis = plan.spec.along
        let chain = plan.points.filter { $0.replica == 0 && $0.direction == plan.spec.directions[0] }
        let fixed = chain.first?.controls.filter { $0.key != axis }
        let line = chain.filter { point in fixed.map { $0.allSatisfy { point.controls[$0.key] == $0.value } } ?? true }
            .sorted { ($0.controls[axis]?.number ?? 0) < ($1.controls[axis]?.number ?? 0) }
        let last = Double(line.count - 1) / Double(max(1, Self.pointCount - 1))
        let points =
            line.count <= Self.pointCount
            ? line : (0..<Self.pointCount).map { line[Int((Double($0) * last).rounded())] }
        var failed = 0
        do {
            try ProgramCheck(plan.model, points: points, axis: axis).run { finding in
                if finding.outcome == .failed { failed += 1 }
                print("\(Self.marks[finding.outcome] ?? "")  \(finding.sentence)")
                _ = flushStandardOutput()
            }
        } catch let error as ProgramError {
            print("\(Self.marks[.failed] ?? "")  \(error)")
            failed += 1
        }
        if failed > 0 {
            complain("landau: \(counted(failed, "check")) failed")
            throw ExitCode(.unfinished)
        }
    }

    private static let marks: [ProgramFinding.Outcome: String] = [
        .passed: "ok     ", .failed: "FAILED ", .skipped: "–      ",
    ]

    private func spec(_ host: ProgramHost, _ scratch: String) throws -> SweepSpec {
        if program.hasSuffix(".yaml") || program.hasSuffix(".yml") {
            var options = try SweepOptions.parse([program])
            options.overrides = overrides
            return try options.spec(programs: .started(host))
        }
        let family: ModelFamily
        do {
            family = try host.family(of: ProgramSettings(words: .file(program), folder: ""))
        } catch {
            throw ProgramSource.failure(of: error, at: .file(program))
        }
        let starter = scratch + "/starter.yaml"
        try family.declaration.starterSpec.write(toFile: starter, atomically: true, encoding: .utf8)
        do {
            return try SweepSpec.read(path: starter, overrides: overrides, models: [], start: { _, _ in family })
        } catch let error as SpecError {
            throw Failure("the starter sweep of \(program) cannot be read: \(error.message)")
        }
    }
}
