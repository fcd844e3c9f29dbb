import Foundation
import Lanes
import Models
import Support
import Testing

@Suite struct KinkThresholdTests {
    struct Samples {
        let inputs: [[Double]]
        let targets: [Double]
        var flat: [Double] { inputs.flatMap { $0 } }

        static func gaussian(count: Int, dimension: Int, seed: UInt64) -> Samples {
            var stream = RandomStream(seed: seed, key: 1, purpose: .data)
            return Samples(
                inputs: (0..<count).map { _ in stream.normals(dimension) }, targets: stream.normals(count))
        }

        /// Small whole numbers: rows repeat, share lines, are 0.
        static func whole(count: Int, dimension: Int, seed: UInt64) -> Samples {
            let drawn = gaussian(count: count, dimension: dimension, seed: seed)
            return Samples(
                inputs: drawn.inputs.map { $0.map { (1.2 * $0).rounded() } },
                targets: drawn.targets.map { (1.2 * $0).rounded() })
        }

        func height(_ w: [Double], _ above: Double, _ below: Double) -> Double {
            var sum = 0.0
            for (x, y) in zip(inputs, targets) {
                let h = zip(x, w).reduce(0) { $0 + $1.0 * $1.1 }
                sum += y * (h > 0 ? above : below) * h
            }
            return abs(sum) / Double(targets.count)
        }

        func threshold(_ above: Double, _ below: Double) throws -> KinkThreshold {
            try KinkThreshold(
                inputs: flat, targets: targets, dimension: inputs[0].count, above: above, below: below)
        }
    }

    private static let slopes = [(1.0, 0.0), (1, -1), (1, 0.01), (-0.7, 1.3), (2, 0.5), (1, 1)]

    private static func gamma(_ query: JSONValue) throws -> Double? {
        let transition = try #require(try WeightDecay.predict(query)["transition"])
        #expect(transition["claim"]?.text == "exact")
        return transition["gamma"]?.number
    }

    @Test func theArcAcrossTheAnglePiCounts() throws {
        let one = try Self.gamma([
            "depth": 1, "activation": "relu", "data": ["inputs": [[-2, 1]], "targets": [1]],
        ])
        #expect(abs(try #require(one) - 5.0.squareRoot()) < 1e-14)
        let two = try Self.gamma([
            "depth": 1, "activation": "relu", "data": ["inputs": [[-2, 1], [1, 1]], "targets": [1, 0]],
        ])
        #expect(abs(try #require(two) - 5.0.squareRoot() / 2) < 1e-14)
    }

    /// 3:1 and 0.3:0.1 are one line but for rounding, and so are their kinks.
    @Test func kinksThatAreOneButForRoundingDoNotHideAnArc() throws {
        for turn in 0..<24 {
            // The pairs of kinks come first or last in the order of angles, or between others.
            let (c, s) = (cos(Double(turn) * .pi / 12), sin(Double(turn) * .pi / 12))
            let plain: [[Double]] = [
                [0.3, 0.1], [3, 1], [0.9, 0.3], [-1.2, -0.4], [0.2, -1.3], [0.7, 2.1], [-0.1, -0.3],
            ]
            let samples = Samples(
                inputs: plain.map { [c * $0[0] - s * $0[1], s * $0[0] + c * $0[1]] }, targets: [3, -1, 4, 2, -3, 1, 5])
            var best = 0.0
            for step in 0..<40_000 {
                let angle = Double(step) * .pi / 20_000
                best = max(best, samples.height([cos(angle), sin(angle)], 1, 0))
            }
            let threshold = try samples.threshold(1, 0)
            #expect(threshold.isExact)
            #expect(threshold.lowerBound >= best && threshold.lowerBound < best * (1 + 1e-6))
        }
        // A table with one decimal of which two lines are one.
        let inputs: [[Double]] = [
            [1.6, 1.5], [0.3, 1.2], [0.3, -0.5], [0.1, -0.8], [-0.3, 0.4], [-0.6, -2.1], [-0.2, 0.2], [-0.7, -0.2],
            [-0.6, 0.5], [-0.2, 1.0], [0.5, -1.1], [0.1, -0.2], [0.1, -0.0], [-1.4, -0.5], [1.9, -0.2], [0.5, 0.2],
            [0.2, -0.1], [-0.2, 1.3], [1.0, -0.1], [-0.4, -1.7], [2.1, 0.8], [-0.8, -1.2], [-1.9, -1.2], [0.3, -0.1],
            [-0.9, 1.2],
        ]
        let targets = [
            -0.4, -2.7, -0.2, -1.3, 5.9, 2.3, 3.1, 1.2, 2.0, 2.3, -2.1, -1.4, -0.6, -1.1, 0.9, -2.7, 0.8, 1.3,
            0.3, 4.3, -1.4, -0.1, 3.1, 1.5, -3.3,
        ]
        let threshold = try Samples(inputs: inputs, targets: targets).threshold(1, 0)
        #expect(abs(threshold.lowerBound - 0.608991953969837) < 1e-12)
    }

