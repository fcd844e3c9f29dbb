import Foundation
import PhaseSpace
import Support
import Testing

/// Specs and questions that somebody has broken, on purpose or not: always a place and a reason, never a crash.
@Suite struct HostileInputTests {
    /// How many mutants; `make torture` sets more.
    private static let count = Int(ProcessInfo.processInfo.environment["LANDAU_MUTANTS"] ?? "") ?? 2000
    private static let pieces = [
        "0", "-1", "1e999", ".nan", "[", "]", "{", "}", ":", "- ", "\n", "\t", "&a ", "*a ", "!!str ", "'", "\"", "|",
        ">",
        "%", "@", "`", "$(touch canary)", "γ", "\u{0}", "\u{FEFF}", "null", "true", "010", "1:30", "#", ",", "?", "  ",
        "9999999999999999999", "points", "gamma", "depth", "model", "zip", "derived", "((((", "^^", "1/0",
    ]

    private static func mutant(of text: String, _ random: inout SplitMix) -> String {
        var characters = Array(text.unicodeScalars)
        for _ in 0...random.next() % 4 {
            let at = Int(random.next() % UInt64(characters.count + 1))
            let piece = Array(pieces[Int(random.next() % UInt64(pieces.count))].unicodeScalars)
            switch random.next() % 5 {
            case 0: characters.insert(contentsOf: piece, at: at)
            case 1: characters.removeSubrange(at..<min(characters.count, at + Int(random.next() % 12)))
            case 2: characters.replaceSubrange(at..<min(characters.count, at + 1), with: piece)
            case 3: characters.insert(contentsOf: characters[at..<min(characters.count, at + 30)], at: at)
            default:
                guard at < characters.count else { continue }
                characters[at] = Unicode.Scalar(UInt8(truncatingIfNeeded: random.next() % 127 + 1))
            }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: characters)
        return String(text)
    }

