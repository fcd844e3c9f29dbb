import Foundation
import PhaseSpace
import Support
import Testing

@Suite struct PointIdentityTests {
    let physics = Physics(model: "toy", seed: 7, data: ["samples": 10], settings: ["starts": 3])
    let controls: [String: ControlValue] = ["gamma": .number(0.1), "depth": .number(2), "width": .list([4, 5])]

    @Test func hashIsThatOfTheStandard() {
        #expect(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func identityIsPinnedAcrossVersions() {
        // A store written today must be found again tomorrow: this text changes only with the store's version.
        let identity = physics.identity(controls: controls, replica: 0, direction: .cold, grid: nil)
        let document =
            #"{"controls":{"depth":2,"gamma":0.1,"width":[4,5]},"direction":"cold","grid":null,"physics":"#
            + #"{"data":{"samples":10},"model":"toy","seed":"7","settings":{"starts":3}},"replica":0}"#
        #expect(identity.hex == sha256(document))
        #expect(identity.hex.count == 64)
        #expect(String(identity.randomKey, radix: 16) == String(identity.hex.prefix(16)).trimmingZeros)
    }

    @Test func everythingThatDecidesTheResultIsPartOfIt() {
        var seen: Set<PointIdentity> = []
        func add(_ physics: Physics, _ controls: [String: ControlValue], _ replica: Int, _ d: Direction, _ g: [Double]?)
        {
            seen.insert(physics.identity(controls: controls, replica: replica, direction: d, grid: g))
        }
        add(physics, controls, 0, .cold, nil)
        add(physics, controls, 1, .cold, nil)
        add(physics, controls, 0, .up, [0.1, 0.2])
        add(physics, controls, 0, .up, [0.1, 0.3])
        add(physics, controls, 0, .down, [0.1, 0.2])
        add(physics, controls.merging(["gamma": .number(0.1.nextUp)]) { $1 }, 0, .cold, nil)
        add(Physics(model: "toy", seed: 8, data: physics.data, settings: physics.settings), controls, 0, .cold, nil)
        add(Physics(model: "toy", seed: 7, data: ["samples": 11], settings: physics.settings), controls, 0, .cold, nil)
        #expect(seen.count == 8)
    }

    @Test func orderOfKeysDoesNotMatter() {
        let a: JSONValue = ["b": 1, "a": [true, nil, "x"]]
        let b: JSONValue = ["a": [true, nil, "x"], "b": 1]
        #expect(a.canonical == b.canonical)
        #expect(a.canonical == #"{"a":[true,null,"x"],"b":1}"#)
    }

    @Test func theFirstRevisionStandsInNoIdentity() {
        func identity(_ revision: Int) -> PointIdentity {
            Physics(model: "toy", revision: revision, seed: 7, data: physics.data, settings: physics.settings)
                .identity(controls: ["gamma": .number(1)], replica: 0, direction: .cold, grid: nil)
        }
        let plain = physics.identity(controls: ["gamma": .number(1)], replica: 0, direction: .cold, grid: nil)
        #expect(identity(1) == plain)
        #expect(identity(2) != plain && identity(2) != identity(3))
        for revision in 1...3 {
            let json = Physics(model: "toy", revision: revision, seed: 7, data: [:], settings: [:]).json
            #expect(Physics.revision(in: json) == revision)
        }
    }
}

extension String {
    fileprivate var trimmingZeros: String { String(drop { $0 == "0" }) }
}
