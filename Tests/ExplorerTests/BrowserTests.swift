import Explorer
import Foundation
import Support
import Testing

/// Pages in a real browser, driven as a person would. Without Chromium, D3 or Python they are left out, and say so.
@Suite(.serialized) struct BrowserTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    /// The executable lies beside the test bundle.
    private static let landau = Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("landau")
        .path

    private static let missing: String? = {
        let found = (try? run("/bin/sh", ["-c", "command -v \"${LANDAU_CHROMIUM:-chromium}\" && command -v python3"]))?
            .status
        if found != 0 { return "chromium (or python3) is not installed: apt-get install chromium python3" }
        return (try? D3Library.text()) == nil ? "D3 is not installed: apt-get install node-d3" : nil
    }()

    private struct Result {
        let status: Int32
        let output: String
    }

    private static func run(_ program: String, _ arguments: [String], in folder: URL? = nil) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = folder }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("explorer-\(UUID().uuidString).out")
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }

    /// A folder for one test; says loudly where the browser is missing, and does nothing then.
    private func withFolder(_ body: (URL) throws -> Void) throws {
        if let missing = Self.missing {
            FileHandle.standardError.write(Data("LEFT OUT: pages are not looked at: \(missing)\n".utf8))
            return
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "landau-explorer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    /// What the driver has seen; a failed check is an issue.
    private func drive(_ arguments: String..., checks least: Int) throws {
        let result = try Self.run(
            "/usr/bin/env", ["python3", Self.root.appendingPathComponent("Browser/drive.py").path] + arguments)
        #expect(result.status == 0, "\(result.output)")
        #expect(!result.output.contains("FAILED"), "\(result.output)")
        #expect(result.output.split(separator: "\n").count { $0.hasPrefix("ok: ") } >= least, "\(result.output)")
    }

    private func landau(_ arguments: String..., in folder: URL) throws {
        let result = try Self.run(Self.landau, arguments, in: folder)
        #expect(result.status == 0, "\(result.output)")
    }

    private func write(_ sweep: ExplorerSweep, _ title: String, reloads: Bool = false, to file: URL) throws {
        try ExplorerPage(title: title, .sweeps(ExplorerData([sweep])), reloads: reloads).html(d3: try D3Library.text())
            .write(to: file, atomically: true, encoding: .utf8)
    }

    @Test func aSweepIsLookedAtByHandAndKeys() throws {
        try withFolder { folder in
            // The name needs quotes in a shell, and the title is no markup.
            let name = "it's mine & <b>.yaml"
            try """
            title: "Depth <b>&amp;</b> order"
            model: weight-decay
            fixed: {width: 4, noise: 0.5}
            data: {teacher: gaussian, inputs: 3, samples: 200}
            axes:
              depth: [0, 1, 2]
              gamma: {from: 0.02, to: 1.5, points: 24, spacing: log}
            replicas: 2
            direction: [cold, up, down]
            orderParameter: squaredNorm
            """.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            try landau("run", name, in: folder)
            try landau("explore", name, "--page", "page.html", in: folder)
            try drive("tour", folder.appendingPathComponent("page.html").path, Self.landau, folder.path, checks: 35)
        }
    }

    @Test func wellsOfASweepCrossWhereItsTheoryHasTheTransition() throws {
        try withFolder { folder in
            try """
            model: weight-decay
            fixed: {width: 5, noise: 0.4}
            data: {teacher: gaussian, inputs: 4, samples: population}
            axes:
              depth: [0, 1, 2, 3]
              gamma: {from: 0.02, to: 1.5, points: 8, spacing: log}
            orderParameter: squaredNorm
            """.write(to: folder.appendingPathComponent("wells.yaml"), atomically: true, encoding: .utf8)
            try landau("run", "wells.yaml", in: folder)
            try landau("explore", "wells.yaml", "--page", "page.html", in: folder)
            try drive("wells", folder.appendingPathComponent("page.html").path, checks: 11)
        }
    }

    @Test func hostileTextsStayTexts() throws {
        try withFolder { folder in
            let hostile = "</script><script>window.intruder = 1; alert(1)</script><img src=x onerror=alert(2)>"
            var small = SmallSweep()
            (small.title, small.path, small.reason) = (hostile, hostile, hostile)
            (small.dimension, small.label) = ("d", .text(hostile))
            let page = folder.appendingPathComponent("hostile.html")
            try write(small.sweep, hostile, to: page)
            try drive("inert", page.path, hostile, checks: 6)
        }
    }

    @Test func namesThatNoShellCanHoldGiveNoCommand() throws {
        try withFolder { folder in
            for (number, character) in ["\n", "\u{1B}[31m", "\u{202E}", "\0"].enumerated() {
                var small = SmallSweep()
                small.path = "a\(character)b.yaml"
                let page = folder.appendingPathComponent("refused-\(number).html")
                try write(small.sweep, "t", to: page)
                try drive("refused", page.path, checks: 6)
            }
        }
    }

    @Test func aPageThatReloadsKeepsItsView() throws {
        try withFolder { folder in
            let page = folder.appendingPathComponent("watched.html")
            try write(SmallSweep().sweep, "t", reloads: true, to: page)
            try drive("reloading", page.path, checks: 4)
        }
    }

    @Test func aFailedTickGivesItsSentenceAndTheCommandThatGoesOn() throws {
        try withFolder { folder in
            let page = folder.appendingPathComponent("failed.html")
            try write(SmallSweep().sweep, "t", to: page)
            try drive(
                "failed", page.path, "the loss is not a number", "landau run sweeps/jump.yaml --retry diverged",
                checks: 4)
        }
    }

    @Test func everyModuleIsInStrictMode() throws {
        try withFolder { _ in
            let scripts = Self.root.appendingPathComponent("../../Sources/Explorer/Page").standardizedFileURL
            try drive("modules", scripts.path, checks: 2 * PageScripts.all.count)
        }
    }

    @Test func slidersOfTheTheoryPageMoveTheCurves() throws {
        try withFolder { folder in
            try landau("explore", "--theory", "weight-decay", "--page", "theory.html", in: folder)
            try drive("theory", folder.appendingPathComponent("theory.html").path, checks: 6)
        }
    }

    /// The page's arithmetic and the command's agree on all reference cases of deep linear nets.
    @Test func ridgePathOfThePageAgreesWithPredict() throws {
        try withFolder { folder in
            try landau("explore", "--theory", "weight-decay", "--page", "theory.html", in: folder)
            let cases = try RidgeCase.all()
            #expect(cases.count > 30)
            let questions = folder.appendingPathComponent("questions.jsonl")
            try cases.map { $0.question.serialized() + "\n" }.joined()
                .write(to: questions, atomically: true, encoding: .utf8)
            let answers = try Self.run(Self.landau, ["predict", "weight-decay", "--points", questions.path])
            let lines = answers.output.split(separator: "\n").map(String.init)
            try #require(lines.count == cases.count, "\(answers.output.prefix(300))")
            let file = folder.appendingPathComponent("cases.jsonl")
            try zip(cases, lines).map { try $0.expecting(JSONValue(parsing: $1)).serialized() + "\n" }.joined()
                .write(to: file, atomically: true, encoding: .utf8)
            try drive("ridge", folder.appendingPathComponent("theory.html").path, file.path, checks: cases.count)
        }
    }
}
