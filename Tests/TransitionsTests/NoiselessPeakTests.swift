import PhaseSpace
import Testing
import Transitions

/// Curves whose steepest interval stands alone.
@Suite struct NoiselessPeakTests {
    @Test func aCurveThatFallsToExactZeroIsJudged() throws {
        let values = [
            0.649, 0.604, 0.503, 0.411, 0.389, 0.356, 0.264, 0.113, 0.1128, 0.0286, 1e-68, 1e-92, 1e-101, 1e-252, 0, 0,
            0,
            0, 0, 0, 0, 0, 0,
        ]
        let controls = [0.6, 0.62, 0.64, 0.68, 0.7, 0.72, 0.74] + (0..<16).map { 0.8 + 0.02 * Double($0) }
        let text = zip(controls, values).map { "\($0)\t\($1)" }.joined(separator: "\n")
        let found = verdict(
            for: try curve(fromTable: text, source: "t.tsv"), axisControl: nil, observables: [], theory: nil)
        #expect(!found.transitions.isEmpty)
    }

    @Test func slopesBeyondAllNumbersAreJudged() throws {
        let exponents = [
            26, -12, 20, 251, 265, 99, 151, -12, 33, 195, -13, 295, 294, 156, 89, 77, 190, 40, -12, 52, 215, 16, 160,
            -13,
        ]
        let text = exponents.enumerated().map { "\(0.5 + 0.02 * Double($0))\t1e\($1)\t0.1" }.joined(separator: "\n")
        let found = verdict(
            for: try curve(fromTable: text, source: "t.tsv"), axisControl: nil, observables: [], theory: nil)
        #expect(!found.transitions.isEmpty)
    }
}
