import Figures
import Foundation
import PhaseSpace
import Testing

/// What the tables and variables of a figure say.
private struct Drawn {
    let script: String
    private let folder: String

    init(_ name: String, _ input: FigureInput, into folder: String) throws {
        let drawn = try FigureWriter(templates: templates).draw(name, input, into: folder, formats: [])
        script = try text(of: drawn.folder + "/figure.gp")
        self.folder = drawn.folder
    }
    func table(_ name: String) throws -> [[Double]] {
        try text(of: "\(folder)/\(name).tsv").split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t").map { Double($0)! } }
    }
    func header(_ name: String) throws -> [Substring] {
        try text(of: "\(folder)/\(name).tsv").split(separator: "\n").filter { $0.hasPrefix("#") }
    }
    /// Of an array without the spare element at its end.
    func variable(_ name: String) -> String? {
        script.split(separator: "\n").first { $0.hasPrefix("\(name) = ") || $0.hasPrefix("array \(name)[") }
            .map { String($0[$0.range(of: " = ")!.upperBound...]).replacing(/(, )?0\]$/, with: "]") }
    }
}

@Suite struct StructureTests {
    private let deep = IsotropicNet(depth: 2, q: 1)

    @Test func theCoexistenceWindowLiesBetweenTheTransitionAndTheSpinodal() throws {
        try withFolder { folder in
            let drawn = try Drawn("order-parameter", Synthetic.input(depths: [1, 2]), into: folder)
            #expect(drawn.variable("windows") == "1")
            #expect(drawn.variable("window_low") == "[\(deep.critical)]")
            #expect(drawn.variable("window_high") == "[\(deep.spinodal)]")
            #expect(drawn.variable("mark_label") == "['2nd order', '1st order']")
        }
    }

    @Test func theMetastableBranchRunsFromTheTransitionToTheSpinodal() throws {
        try withFolder { folder in
            let input = try Synthetic.input(depths: [2])
            let drawn = try Drawn("order-parameter", input, into: folder)
            let controls = try drawn.table("metastable").map { $0[2] }
            let step = 0.03
            #expect(controls.min()! > deep.critical * (1 - step) && controls.min()! <= deep.critical)
            #expect(controls.max()! <= deep.spinodal && controls.max()! > deep.spinodal * (1 - step))
            #expect(try drawn.table("unstable").count == 300)
        }
    }

    @Test func warmSweepsAreDrawnOnlyWhereTheyLeaveTheGlobalPhase() throws {
        try withFolder { folder in
            let input = try Synthetic.input(depths: [1, 2], replicas: 1)
            let drawn = try Drawn("order-parameter", input, into: folder)
            let up = try drawn.table("warm-up")
            #expect(up.allSatisfy { $0[1] == 2 })
            #expect(up.map { $0[2] }.min()! > deep.critical * 0.9)
            #expect(up.map { $0[2] }.max()! < deep.spinodal * 1.1)
            let down = try drawn.table("warm-down")
            #expect(down.dropLast().allSatisfy { $0[1] == 2 && $0[3] == 0 })
            #expect(down.map { $0[2] }.min()! == 0.02)
            // The up-sweep jumps down once; the loop of the down-sweep is open, so it has no arrow.
            let arrows = try drawn.table("arrows")
            #expect(arrows.count == 1 && arrows[0][3] > 0 && arrows[0][4] < -1)
        }
    }

    @Test func withoutAJumpThereIsNoHysteresis() throws {
        try withFolder { folder in
            let drawn = try Drawn("order-parameter", Synthetic.input(depths: [0, 1]), into: folder)
            #expect(drawn.variable("windows") == "0")
            for name in ["warm-up", "warm-down", "arrows", "metastable", "unstable"] {
                #expect(try drawn.table(name).isEmpty)
                #expect(try !drawn.header(name).isEmpty)
            }
        }
    }

