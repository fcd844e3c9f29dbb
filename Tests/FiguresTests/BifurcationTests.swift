import Figures
import Foundation
import PhaseSpace
import Testing

@Suite struct BifurcationTests {
    @Test func stableAndUnstablePartsMeetAtTheFold() throws {
        try withFolder { folder in
            let drawn = try FigureWriter(templates: templates).draw(
                "bifurcation", Synthetic.input(depths: [2], replicas: 1), into: folder, formats: [.svg])
            #expect(drawn.warnings == "")
            func rows(_ name: String) throws -> [[Double]] {
                let path = try #require(drawn.sources.first { $0.hasSuffix("/\(name).tsv") })
                return try text(of: path).split(separator: "\n").filter { !$0.hasPrefix("#") }
                    .map { $0.split(separator: "\t").map { Double($0)! } }
            }
            let (stable, unstable, events) = try (rows("stable"), rows("unstable"), rows("events"))
            let fold = try #require(events.first { $0[3] == 0 })
            let spinodal = IsotropicNet(depth: 2, q: Synthetic.q(0)).spinodal
            #expect(abs(fold[1] - spinodal) < 1e-12)
            #expect(stable.last?[2] == fold[1] && unstable.first?[2] == fold[1])
            #expect(stable.allSatisfy { $0[3] >= fold[2] } && unstable.allSatisfy { $0[3] <= fold[2] })
        }
    }

    @Test func withoutAFollowedBranchThereIsNothingToDraw() throws {
        let input = try Synthetic.noiseInput()
        let error = try #require(throws: FigureError.self) {
            try FigureWriter(templates: templates).drawText("bifurcation", input)
        }
        #expect("\(error)".contains("add `branch` to the spec's `direction`"))
    }
}