    @Test func mutatedSpecsAreReadOrRefusedWithPlaceAndReason() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let whole = try landau.text(of: "small.yaml")
            .replacing(
                "fixed: {noise: 0.5, width: 4}",
                with: "zip: {s: {width: [2, 4], noise: [0, 1]}}\nderived: {initScale: 1 / width}")
        var random = SplitMix(state: 11)
        var accepted = 0
        let count = max(300, Self.count / 10)
        for start in stride(from: 0, to: count, by: 100) {
            let names = try (start..<min(count, start + 100)).map { index in
                try landau.write(Self.mutant(of: whole, &random), to: "m\(index).yaml")
            }
            let begun = Date()
            let result = try landau.shell(
                "-c",
                names.map {
                    "\"$0\" run --dry-run --no-calibration \($0) >out 2>err; echo $? >>status; cat err >>errors; test -s err || echo >>errors"
                }
                .joined(separator: "\n"), Landau.executable.path)
            #expect(result.status == 0)
            #expect(Date().timeIntervalSince(begun) < Double(names.count))
            let statuses = try landau.text(of: "status").split(separator: "\n")
            #expect(statuses.count == names.count)
            for (name, status) in zip(names, statuses) where status != "0" && status != "2" {
                Issue.record("\(name): status \(status): \(try landau.text(of: name))")
            }
            accepted += statuses.count { $0 == "0" }
            for line in try landau.text(of: "errors").split(separator: "\n") where line.hasPrefix("landau: ") {
                #expect(line.contains(".yaml"), "\(line)")
            }
            for name in names + ["status", "errors", "out", "err"] {
                try? FileManager.default.removeItem(at: landau.folder.appendingPathComponent(name))
            }
        }
        #expect(accepted > count / 100 && accepted < count)
        #expect(!landau.exists("canary"))
    }

    @Test func mutatedQuestionsAreAnsweredOrRefused() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let question =
            #"{"depth": 2, "gamma": 0.3, "width": [4, 8], "noise": 0.5, "inputVariances": [1, 2], "correlations": [0.5, 1]}"#
        var random = SplitMix(state: 12)
        let lines = (0..<Self.count).map { _ in
            let mutant = Self.mutant(of: question, &random).filter { !$0.isNewline }
            return mutant.allSatisfy(\.isWhitespace) ? "{}" : mutant
        }
        let begun = Date()
        let result = try landau.run(["predict", "weight-decay", "--points", "-"], input: lines.joined(separator: "\n"))
        #expect(Date().timeIntervalSince(begun) < Double(Self.count) / 20 + 5)
        #expect(result.status == 2)
        let answers = result.output.split(separator: "\n")
        #expect(answers.count == lines.count)
        for (line, answer) in zip(lines, answers) {
            let value = try JSONValue(parsing: String(answer))
            #expect(value.object != nil, "\(line)")
            if let error = value["error"] { #expect(error.text?.isEmpty == false, "\(line)") }
        }
    }

    @Test func bombsAndGiganticRangesAreRefusedQuickly() throws {
        let landau = try Landau()
        defer { landau.remove() }
        var bomb = "model: weight-decay\ntitle: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (old, new) in zip("abcdefghi", "bcdefghij") {
            bomb += "k\(new): &\(new) [" + Array(repeating: "*\(old)", count: 10).joined(separator: ", ") + "]\n"
        }
        try landau.write(bomb, to: "bomb.yaml")
        try landau.write(
            "model: weight-decay\nfixed: {depth: 1}\naxes: {gamma: {from: 0.1, to: 1, points: 99999999999}}\n",
            to: "huge.yaml")
        try landau.write(
            "model: weight-decay\nfixed: {depth: 1}\naxes: {gamma: {from: 0, to: 1e6, step: 1e-9}}\n", to: "steps.yaml")
        try landau.write(
            "model: weight-decay\nfixed: {depth: 1}\nreplicas: 10000000\naxes: {gamma: [0.1, 0.2]}\n", to: "many.yaml")
        try landau.write(String(repeating: "[", count: 200_000), to: "deep.yaml")
        try landau.write(
            "model: weight-decay\nderived: {noise: \"" + String(repeating: "(", count: 900) + "\"}\n",
            to: "formula.yaml")
        for name in ["bomb", "huge", "steps", "many", "deep", "formula"] {
            let begun = Date()
            let result = try landau.run("run", name + ".yaml")
            #expect(result.status == 2, "\(name): \(result.errors)")
            #expect(result.errors.contains(name + ".yaml"), "\(name): \(result.errors)")
            #expect(Date().timeIntervalSince(begun) < 5, "\(name)")
        }
        let nested = String(repeating: "[", count: 100_000)
        let answer = try landau.run(["predict", "weight-decay", "--points", "-"], input: nested + "\n{\"depth\": 1}\n")
        #expect(answer.output.split(separator: "\n").count == 2)
    }

    @Test func aFullDiskIsSaidAndLosesNothingThatWasWritten() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[]", "seed: 3": "seed: 3\nreplicas: 40"])
        // A limit on the size of files stands for the disk's: it works without being root.
        let full = try landau.shell(
            "-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" run small.yaml", Landau.executable.path)
        #expect(full.status == 2, "\(full.status) \(full.errors)")
        #expect(full.errors.contains("cannot be written") || full.errors.contains("full"), "\(full.errors)")
        let status = try landau.run("status", "small.yaml")
        #expect(status.status == 1, "\(status.errors)")
        let again = try landau.run("run", "small.yaml")
        #expect(again.status == 0, "\(again.errors)")
        let export = try landau.run("export", "small.yaml").output
        #expect(try landau.run("run", "small.yaml", "--restart").status == 0)
        #expect(try landau.run("export", "small.yaml").output == export)
    }

    @Test func aReadOnlyStoreCanBeReadAndIsNotWritten() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml").status == 0)
        let export = try landau.run("export", "small.yaml").output
        let folder = landau.folder.appendingPathComponent("results/small").path
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder + "/store.sqlite")
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder) }
        // Permissions do not bind root.
        let prefix = getuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups " : ""
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: landau.folder.path)
        let read = try landau.shell("-c", prefix + "\"$0\" export small.yaml", Landau.executable.path)
        guard read.errors.isEmpty || read.errors.contains("landau:") else {
            print("SKIPPED: a store in a read-only folder (\(read.errors))")
            return
        }
        #expect(read.output == export, "\(read.errors)")
        let write = try landau.shell("-c", prefix + "\"$0\" run small.yaml", Landau.executable.path)
        #expect(write.status == 2, "\(write.errors)")
        #expect(write.errors.contains("read-only"), "\(write.errors)")
    }
}