    @Test func theCurvaturePanelShowsTheGlobalPhaseNotTheDivergingBranch() throws {
        try withFolder { folder in
            let drawn = try Drawn("loss-derivatives", Synthetic.input(depths: [2]), into: folder)
            #expect(try drawn.table("metastable").map { $0[5] }.min()! < -100)
            let lows = try #require(drawn.variable("panel_y_min")).dropFirst().dropLast().split(separator: ",")
            let lowest = try #require(Double(lows[2].trimmingCharacters(in: .whitespaces)))
            #expect(lowest < -4.762203 && lowest > -6)
        }
    }

    @Test func derivativesAlongAnotherControlAreNotDrawn() throws {
        try withFolder { folder in
            var input = try Synthetic.input(depths: [2])
            input.observables = ["lossSlope", "lossCurvature"].map {
                Observable($0, symbol: "", meaning: "", derivative: .init(of: "loss", order: 1, by: "noise"))
            }
            let drawn = try Drawn("loss-derivatives", input, into: folder)
            #expect(drawn.variable("panels") == "1")
        }
    }

    @Test func regionsOfThePhaseDiagramMeetAtTheTransitions() throws {
        try withFolder { folder in
            let drawn = try Drawn("phase-diagram", Synthetic.input(), into: folder)
            let regions = try drawn.table("regions")
            func extent(_ region: Double, at depth: Double) -> [Double] {
                let corners = regions.filter { $0[2] == region && abs($0[4] - depth) == 0.5 }
                let polygons = Set(corners.map { $0[0] }).filter { polygon in
                    corners.filter { $0[0] == polygon }.count == 4
                }
                let own = corners.filter { polygons.contains($0[0]) }.map { $0[3] }
                return [own.min(), own.max()].compactMap { $0 }
            }
            #expect(extent(1, at: 0) == [0.02, 1.5])
            #expect(extent(1, at: 1) == [0.02, 1])
            #expect(extent(2, at: 1) == [])
            #expect(extent(3, at: 1) == [1, 1.5])
            #expect(extent(1, at: 2) == [0.02, deep.critical])
            #expect(extent(2, at: 2) == [deep.critical, deep.spinodal])
            #expect(extent(3, at: 2) == [deep.spinodal, 1.5])
            #expect(try drawn.table("transitions").map { $0[5] } == [2, 1, 1])
        }
    }

    @Test func trainedMinimaLieOnTheLandscapeOfTheirControl() throws {
        try withFolder { folder in
            var input = try Synthetic.input(depths: [2], points: 5)
            let gamma = 0.9 * deep.critical
            let point = deep.global(at: gamma)
            let values = Synthetic.values(point, deep)
            let sample = CurveSample(control: gamma, replica: 0, direction: .cold, outcome: .converged, values: values)
            input.curves[0] = Curve(key: input.curves[0].key, samples: [sample])
            let minima = try Drawn("effective-landscape", input, into: folder).table("minima")
            let minimum = try #require(minima.first)
            #expect(minima.count == 1)
            let onLine = deep.effectiveLoss(norm: minimum[2], gamma: gamma) - deep.zeroNetLoss
            #expect(abs(minimum[3] - onLine) < 1e-12)
        }
    }

    @Test func spacingOfTheSweepDecidesTheAxis() throws {
        func isLogarithmic(_ grid: [Double]) throws -> Bool {
            try withFolder { folder in
                var input = try Synthetic.input(depths: [2], points: 5)
                input.curves = [Synthetic.curve(depth: 2, grid: grid, replicas: 1, fixed: [:], varying: [])]
                return try Drawn("order-parameter", input, into: folder).variable("x_log") == "1"
            }
        }
        let logarithmic = Synthetic.logarithmicGrid(0.02, 1.5, 40)
        let refinement = (0..<12).map { 0.39 + 0.01 * pow(0.5, Double($0)) }
        #expect(try isLogarithmic(logarithmic))
        #expect(try isLogarithmic((logarithmic + refinement).sorted()))
        #expect(try !isLogarithmic((1...40).map { 0.025 * Double($0) }))
        #expect(try !isLogarithmic(((1...40).map { 0.025 * Double($0) } + refinement).sorted()))
        // Over a small span the two look alike, and decimals read better.
        #expect(try !isLogarithmic(Synthetic.logarithmicGrid(0.3, 0.5, 20)))
    }

