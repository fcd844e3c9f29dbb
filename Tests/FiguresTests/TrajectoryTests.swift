import Figures
import Foundation
import PhaseSpace
import Testing

@Suite struct TrajectoryTests {
    private func rows(_ name: String, _ drawn: DrawnFigure) throws -> [[Double]] {
        let path = try #require(drawn.sources.first { $0.hasSuffix("/\(name).tsv") })
        return try text(of: path).split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t").map { Double($0)! } }
    }

    @Test func everySeriesHasItsMeansAndItsTheory() throws {
        try withFolder { folder in
            let input = try Synthetic.input(depths: [0, 2], replicas: 3)
            let drawn = try FigureWriter(templates: templates).draw("trajectory", input, into: folder, formats: [.svg])
            #expect(drawn.warnings == "")
            let points = try rows("points", drawn)
            #expect(points.count == 18 && points.allSatisfy { $0[4] == 3 })
            // Replicas are 1, 1.02 and 1.04 times the norm: the mean is 1.02, the error 0.02/√3.
            let last = try #require(points.last)
            let norm = exp(-8.0 / 3)
            #expect(last[0] == 2 && last[1] == 8)
            #expect(abs(last[2] - 1.02 * norm) < 1e-12 && abs(last[3] - 0.02 * norm / 3.0.squareRoot()) < 1e-12)
            #expect(abs(last[5] - (1 - 1.02 * norm)) < 1e-12)
            let theory = try rows("theory", drawn)
            #expect(theory.count == 18 && theory.last == [2, 2, 8, norm, 1 - norm])
        }
    }

    @Test func manyStepsAreDrawnAsLinesAndThreeDecadesOnALogarithmicAxis() throws {
        var input = try Synthetic.input(depths: [1], replicas: 1)
        input.trajectories = [
            TrajectorySeries(
                label: "long",
                steps: (0...200).map { ($0, ["squaredNorm": ReplicaAverage([pow(10, -Double($0) / 40)])]) })
        ]
        input.trajectoryObservables = []
        input.publishedTrajectories = [
            TheoryCurve(
                name: "trajectory", label: "elsewhere", columns: ["step", "squaredNorm"], rows: [[0, 1], [200, 2]])
        ]
        try withFolder { folder in
            let drawn = try FigureWriter(templates: templates).draw("trajectory", input, into: folder, formats: [.svg])
            #expect(drawn.warnings == "")
            #expect(try rows("published", drawn) == [[1, 1, 0, 1], [1, 1, 200, 2]])
            let script = try text(of: try #require(drawn.sources.first))
            #expect(script.contains("is_dense = 1") && script.contains("panel_y_log[2] = [1, 0]"))
        }
    }

    @Test func withoutRecordedStepsThereIsNothingToDraw() throws {
        var input = try Synthetic.input(depths: [1], replicas: 1)
        input.trajectories = []
        let error = try #require(throws: FigureError.self) {
            try FigureWriter(templates: templates).drawText("trajectory", input)
        }
        #expect("\(error)".contains("no point has recorded the steps"))
    }
}
