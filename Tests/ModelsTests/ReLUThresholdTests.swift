import Foundation
import Lanes
import Models
import Testing

@Suite struct ReLUThresholdTests {
    static func data(count: Int, dimension: Int, seed: UInt64) -> (inputs: [Double], targets: [Double]) {
        var stream = RandomStream(seed: seed, key: 1, purpose: .data)
        return (stream.normals(count * dimension), stream.normals(count))
    }

    static func height(_ w: [Double], _ data: (inputs: [Double], targets: [Double])) -> Double {
        let d = w.count
        var sum = 0.0
        for (i, y) in data.targets.enumerated() {
            sum += y * max(0, (0..<d).reduce(0) { $0 + data.inputs[i * d + $1] * w[$1] })
        }
        return abs(sum) / Double(data.targets.count)
    }

    @Test(arguments: 0..<20) func onTheCircleNoDirectionIsHigher(seed: UInt64) throws {
        let data = Self.data(count: 30, dimension: 2, seed: seed)
        let threshold = try ReLUThreshold(inputs: data.inputs, targets: data.targets, dimension: 2)
        #expect(threshold.isExhaustive)
        #expect(abs(Self.height(threshold.direction, data) - threshold.gamma) < 1e-13)
        let highest = (0..<20_000).map { i -> Double in
            let angle = 2 * Double.pi * Double(i) / 20_000
            return Self.height([cos(angle), sin(angle)], data)
        }.max()!
        #expect(threshold.gamma >= highest - 1e-13)
        // The function's slope along the circle is at most E|y|‖x‖, and a maximum may sit on a kink between two angles.
        var slope = 0.0
        for (i, y) in data.targets.enumerated() {
            let (p, q) = (data.inputs[2 * i], data.inputs[2 * i + 1])
            slope += abs(y) * (p * p + q * q).squareRoot() / 30
        }
        #expect(threshold.gamma <= highest + slope * Double.pi / 20_000)
    }

    @Test(arguments: [3, 5]) func ascentsFindWhatManyRandomDirectionsDoNotBeat(dimension: Int) throws {
        let data = Self.data(count: 40, dimension: dimension, seed: 5)
        let threshold = try ReLUThreshold(inputs: data.inputs, targets: data.targets, dimension: dimension)
        #expect(!threshold.isExhaustive)
        #expect(abs(Self.height(threshold.direction, data) - threshold.gamma) < 1e-12)
        var stream = RandomStream(seed: 9, key: 9, purpose: .data)
        for _ in 0..<50_000 {
            let raw = stream.normals(dimension)
            let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(Self.height(raw.map { $0 / norm }, data) <= threshold.gamma)
        }
    }

    @Test func onSymmetricDataItIsHalfTheCorrelation() throws {
        let data = Self.data(count: 25, dimension: 3, seed: 2)
        let inputs = data.inputs + data.inputs.map { -$0 }
        let targets = data.targets + data.targets.map { -$0 }
        let threshold = try ReLUThreshold(inputs: inputs, targets: targets, dimension: 3)
        var correlation = [0.0, 0, 0]
        for (i, y) in data.targets.enumerated() {
            for k in 0..<3 { correlation[k] += y * data.inputs[i * 3 + k] / 25 }
        }
        let norm = correlation.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(threshold.gamma - norm / 2) < 1e-12)
    }
}