    @Test func aMaximumOnAFaceOfConcaveKinksIsFound() throws {
        let rows: [[Double]] = [
            [0.1, -0.2, -0.2], [0.2, 0.3, 0.6], [-0.1, -0.1, -0.2], [0.2, 0, -0.2], [-0.1, -0.2, 0.1],
        ]
        let gamma = try Self.gamma([
            "depth": 1, "activation": "abs",
            "data": [
                "inputs": .list(rows.map { .numbers($0) }), "targets": .numbers([-1.1, -0.3, -5.3, -2.1, 3]),
            ],
        ])
        #expect(abs(try #require(gamma) - 0.411841) < 1e-6)
    }

    /// Two inputs: between neighbouring kinks the function is a cosine; here from a sorted list of all kinks, with the
    /// samples' activity counted anew in the middle of every arc.
    @Test(arguments: 0..<300) func onTheCircleItIsTheBestOfAllArcs(seed: UInt64) throws {
        let count = 1 + Int(seed % 12)
        let samples =
            seed.isMultiple(of: 2)
            ? Samples.whole(count: count, dimension: 2, seed: seed)
            : Samples.gaussian(count: count, dimension: 2, seed: seed)
        let (above, below) = Self.slopes[Int(seed / 2) % Self.slopes.count]
        var angles = [0.0, Double.pi]
        for x in samples.inputs where x != [0, 0] {
            let angle = atan2(x[0], -x[1])
            angles += [angle, angle + Double.pi].map { $0 < 0 ? $0 + 2 * Double.pi : $0 }
        }
        angles.sort()
        angles.append(angles[0] + 2 * Double.pi)
        var best = 0.0
        for (low, high) in zip(angles, angles.dropFirst()) {
            let middle = [cos((low + high) / 2), sin((low + high) / 2)]
            var slope = [0.0, 0.0]
            for (x, y) in zip(samples.inputs, samples.targets) {
                let factor = y * (x[0] * middle[0] + x[1] * middle[1] > 0 ? above : below)
                for k in 0..<2 { slope[k] += factor * x[k] }
            }
            let peak = atan2(slope[1], slope[0])
            let candidates = [low, high, peak, peak + Double.pi]
            for angle in candidates { best = max(best, samples.height([cos(angle), sin(angle)], above, below)) }
        }
        let threshold = try samples.threshold(above, below)
        #expect(threshold.isExact)
        #expect(abs(threshold.lowerBound - best) <= 1e-12 * max(1, best))
        #expect(abs(samples.height(threshold.direction, above, below) - threshold.lowerBound) < 1e-12)
    }

