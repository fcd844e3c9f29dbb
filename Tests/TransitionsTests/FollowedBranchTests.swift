import Foundation
import PhaseSpace
import Testing
import Transitions

/// Verdicts on branches that somebody has followed; here they are exact.
@Suite struct FollowedBranchTests {
    private let path = RidgePath(hiddenLayers: 2)

    private func row(_ logMu: Double, _ event: BranchEvent? = nil, shift: Double = 0) -> BranchRow {
        let state = path.state(logMu: logMu)
        return BranchRow(
            arcLength: logMu + 20, control: state.gamma, isStable: logMu <= log(3), event: event,
            uncertainty: event == nil ? nil : 1e-12,
            values: [
                "loss": state.loss + shift, "lossSlope": state.squaredNorm, "lossCurvature": state.curvature,
                "squaredNorm": state.squaredNorm, "zeroNetLoss": path.targetPower,
            ])
    }

    /// The branch over a coarse grid, with cold rows that lie `below` it.
    private func curve(below: Double = 0) -> Curve {
        let maxwell = path.state(logMu: 0).gamma
        var rows = (0...60).map { row(-5 + 0.15 * Double($0) + 0.01) }
        rows.append(row(0, .maxwell))
        rows.append(row(log(3), .fold))
        rows.sort { $0.arcLength < $1.arcLength }
        var samples: [CurveSample] = []
        for u in [-4.0, -3, -2, -1, -0.5, 0.3, 0.6] {
            let state = path.state(logMu: u)
            let isOrdered = state.gamma < maxwell
            let values = row(u).values
            samples.append(
                CurveSample(control: state.gamma, replica: 0, direction: .branch, outcome: .converged, values: values))
            var cold = values
            if !isOrdered {
                cold = ["loss": path.targetPower, "lossSlope": 0, "squaredNorm": 0, "zeroNetLoss": path.targetPower]
            }
            cold["loss"]! -= below
            samples.append(
                CurveSample(control: state.gamma, replica: 0, direction: .cold, outcome: .converged, values: cold))
        }
        let key = CurveKey(model: "toy", fixed: [:], axis: "gamma", orderParameter: "squaredNorm")
        return Curve(
            key: key, samples: samples, branches: [FollowedBranch(axis: "gamma", replica: 0, rows: rows)])
    }

    private func judge(_ curve: Curve) -> [Transition] {
        verdict(for: curve, axisControl: RidgePath.gamma, observables: RidgePath.observables).transitions
    }

    @Test func theLocationIsAsSharpAsTheCorrectorHoweverCoarseTheGrid() throws {
        let found = judge(curve())
        try #require(found.count == 1)
        #expect(found[0].order == .first)
        #expect(found[0].location!.covers(pow(0.25, 2.0 / 3), width: 1e-11))
        #expect(found[0].spinodal!.covers(pow(9.0 / 16, 2.0 / 3) * pow(1.0 / 3, 1.0 / 3), width: 1e-11))
        #expect(abs(found[0].jump!.value - 1.8898815748423097) < 1e-11)
        #expect(abs(found[0].latentHeat!.value - 0.75) < 1e-11)
        #expect(found[0].evidence["method"]?.text == "branches followed round their folds")
    }

    @Test func aBranchThatIsNotTheGlobalPhaseDecidesNothing() {
        let found = judge(curve(below: 1e-3))
        #expect(found.allSatisfy { $0.evidence["method"] == nil })
    }
}
