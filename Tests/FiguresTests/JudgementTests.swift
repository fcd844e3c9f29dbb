import Figures
import Foundation
import PhaseSpace
import Testing
import Transitions

/// The figure of a judged table.
@Suite struct JudgementTests {
    private static func curve(axis: String = "T", name: String = "m", _ f: (Double) -> Double) -> Curve {
        let samples = (0..<30).map { i -> CurveSample in
            let x = 0.1 + Double(i) / 15
            return CurveSample(
                control: x, replica: 0, direction: .cold, outcome: .completed,
                values: [name: f(x), name + "Error": 0.01])
        }
        return Curve(
            key: CurveKey(model: "table", fixed: [:], axis: axis, orderParameter: name), samples: samples)
    }
    private static func rows(_ folder: String, _ table: String) throws -> [[Double]] {
        try text(of: "\(folder)/\(table).tsv").split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            line.split(separator: "\t").map { Double($0) ?? .nan }
        }
    }

    @Test func aJudgedCurveIsDrawnWithItsDescriptionsResidualsAndInterval() throws {
        let curve = Self.curve { $0 < 1.03 ? 2 - $0 : 0.5 + 0.009 * sin(300 * $0) }
        let judged = tableVerdict(for: curve)
        try #require(judged.verdict.transitions.map(\.order) == [.first])
        try withFolder { folder in
            let drawn = try FigureWriter(templates: templates).draw(judged, of: curve, title: "a jump", into: folder)
            #expect(drawn.warnings == "" && drawn.pictures == ["\(folder)/judgement.svg"])
            let values = try Self.rows(folder, "values")
            #expect(values.map { $0[1] } == curve.samples.map(\.control))
            #expect(values.allSatisfy { abs($0[4]) < 5 && $0[3] == 0.01 })
            // Value = description + residual × error.
            let best = try Self.rows(folder, "fits").filter { $0[0] == 1 && $0[1] == 1 }
            #expect(zip(values, best).allSatisfy { abs($0[2] - $1[3] - $0[3] * $0[4]) < 1e-9 })
            let place = try Self.rows(folder, "transitions")[0]
            #expect(place[2] < 1.03 && place[3] > 1.03)
            let rebuilt = try run("gnuplot", ["figure.gp"], in: folder)
            #expect(rebuilt.status == 0 && rebuilt.errors == "")
        }
    }

    @Test func whatRulesDecideIsDrawnAsItIs() throws {
        let share = Self.curve { $0 < 1 ? 1 : 0 }
        let bare = Curve(
            key: share.key,
            samples: share.samples.map { sample in
                CurveSample(
                    control: sample.control, replica: 0, direction: .cold, outcome: .completed,
                    values: ["m": sample.values["m"]!])
            })
        let judged = tableVerdict(for: bare)
        #expect(judged.verdict.transitions.map(\.order) == [.boundary] && judged.values.isEmpty)
        try withFolder { folder in
            let drawn = try FigureWriter(templates: templates).draw(judged, of: bare, title: "", into: folder)
            #expect(drawn.warnings == "")
            #expect(try Self.rows(folder, "values").count == 30 && Self.rows(folder, "fits").isEmpty)
        }
        let empty = Curve(key: bare.key, samples: [])
        #expect(throws: FigureError.self) {
            try FigureWriter(templates: templates).draw(
                tableVerdict(for: empty), of: empty, title: "", into: NSTemporaryDirectory() + "/nothing")
        }
    }

    @Test func namesOfATableAreTextAndNothingElse() throws {
        try withFolder { folder in
            let watched = folder + "/watched"
            try FileManager.default.createDirectory(atPath: watched, withIntermediateDirectories: true)
            for (number, canary) in QuotingTests.canaries(watched).enumerated() {
                let curve = Self.curve(axis: canary, name: canary) { $0 < 1.03 ? 2 - $0 : 0.5 }
                let drawn = try FigureWriter(templates: templates).draw(
                    tableVerdict(for: curve), of: curve, title: canary, into: "\(folder)/\(number)",
                    formats: number == 0 ? FigureFormat.allCases : [.svg])
                #expect(drawn.warnings == "", "\(canary)")
                #expect(try run("gnuplot", ["figure.gp"], in: drawn.folder).errors == "", "\(canary)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: watched) == [])
        }
    }
}
