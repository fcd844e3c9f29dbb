import Figures
import Foundation
import PhaseSpace
import Testing

/// Where texts stand that are longer, or more, than usual.
@Suite struct LayoutTests {
    private func picture(_ name: String, _ input: FigureInput) throws -> Picture {
        try withFolder { folder in
            let drawn = try FigureWriter(templates: templates).draw(name, input, into: folder)
            #expect(drawn.warnings == "")
            return Picture(try text(of: drawn.pictures[0]))
        }
    }

    /// Curves of the order parameter and the loss, with the places of transitions on each; no theory.
    private func input(_ curves: [[(Double, Double)]], transitions: [Double] = []) throws -> FigureInput {
        var input = try Synthetic.input(depths: [1], points: 8, replicas: 1)
        input.curves = curves.enumerated().map { number, points in
            let key = CurveKey(
                model: "m", fixed: ["depth": .number(Double(number))], axis: "gamma", orderParameter: "squaredNorm")
            let samples = points.map { x, y in
                CurveSample(
                    control: x, replica: 0, direction: .cold, outcome: .converged,
                    values: ["squaredNorm": y, "loss": y])
            }
            return Curve(key: key, samples: samples, varying: curves.count > 1 ? ["depth"] : [])
        }
        input.verdicts = input.curves.map { curve in
            Verdict(
                key: curve.key, transitions: transitions.map { Transition(order: .first, location: Estimate($0)) })
        }
        input.theory = curves.map { _ in CurveTheory() }
        return input
    }

    private let line: [(Double, Double)] = (1...12).map { (0.1 * Double($0), Double($0)) }

    @Test(arguments: ["order-parameter", "loss-derivatives"], [589.6, -12345, 3e-7, 2.5e8])
    func longNumbersStayClearOfTheAxisLabel(_ name: String, _ offset: Double) throws {
        let spread = abs(offset) < 1 ? 1e-8 : 0.01
        let picture = try picture(name, input([line.map { ($0.0, offset + spread * $0.1) }]))
        #expect(picture.touching.isEmpty)
        #expect(picture.boxes.allSatisfy { $0.x.lowerBound >= -1 })
    }

    @Test func everyTransitionHasItsLabel() throws {
        let places = (0..<9).map { 0.5 + 0.004 * Double($0) }
        let picture = try picture("order-parameter", input([line], transitions: places))
        #expect(picture.labels.count { $0.text.hasPrefix("1st") } == 9)
        #expect(picture.touching.isEmpty)
    }

    @Test func everyCurveHasAColourOfItsOwn() throws {
        let curves = (1...11).map { number in line.map { ($0.0, $0.1 + 3 * Double(number)) } }
        let picture = try picture("order-parameter", input(curves))
        let colours = picture.counts.keys.filter { $0.hasPrefix("use ") }
        #expect(Set(colours).count >= 11)
    }

    @Test func noPointStandsOnTheFrame() throws {
        let script = try withFolder { folder in
            let drawn = try FigureWriter(templates: templates).draw(
                "order-parameter", input([line]), into: folder, formats: [])
            return try text(of: drawn.sources[0])
        }
        let low = try #require(script.firstMatch(of: /x_min = ([0-9.]+)/)).output.1
        let high = try #require(script.firstMatch(of: /x_max = ([0-9.]+)/)).output.1
        #expect(try #require(Double(low)) < 0.1 && #require(Double(high)) > 1.2)
    }

    @Test func aSingleValueIsRefusedWithWhatToUse() throws {
        let error = try #require(throws: FigureError.self) {
            try FigureWriter(templates: templates).drawText("order-parameter", input([[(0.5, 1)]]))
        }
        #expect("\(error)".contains("`gamma` has the single value 0.5; sweep it, or use `trajectory`"))
    }

    /// Anybody's table may hold them: no axis may end the command.
    @Test(arguments: [
        [(1, 1.7e308), (2, -1.7e308), (3, 1.7e308), (4, 0)], [(1e-300, 1), (1e-100, 2), (1e100, 3), (1e300, 4)],
        [(5e-324, 1), (1e-323, 2), (1.5e-323, 3), (2e-323, 4)], [(1, 5e-324), (2, 1e-323), (3, 0), (4, 5e-324)],
        [(-1.7e308, 1), (-1e308, 2), (1e308, 3), (1.7e308, 4)],
        [(1, 1), (1.0000000000000002, 2), (1.0000000000000004, 3)],
    ])
    func endsOfTheRangeOfNumbersAreDrawn(_ points: [(Double, Double)]) throws {
        try withFolder { folder in
            _ = try FigureWriter(templates: templates).draw(
                "order-parameter", input([points]), into: folder, formats: [.svg])
        }
    }

    @Test(arguments: [4.1, 0.9, 7.3, 2.2, 95]) func everyAxisHasTwoNumbers(_ reach: Double) throws {
        let points: [(Double, Double)] = line.enumerated().map { number, point in
            (point.0, number.isMultiple(of: 2) ? reach : -reach)
        }
        let script = try withFolder { folder in
            let drawn = try FigureWriter(templates: templates).draw(
                "loss-derivatives", input([points]), into: folder, formats: [])
            return try text(of: drawn.sources[0])
        }
        let last = try #require(script.firstMatch(of: /panel_y_last_tic\[\d+\] = \[(\d+)/)).output.1
        #expect(try #require(Int(last)) >= 2)
    }
}