    /// All faces: cells of the arrangement and their intersections with up to d − 1 kinks, each from many random
    /// directions near it; on a face the function is linear and its best direction the projected slope.
    @Test(arguments: 0..<120) func inThreeInputsItIsTheBestOfAllFaces(seed: UInt64) throws {
        let count = 2 + Int(seed % 6)
        let samples =
            seed.isMultiple(of: 2)
            ? Samples.whole(count: count, dimension: 3, seed: seed)
            : Samples.gaussian(count: count, dimension: 3, seed: seed)
        let (above, below) = Self.slopes[Int(seed / 2) % Self.slopes.count]
        var stream = RandomStream(seed: seed, key: 2, purpose: .data)
        var patterns = Set<[Bool]>()
        for _ in 0..<1500 {
            let w = stream.normals(3)
            patterns.insert(samples.inputs.map { x in zip(x, w).reduce(0) { $0 + $1.0 * $1.1 } > 0 })
        }
        var best = 0.0
        for pattern in patterns {
            var slope = [0.0, 0, 0]
            for (i, x) in samples.inputs.enumerated() {
                for k in 0..<3 { slope[k] += samples.targets[i] * (pattern[i] ? above : below) * x[k] }
            }
            var candidates = [slope]
            for (i, x) in samples.inputs.enumerated() {
                let square = x.reduce(0) { $0 + $1 * $1 }
                guard square > 0 else { continue }
                let along = zip(x, slope).reduce(0) { $0 + $1.0 * $1.1 } / square
                candidates.append(zip(slope, x).map { $0 - along * $1 })
                for y in samples.inputs[..<i] {
                    candidates.append([
                        x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0],
                    ])
                }
            }
            for w in candidates {
                let size = w.reduce(0) { $0 + $1 * $1 }.squareRoot()
                guard size > 1e-9 else { continue }
                for sign in [1.0, -1] { best = max(best, samples.height(w.map { sign * $0 / size }, above, below)) }
            }
        }
        let threshold = try samples.threshold(above, below)
        #expect(threshold.isExact)
        #expect(abs(threshold.lowerBound - best) <= 1e-10 * max(1, best))
    }

    @Test(arguments: [(40, 4), (60, 3), (40, 20), (100, 20)]) func noRandomDirectionIsAboveTheUpperBound(
        count: Int, dimension: Int
    ) throws {
        let samples = Samples.gaussian(count: count, dimension: dimension, seed: 3)
        for (above, below) in Self.slopes {
            let threshold = try samples.threshold(above, below)
            #expect(threshold.lowerBound <= threshold.upperBound)
            #expect(abs(samples.height(threshold.direction, above, below) - threshold.lowerBound) < 1e-12)
            var stream = RandomStream(seed: 9, key: 9, purpose: .data)
            for _ in 0..<500 {
                let raw = stream.normals(dimension)
                let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
                #expect(samples.height(raw.map { $0 / norm }, above, below) <= threshold.lowerBound)
            }
        }
    }

    @Test func manyPatternsInManyDimensionsLeaveTwoBounds() throws {
        let samples = Samples.gaussian(count: 200, dimension: 20, seed: 4)
        let answer = try WeightDecay.predict([
            "depth": 1, "activation": "abs",
            "data": ["inputs": .list(samples.inputs.map { .numbers($0) }), "targets": .numbers(samples.targets)],
        ])
        let transition = try #require(answer["transition"])
        #expect(answer["exact"] == .bool(false))
        #expect(transition["claim"]?.text == "bound")
        #expect(transition["gamma"] == .null)
        #expect(transition["order"]?.text == "second")
        let (low, high) = (transition["lowerBound"]?.number, transition["upperBound"]?.number)
        #expect(try #require(low) < (try #require(high)))
    }

    @Test func onSymmetricDataItIsThatOfTheLinearPart() throws {
        let half = Samples.gaussian(count: 25, dimension: 6, seed: 2)
        let samples = Samples(
            inputs: half.inputs + half.inputs.map { $0.map { -$0 } }, targets: half.targets + half.targets.map { -$0 })
        var correlation = [Double](repeating: 0, count: 6)
        for (x, y) in zip(half.inputs, half.targets) {
            for k in 0..<6 { correlation[k] += y * x[k] / 25 }
        }
        let norm = correlation.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (above, below) in Self.slopes {
            let threshold = try samples.threshold(above, below)
            #expect(threshold.isExact)
            #expect(abs(threshold.lowerBound - abs(above + below) / 2 * norm) < 1e-12)
        }
        for activation: JSONValue in ["swish", "gelu"] {
            let gamma = try Self.gamma([
                "depth": 1, "width": 1, "activation": activation,
                "data": ["inputs": .list(samples.inputs.map { .numbers($0) }), "targets": .numbers(samples.targets)],
            ])
            #expect(abs(try #require(gamma) - norm / 2) < 1e-12)
        }
    }

    @Test func withoutTargetsOrInputsThereIsNoTransition() throws {
        for data: JSONValue in [
            ["inputs": [[1, 2, 3], [4, 5, 6]], "targets": [0, 0]], ["inputs": [[0, 0, 0]], "targets": [3]],
        ] {
            for activation: JSONValue in ["relu", "abs", "relu(2,-3)", "tanh", "erf"] {
                let answer = try WeightDecay.predict(["depth": 1, "activation": activation, "data": data])
                #expect(answer["transition"]?["order"]?.text == "none")
                #expect(answer["transition"]?["claim"]?.text == "exact")
            }
        }
    }
}
