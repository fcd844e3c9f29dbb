import Foundation
import PhaseSpace
import Sweeps
import Testing

@Suite struct PlanTests {
    let bench = Workbench()
    static let text = """
        model: toy-equilibrium
        axes: {depth: [1, 2], gamma: [0.9, 0.5, 1.1]}
        replicas: 2
        direction: [cold, up, down]
        """

    @Test func pointsComeInTheOrderOfTheAxesThenReplicaThenDirection() throws {
        let plan = try bench.plan(Self.text)
        #expect(plan.pointCount == 36)
        #expect(plan.points.count == 36)
        let points = Array(plan.points)
        #expect(Set(points.map(\.identity)).count == 36)
        #expect(points.prefix(6).map(\.direction) == [.cold, .up, .down, .cold, .up, .down])
        #expect(points.prefix(6).map(\.replica) == [0, 0, 0, 1, 1, 1])
        #expect(points.prefix(18).compactMap { $0.controls["gamma"]?.number }.filter { $0 == 0.5 }.count == 6)
        #expect(points[6].controls["gamma"] == .number(0.5))
        #expect(points[18].controls["depth"] == .number(2))
    }

    @Test func anOptionalControlIsPartOfTheSweepsThatSetItAlone() throws {
        let without = try bench.plan(Self.text)
        #expect(without.points.allSatisfy { $0.controls["tilt"] == nil })
        #expect(without.spec.declaration.control("tilt") == nil)
        let with = try bench.plan(Self.text + "\nfixed: {tilt: 0.5}")
        #expect(with.points.allSatisfy { $0.controls["tilt"] == .number(0.5) })
        #expect(Set(with.points.map(\.identity)).isDisjoint(with: without.points.map(\.identity)))
    }

    @Test func warmChainsRunOverTheWholeGridInTheirDirection() throws {
        let plan = try bench.plan(Self.text)
        #expect(plan.grid == [0.5, 0.9, 1.1])
        #expect(plan.chainCount == 8 + 12)
        let chains = Array(plan.chains)
        for chain in chains {
            let gammas = chain.points.compactMap { $0.controls["gamma"]?.number }
            switch chain.direction {
            case .up: #expect(gammas == [0.5, 0.9, 1.1])
            case .down: #expect(gammas == [1.1, 0.9, 0.5])
            default: #expect(gammas.count == 1)
            }
            #expect(Set(chain.points.map { $0.controls["depth"]! }).count == 1)
            #expect(Set(chain.points.map(\.replica)).count == 1)
            #expect(chain.axis == "gamma")
        }
        #expect(chains.filter { $0.direction == .up }.count == 4)
    }

    @Test func chainsAndPointsAreTheSameSet() throws {
        let plan = try bench.plan(Self.text, ["width=2,4"])
        let fromChains = plan.chains.flatMap(\.points)
        #expect(fromChains.count == plan.pointCount)
        #expect(Set(fromChains) == Set(plan.points))
    }

    @Test func addedValuesMakeNewWarmPointsButKeepColdOnes() throws {
        let small = try bench.plan(Self.text)
        let large = try bench.plan(Self.text, ["gamma=0.9,0.5,1.1,1.2"])
        let known = Set(small.points.map(\.identity))
        for point in large.points where point.controls["gamma"] != .number(1.2) {
            #expect(known.contains(point.identity) == (point.direction == .cold))
        }
    }

    @Test func cosmeticKeysLeaveIdentitiesAlone() throws {
        let plain = try bench.plan(Self.text)
        let dressed = try bench.plan(
            Self.text + "\ntitle: A title\nfigures: [order-parameter]\norderParameter: overlap\n")
        #expect(Array(plain.points) == Array(dressed.points))
        #expect(plain.constants == dressed.constants)
    }

    @Test func alongCountsOnlyForPointsOfChains() throws {
        let text = "model: toy-equilibrium\naxes: {depth: [1, 2], gamma: [1, 2]}\ndirection: [cold, up]\n"
        let byGamma = try bench.plan(text)
        let byDepth = try bench.plan(text + "along: depth\n")
        for (a, b) in zip(byGamma.points, byDepth.points) {
            #expect((a.identity == b.identity) == (a.direction == .cold))
        }
    }

    @Test func aDataFileCountsByItsContent() throws {
        func identity(_ name: String, _ content: String) throws -> PointIdentity {
            try content.write(toFile: bench.folder + "/sweeps/\(name)", atomically: true, encoding: .utf8)
            return try bench.plan("model: toy-equilibrium\nfixed: {gamma: 1}\ndata: {file: \(name)}\n").points[0]
                .identity
        }
        let first = try identity("a.csv", "1,2")
        #expect(try identity("b.csv", "1,2") == first)
        #expect(try identity("a.csv", "1,3") != first)
    }

    /// Stores of released versions are found again only as long as these stay what they are.
    @Test func identitiesNeverChange() throws {
        let points = try bench.plan(Self.text).points
        #expect(points[0].identity.hex == "267c3cb94e59b7d5d819890e68d7ae750ce14087fd9028c1c4b86e81db18bf7f")
        #expect(points[1].identity.hex == "06cb20cb3aa9cdd2ae65c7a87dce19cf85f7b13101f0f213581b892150899a03")
    }
}
