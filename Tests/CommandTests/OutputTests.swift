import Foundation
import PhaseSpace
import Support
import Testing

/// Results that cannot be delivered, and questions at the edge of what doubles hold.
@Suite struct OutputTests {
    @Test(arguments: [["predict", "weight-decay", "depth=1"], ["models", "weight-decay"]])
    func aFullDiskIsNoSuccess(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = Landau.executable
        process.arguments = arguments
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 2)
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text.contains("could not be written to standard output"))
    }

    @Test func anEmptyFolderNameIsRefused() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let result = try landau.run("run", "small.yaml", "--out", "")
        #expect(result.status == 2)
        #expect(result.errors.contains("`--out` is empty"))
    }

    @Test func warmSweepsNeedNetsOfOneShape() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["along: gamma": "along: depth"])
        let result = try landau.run("run", "small.yaml")
        #expect(result.status == 2)
        #expect(result.errors.contains("cannot run along `depth`, which changes the net's shape"), "\(result.errors)")
    }

    @Test func noiseBeyondDoublesIsRefusedAndTheRestGoesOn() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let questions = "{\"depth\": 2}\n{\"depth\": 100, \"noise\": 1e6}\n\u{0}\n{\"depth\": 1}\n"
        let result = try landau.run("predict", "weight-decay", "--points", "-", input: questions)
        #expect(result.status == 2)
        let answers = try result.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(answers.count == 4)
        #expect(answers[0]["transition"]?["order"] == "first")
        #expect(answers[1]["error"]?.text?.contains("`noise` is too strong") == true)
        #expect(answers[2]["error"] != nil)
        #expect(answers[3]["transition"]?["order"] == "second")
    }
}