    @Test func theZeroNetCountsWhereNothingLiesBelowIt() throws {
        try withFolder { folder in
            var input = try Synthetic.input(depths: [2], points: 5)
            let values = ["loss": 1.0, "zeroNetLoss": 0.9, "squaredNorm": 3.0, "lossSlope": 3.0]
            let samples = [0.1, 0.2].map {
                CurveSample(control: $0, replica: 0, direction: .cold, outcome: .converged, values: values)
            }
            input.curves[0] = Curve(key: input.curves[0].key, samples: samples)
            let points = try Drawn("order-parameter", input, into: folder).table("points")
            #expect(points.map { $0[2] } == [0, 0])
        }
    }

    @Test func theHeaderOfATableNamesItsColumns() throws {
        try withFolder { folder in
            let header = try Drawn("order-parameter", Synthetic.input(points: 10), into: folder).header("points")
            #expect(header.last == "# curve\tgamma\tsquaredNorm\tsquaredNorm_error\tsquaredNorm_replicas")
            #expect(header.contains("# 2 gamma: weight decay, without ½"))
            #expect(header[0].contains("4: depth = 3"))
        }
    }

    /// Region numbers and ends, from low to high values of the control, of the row at a height.
    private func regions(of input: FigureInput, at height: Double) throws -> [[Double]] {
        try withFolder { folder in
            let drawn = try FigureWriter(templates: templates).draw("phase-diagram", input, into: folder)
            #expect(drawn.warnings == "")
            let rows = try Drawn("phase-diagram", input, into: folder).table("regions")
            let polygons = Dictionary(grouping: rows) { $0[0] }.values.filter { corners in
                corners.map { $0[4] }.min()! < height && corners.map { $0[4] }.max()! > height
            }
            return polygons.map { corners in
                [corners[0][2], corners.map { $0[3] }.min()!, corners.map { $0[3] }.max()!]
            }.sorted { $0[1] < $1[1] }
        }
    }

    @Test func theOrderedPhaseIsWhereTheOrderParameterIsLarger() throws {
        var input = try Synthetic.input(depths: [1, 2], points: 20)
        for index in input.curves.indices {
            let samples = input.curves[index].samples.map {
                CurveSample(
                    control: $0.control, replica: $0.replica, direction: .cold, outcome: .converged,
                    values: ["squaredNorm": $0.control > 0.5 ? 1 : 0])
            }
            input.curves[index] = Curve(key: input.curves[index].key, samples: samples, varying: ["depth"])
            input.verdicts[index].transitions = [Transition(order: .second, location: Estimate(0.5))]
        }
        #expect(try regions(of: input, at: 1) == [[3, 0.02, 0.5], [1, 0.5, 1.5]])
    }

    @Test func boundariesSeparateRegimes() throws {
        var input = try Synthetic.input(depths: [1, 2], points: 20)
        for index in input.curves.indices {
            input.verdicts[index].transitions = [0.1, 0.7].map { Transition(order: .boundary, location: Estimate($0)) }
        }
        #expect(try regions(of: input, at: 2) == [[5, 0.02, 0.1], [6, 0.1, 0.7], [7, 0.7, 1.5]])
    }

    /// Without a transition some loops of the template run no times.
    @Test(arguments: FigureFormat.allCases) func aPhaseDiagramOfOnePhaseIsDrawn(_ format: FigureFormat) throws {
        for order in [TransitionOrder.none, .undecided] {
            var input = try Synthetic.input(depths: [1, 2], points: 3)
            for index in input.curves.indices { input.verdicts[index].transitions = [Transition(order: order)] }
            input.theory = input.curves.map { _ in CurveTheory() }
            try withFolder { folder in
                let drawn = try FigureWriter(templates: templates)
                    .draw("phase-diagram", input, into: folder, formats: [format])
                #expect(drawn.warnings.isEmpty, "\(drawn.warnings)")
            }
        }
    }

    @Test func anUndecidedCurveIsARegionOfItsOwn() throws {
        var input = try Synthetic.input(depths: [1, 2], points: 20)
        input.verdicts[1].transitions = [Transition(order: .undecided)]
        #expect(try regions(of: input, at: 2) == [[4, 0.02, 1.5]])
    }
}
