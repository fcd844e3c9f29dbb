import Foundation
import Testing

// What a program is asked beside training.
extension ProgramTests {
    @Test func theExamplePassesItsCheck() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try example(landau)
        let result = try run(landau, "check", "./net.py")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(
            result.output.contains(
                "killed in mid-chain and started again from its saved state it ends with the same numbers"))
        #expect(result.output.contains("`squaredNorm` as the derivative of `loss` by `gamma` is right"))
        #expect(!result.output.contains("FAILED"))
    }

    @Test func aProgramIsAskedForItsTheory() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try example(landau)
        let found = try run(landau, "predict", "./net.py", "gamma=0.5")
        #expect(found.status == 0, "\(found.errors)")
        #expect(found.output == "{\"loss\":0.4375,\"squaredNorm\":0.75}\n")
        try landau.write(
            "{\"gamma\": 0.25}\n{\"gama\": 1}\n{\"gamma\": -1}\n{\"gamma\": 3}\n", to: "questions.jsonl")
        let many = try run(landau, "predict", "./net.py", "variance=0.5", "--points", "questions.jsonl")
        let lines = many.output.split(separator: "\n")
        try #require(lines.count == 4, "\(many.output)\(many.errors)")
        #expect(many.status == 2)
        #expect(lines[0].contains("\"squaredNorm\":0.75") && lines[3].contains("\"squaredNorm\":0"))
        #expect(
            lines[1].contains("there is no `gama`, did you mean `gamma`?") || lines[1].contains("`gamma` is missing"))
        #expect(lines[2].contains("`gamma` must be"))
        try program(landau, toy("yield from (point.failed('no') for point in chain)"))
        let refused = try run(landau, "predict", "./net.py", "gamma=1")
        #expect(refused.status == 2 && refused.errors.contains("has no theory"), "\(refused.errors)")
    }

    @Test(arguments: [
        ("unseeded", "Take all randomness from the point's `seeds`"), ("forgets", "a chain forgets"),
        ("lanes", "lanes leak"), ("derivative", "is wrong: the point gamma"), ("state", "killed in mid-chain"),
        ("float32", "`evaluate` answers in float32"), ("gradient", "the gradient is wrong"), ("none", ""),
    ])
    func aPlantedFaultIsFoundByCheck(fault: String, sentence: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(
            String(
                contentsOf: Bundle.module.url(forResource: "planted", withExtension: "py", subdirectory: "Programs")!,
                encoding: .utf8
            ).replacingOccurrences(of: "FAULT = \"none\"", with: "FAULT = \"\(fault)\""), to: "net.py")
        let result = try run(landau, "check", "./net.py")
        let failed = result.output.split(separator: "\n").filter { $0.hasPrefix("FAILED") }
        #expect(result.status == (fault == "none" ? 0 : 1), "\(result.output)\(result.errors)")
        #expect(failed.count == (fault == "none" ? 0 : 1), "\(result.output)")
        #expect(failed.allSatisfy { $0.contains(sentence) }, "\(failed)")
    }
}
