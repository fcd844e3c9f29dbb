import Foundation
import Lanes
import Models
import Support
import Testing

/// Thresholds of tanh and erf nets: what is called exact is so for trained nets, bounds hold, and what is neither is local.
@Suite struct SmoothThresholdTests {
    private static func transition(
        _ activation: String, _ inputs: [[Double]], _ targets: [Double], width: Int = 8
    ) throws -> JSONValue {
        try #require(
            try WeightDecay.predict([
                "depth": 1, "width": .number(Double(width)), "activation": .text(activation),
                "data": ["inputs": .list(inputs.map { .numbers($0) }), "targets": .numbers(targets)],
            ])["transition"])
    }

    /// A first-order transition between bounds, above the zero net's stability.
    private static func expectFirst(
        _ transition: JSONValue, at gamma: Double, tolerance: Double, stability: Double
    ) throws {
        #expect(transition["order"]?.text == "first")
        #expect(["bound", "exact"].contains(transition["claim"]?.text))
        let low = try #require(transition["lowerBound"]?.number ?? transition["gamma"]?.number)
        let high = try #require(transition["upperBound"]?.number ?? transition["gamma"]?.number)
        #expect(low >= gamma * (1 - tolerance) && low <= gamma * (1 + 1e-4))
        #expect(high >= gamma * (1 - 1e-4))
        #expect(abs(try #require(transition["lowerSpinodal"]?.number) - stability) < 1e-12)
    }

    @Test func aNetFarFromZeroRefutesSecondOrder() throws {
        try Self.expectFirst(
            Self.transition("tanh", [[2.86], [0.98], [0.56]], [0.28, -0.13, -1.09], width: 4), at: 0.0630963,
            tolerance: 1e-4, stability: 0.021)
        try Self.expectFirst(
            Self.transition("tanh", [[0.47], [2.86], [0.12]], [0.94, -0.34, 4.56]), at: 0.15239, tolerance: 0.02,
            stability: 0.0166 / 3)
    }

    @Test func withoutCorrelationTheTransitionIsOfFirstOrder() throws {
        try Self.expectFirst(
            Self.transition("tanh", [[1], [2]], [-2, 1]), at: 0.16635, tolerance: 0.02, stability: 0)
    }

    @Test func ofOneUnitTheThresholdIsTheBestUnits() throws {
        let transition = try Self.transition("tanh", [[1], [2]], [-2, 1], width: 1)
        // v of the best unit of input weight w from h = E[y tanh(w x)], q = E[tanh²(w x)].
        let highest = (1..<40_000).map { i -> Double in
            let w = Double(i) / 10_000
            let (a, b) = (tanh(w), tanh(2 * w))
            let (h, q) = ((b - 2 * a) / 2, (a * a + b * b) / 2)
            return (-q + (q * q + 4 * h * h / (w * w)).squareRoot()) / 2
        }.max()!
        let low = try #require(transition["lowerBound"]?.number ?? transition["gamma"]?.number)
        let high = try #require(transition["upperBound"]?.number ?? transition["gamma"]?.number)
        #expect(abs(low - highest) < 1e-8)
        #expect(high >= low && high < low * (1 + 1e-5))
    }

    @Test(arguments: ["tanh", "erf"]) func ofAPlainTeacherSecondOrderIsProven(_ activation: String) throws {
        var stream = RandomStream(seed: 5, key: 5, purpose: .data)
        let inputs = (0..<60).map { _ in stream.normals(3) }
        let noise = stream.normals(60)
        let targets = zip(inputs, noise).map { $0[0] - 0.5 * $0[1] + 0.1 * $1 }
        var correlation = [0.0, 0, 0]
        for (x, y) in zip(inputs, targets) {
            for k in 0..<3 { correlation[k] += x[k] * y / 60 }
        }
        let slope = activation == "tanh" ? 1 : (2 / Double.pi).squareRoot()
        let gamma = slope * correlation.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for width in [1, 10] {
            let transition = try Self.transition(activation, inputs, targets, width: width)
            #expect(transition["order"]?.text == "second")
            #expect(transition["claim"]?.text == "exact")
            #expect(abs(try #require(transition["gamma"]?.number) - gamma) < 1e-12)
        }
    }

    /// The loss of nets at γ just above what is called exact, or above an upper bound, is nowhere below that of the zero
    /// net: random nets, each scaled and balanced to its best.
    @Test(arguments: 0..<60) func noNetPaysAboveTheUpperBound(seed: UInt64) throws {
        var stream = RandomStream(seed: seed, key: 7, purpose: .data)
        let (count, dimension) = (3 + Int(seed % 5), 1 + Int(seed % 2))
        let inputs = (0..<count).map { _ in stream.normals(dimension) }
        let targets = stream.normals(count)
        let transition = try Self.transition("tanh", inputs, targets, width: 3)
        let upper = try #require(transition["upperBound"]?.number ?? transition["gamma"]?.number)
        for index in 0..<2000 {
            let size = exp2(Double(index % 8) - 4)
            var outputs = [Double](repeating: 0, count: count)
            var cost = 0.0
            for _ in 0..<1 + index % 3 {
                let w = stream.normals(dimension).map { size * $0 }
                let phi = inputs.map { x in tanh(zip(x, w).reduce(0) { $0 + $1.0 * $1.1 }) }
                let h = zip(targets, phi).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
                let q = phi.reduce(0) { $0 + $1 * $1 } / Double(count)
                let v = h / (q + upper)
                cost += v * v + w.reduce(0) { $0 + $1 * $1 }
                for i in outputs.indices { outputs[i] += v * phi[i] }
            }
            let gain = zip(targets, outputs).reduce(0) { $0 + 2 * $1.0 * $1.1 - $1.1 * $1.1 } / Double(count)
            #expect(gain <= upper * cost * (1 + 1e-9))
        }
    }

    @Test func whatIsNotProvenIsLocal() throws {
        // Ten inputs of noise: too many directions for a proof.
        var stream = RandomStream(seed: 8, key: 8, purpose: .data)
        let inputs = (0..<100).map { _ in stream.normals(10) }
        let transition = try Self.transition("tanh", inputs, inputs.map { $0.reduce(0, +) + 0.1 })
        #expect(transition["claim"]?.text == "local")
        #expect(transition["claims"] == nil)
        #expect(transition["gamma"]?.number == transition["lowerBound"]?.number)
        #expect(try #require(transition["upperBound"]?.number) > (try #require(transition["lowerBound"]?.number)))
        #expect(try #require(transition["sentence"]?.text).contains("is not excluded"))
    }
}
