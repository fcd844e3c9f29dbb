import Figures
import Foundation
import PhaseSpace
import Support
import Testing

@Suite struct FailureTests {
    private static func conversation(
        _ first: String, then rows: [[Double]] = [], _ last: String = ""
    ) throws -> GnuplotOutput {
        let session = try GnuplotSession()
        try session.send(first)
        try session.send(rows: rows, as: "data")
        try session.send(last)
        return try session.finish()
    }

    @Test func aMissingGnuplotIsNamedWithItsRemedy() throws {
        #expect(throws: FigureError.gnuplotNotInstalled(program: "gnuplot-that-is-not-there")) {
            try gnuplotVersion(program: "gnuplot-that-is-not-there")
        }
        #expect(
            FigureError.gnuplotNotInstalled(program: "gnuplot").description
                == "gnuplot is not installed: apt-get install gnuplot-nox")
    }

    @Test func scriptAndTablesAreWrittenEvenWithoutGnuplot() throws {
        try withFolder { folder in
            let figures = FigureWriter(templates: templates, program: "gnuplot-that-is-not-there")
            #expect(throws: FigureError.gnuplotNotInstalled(program: "gnuplot-that-is-not-there")) {
                try figures.draw("order-parameter", Synthetic.input(points: 10), into: folder)
            }
            #expect(FileManager.default.fileExists(atPath: folder + "/figure.gp"))
            #expect(FileManager.default.fileExists(atPath: folder + "/points.tsv"))
        }
    }

    @Test func theVersionIsThatOfTheProgram() throws {
        let version = try gnuplotVersion()
        let words = version.split(separator: " ")
        #expect(words.count == 3 && words[1] == "patchlevel")
        #expect(try #require(Double(words[0])) >= 5.4)
    }

    @Test func aRefusedCommandIsReportedWithGnuplotsWords() throws {
        let error = try #require(throws: FigureError.self) { try Self.conversation("set nonsense") }
        guard case .gnuplotFailed(let status, let message) = error else { throw error }
        #expect(status == 1)
        #expect(message.contains("unrecognized option"))
    }

    @Test func aDeadGnuplotNeitherKillsUsNorGoesUnnoticed() throws {
        // Far more than a pipe holds: gnuplot is certainly gone before the end.
        let rows = (0..<50_000).map { [Double($0), 1, 2] }
        #expect(throws: FigureError.gnuplotFailed(status: 7, message: "")) {
            try Self.conversation("exit status 7", then: rows)
        }
    }

    @Test func numbersReachGnuplotExactly() throws {
        let numbers = [0.1, 1.0 / 3, 6.02214076e23, -2.2250738585072014e-308, 123456789.123456789]
        let output = try Self.conversation(
            "", then: numbers.map { [$0, .nan] },
            "set print '-'\ndo for [k=1:\(numbers.count)] { print sprintf('%.17g', real(word($data[k], 1))) }")
        #expect(output.standardOutput.split(separator: "\n").map { Double($0)! } == numbers)
    }

    @Test func aMissingFolderIsNotTakenForAMissingGnuplot() {
        let error = #expect(throws: FigureError.self) {
            _ = try GnuplotSession(folder: "/nowhere/at all").finish()
        }
        #expect(error?.description.contains("/nowhere/at all: No such file or directory") == true)
    }

    @Test func dataWithoutADonePointAreRefusedWithASentence() throws {
        var input = try Synthetic.input(depths: [1], points: 5, replicas: 1)
        input.curves = input.curves.map { curve in
            Curve(
                key: curve.key,
                samples: curve.samples.map {
                    CurveSample(
                        control: $0.control, replica: 0, direction: $0.direction, outcome: .diverged, values: $0.values)
                })
        }
        for (name, words) in [
            ("order-parameter", "no done point has a value of the order parameter `squaredNorm`"),
            ("loss-derivatives", "no done point has a `loss`"),
            ("phase-diagram", "no numeric control takes two or more values beside `gamma`"),
        ] {
            let error = try #require(throws: FigureError.self) {
                try FigureWriter(templates: templates).drawText(name, input)
            }
            #expect(error == .nothingToDraw(figure: name, reason: words))
        }
        input.theory = [CurveTheory()]
        #expect(throws: FigureError.self) {
            try FigureWriter(templates: templates).drawText("effective-landscape", input)
        }
    }

    @Test func aCurveWithoutDataIsLeftOutOfThePicture() throws {
        var input = try Synthetic.input(depths: [1, 2], points: 20)
        input.curves[1] = Curve(key: input.curves[1].key, samples: [], varying: ["depth"])
        input.theory[1] = CurveTheory()
        try withFolder { folder in
            for name in ["order-parameter", "loss-derivatives"] {
                let drawn = try FigureWriter(templates: templates).draw(name, input, into: folder)
                #expect(drawn.warnings == "")
            }
        }
    }

    @Test func verdictsAndTheoriesMustMatchTheCurves() throws {
        let input = try Synthetic.input(depths: [1, 2], points: 5)
        let error = #expect(throws: FigureError.self) {
            try FigureInput(
                title: "", curves: input.curves, verdicts: [], axis: input.axis, controls: [], observables: [],
                orderParameter: "squaredNorm", theory: input.theory)
        }
        #expect(error?.description.contains("2 curves, 0 verdicts, 2 theories") == true)
    }

    @Test func templatesAreTheShippedOnesUnlessOthersAreNamed() throws {
        try withFolder { folder in
            for name in ["root/plots", "named"] {
                try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
                try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)/common.gp"))
            }
            let root = folder + "/root"
            func find(_ named: String? = nil, _ environment: [String: String] = [:]) throws -> String {
                let shared = SharedFiles(environment: ["LANDAU_SHARE": root], executable: nil)
                return try FigureTemplates.find(named, environment: environment, shared: shared).folder
            }
            #expect(try find() == root + "/plots")
            #expect(try find(folder + "/named") == folder + "/named")
            #expect(try find(nil, ["LANDAU_PLOTS": folder + "/named"]) == folder + "/named")
            #expect(try find(folder + "/named", ["LANDAU_PLOTS": "/no plots"]) == folder + "/named")
            // What was named and is not there is not replaced by something else.
            for (named, environment) in [("/no plots", [:]), (nil, ["LANDAU_PLOTS": "/no plots"])] {
                let error = #expect(throws: FigureError.self) { try find(named, environment) }
                #expect(error?.description.contains("not found in /no plots; set LANDAU_PLOTS") == true)
            }
        }
    }
}
