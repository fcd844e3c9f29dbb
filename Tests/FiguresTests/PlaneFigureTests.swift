import Figures
import Foundation
import PhaseSpace
import Testing

/// Figures over two controls, and of replicas.
@Suite struct PlaneFigureTests {
    private func tables(_ name: String, _ input: FigureInput) throws -> (String) throws -> [[Double]] {
        let folder = NSTemporaryDirectory() + "/" + UUID().uuidString
        _ = try FigureWriter(templates: templates).draw(name, input, into: folder, formats: [])
        return { table in
            try text(of: "\(folder)/\(table).tsv").split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { $0.split(separator: "\t").map { Double($0)! } }
        }
    }

    @Test func theAreaOfTheLoopIsThatBetweenTheSweeps() throws {
        let table = try tables("hysteresis", Synthetic.input(depths: [1, 2], replicas: 1))
        let areas = try table("areas")
        #expect(areas[0][2] == 0)
        // The up-sweep stays on the ordered branch to its spinodal, the down-sweep on the zero net to the grid's end.
        let net = IsotropicNet(depth: 2, q: Synthetic.q(0))
        let steps = 20_000
        let exact = (0..<steps).reduce(0.0) { sum, k in
            let width = (net.spinodal - 0.02) / Double(steps)
            return sum + width * net.ordered(at: 0.02 + (Double(k) + 0.5) * width)!.slope
        }
        #expect(areas[1][3] <= exact && exact <= areas[1][4])
        #expect(areas[1][4] - areas[1][3] < 0.1 * exact)
        #expect(areas[1][5] == 1 && areas[1][6] == 0)
    }

    @Test func theTrappingDiagramHoldsTheFractionOfOrderedStarts() throws {
        var input = try Synthetic.input(depths: [1, 2], points: 12, replicas: 4)
        for index in input.curves.indices {
            let samples = input.curves[index].samples.map { sample in
                var values = sample.values
                values["orderedFraction"] = sample.replica < 3 ? 1 : 0
                return CurveSample(
                    control: sample.control, replica: sample.replica, direction: sample.direction,
                    outcome: sample.outcome, values: values)
            }
            input.curves[index] = Curve(key: input.curves[index].key, samples: samples, varying: ["depth"])
        }
        let cells = try tables("trapping", input)("cells")
        #expect(cells.count == 24 && cells.allSatisfy { $0[7] == 0.75 && $0[8] == 4 })
        #expect(cells.allSatisfy { $0[3] < $0[1] && $0[1] < $0[4] && $0[6] - $0[5] == 1 })
    }

    @Test func aTransitionLineFollowsTheNoise() throws {
        let lines = try tables("transition-line", Synthetic.noiseInput(widths: [8]))("lines")
        #expect(lines.map { $0[2] } == [0, 0.25, 0.5, 1, 2])
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0[3] > $1[3] })
        for row in lines { #expect(row[4] < row[3] && row[3] < row[5] && row[6] > row[3] && row[7] == 1) }
    }

    @Test func replicasInDifferentPhasesHaveMeansOfTheirOwn() throws {
        let input = try Synthetic.input(depths: [2], points: 200)
        let points = try tables("order-parameter", input)("points")
        let nets = (0..<5).map { IsotropicNet(depth: 2, q: Synthetic.q($0)) }
        let (low, high) = (nets.map(\.critical).min()!, nets.map(\.critical).max()!)
        let mixed = points.filter { $0[1] > low && $0[1] < high }
        #expect(mixed.count >= 4 && mixed.count % 2 == 0)
        let least = 0.9 * nets.map { $0.ordered(at: $0.critical)!.slope }.min()!
        #expect(points.allSatisfy { abs($0[2]) < 1e-9 || $0[2] > least })
    }

    @Test func histogramsCountEveryReplica() throws {
        let bins = try tables("histogram", Synthetic.finiteSizeInput(replicas: 16))("bins")
        for panel in [1.0, 2, 3] { #expect(bins.filter { $0[0] == panel }.reduce(0) { $0 + $1[4] } == 16) }
    }

    @Test func theCollapsedPanelHoldsTheScaledPoints() throws {
        let values = try tables("collapse", Synthetic.finiteSizeInput())("values")
        #expect(values.filter { $0[0] == 1 }.count == 63 && values.filter { $0[0] == 2 }.count == 63)
        // ν = 1: the widest size spans four times the smallest one's scaled range.
        func span(_ size: Double) -> Double {
            let xs = values.filter { $0[0] == 2 && $0[2] == size }.map { $0[3] }
            return xs.max()! - xs.min()!
        }
        #expect(abs(span(32) / span(8) - 4) < 0.4)
    }
}
