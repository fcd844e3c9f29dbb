import Foundation
import GSLNumerics
import Models
import PhaseSpace
import Support
import Testing

@Suite struct VAETests {
    static let data: JSONValue = [
        "teacher": "gaussian", "inputVariances": [4, 2], "samples": 24, "draws": "lattice",
    ]

    static func controls(_ changes: [String: ControlValue] = [:]) -> [String: ControlValue] {
        var controls: [String: ControlValue] = [:]
        for control in VAE.declaration.controls { controls[control.name] = control.defaultValue }
        return controls.merging(changes) { $1 }
    }

    static func model(_ data: JSONValue = data, optimiser: JSONValue = [:]) throws -> VAE {
        try VAE(settings: ModelSettings(seed: 3, data: data, optimiser: optimiser, folder: ""))
    }

    static func chains(_ fixed: [String: ControlValue], betas: [Double], direction: Direction = .cold) -> [Chain] {
        let physics = Physics(model: "vae", seed: 3, data: data, settings: [:])
        let points = betas.map { beta in
            let controls = fixed.merging(["beta": .number(beta)]) { $1 }
            return Point(
                controls: controls, replica: 0, direction: direction,
                identity: physics.identity(
                    controls: controls, replica: 0, direction: direction, grid: direction == .cold ? nil : betas))
        }
        return direction == .cold
            ? points.map { Chain(points: [$0], axis: "beta") } : [Chain(points: points, axis: "beta")]
    }

    /// Weights without any symmetry.
    static func weights(_ count: Int) -> [Double] { (0..<count).map { 0.7 * sin(1.7 * Double($0) + 0.3) } }

    @Test(arguments: ["linear", "tanh", "relu"], ["none", "all"])
    func gradientsAreThoseOfTheLoss(activation: String, biases: String) throws {
        for posterior in ["learned", "fixed"] {
            let net = try Self.model().net(
                Self.controls([
                    "beta": .number(1.3), "activation": .text(activation), "hidden": .number(3),
                    "biases": .text(biases),
                    "posterior": .text(posterior), "gamma": .number(0.02), "decoderVariance": .number(0.7),
                    "encoderVariance": .number(1.6),
                ]), replica: 0)
            let weights = Self.weights(net.weightCount)
            let value = net.value(weights)
            for i in weights.indices {
                func moved(_ step: Double) -> VAENet.Value {
                    var moved = weights
                    moved[i] += step
                    return net.value(moved)
                }
                let width = 1e-4
                let (up, down) = (moved(width), moved(-width))
                let slope = (up.loss - down.loss) / (2 * width)
                #expect(abs(slope - value.gradient[i]) <= 1e-6, "weight \(i): \(value.gradient[i]) against \(slope)")
                let part = (up.divergence - down.divergence) / (2 * width)
                #expect(abs(part - value.divergenceGradient[i]) <= 1e-6, "divergence by weight \(i)")
            }
        }
    }

    @Test(arguments: ["linear", "tanh", "relu"], ["none", "all"])
    func hessiansAreThoseOfTheGradient(activation: String, biases: String) throws {
        for posterior in ["learned", "fixed"] {
            let net = try Self.model().net(
                Self.controls([
                    "beta": .number(1.3), "activation": .text(activation), "hidden": .number(3),
                    "biases": .text(biases), "posterior": .text(posterior), "gamma": .number(0.02),
                    "decoderVariance": .number(0.7), "encoderVariance": .number(1.6),
                ]), replica: 0)
            let weights = Self.weights(net.weightCount)
            let value = net.value(weights, curvature: true)
            let hessian = try #require(value.hessian)
            let n = weights.count
            // Of the fourth order, and too narrow to cross a kink of the encoder.
            for i in weights.indices {
                func gradient(_ step: Double) -> [Double] {
                    var moved = weights
                    moved[i] += step
                    return net.value(moved).gradient
                }
                let width = 1e-4
                let (a, b, c, d) = (gradient(-2 * width), gradient(-width), gradient(width), gradient(2 * width))
                for j in weights.indices {
                    let expected = (8 * (c[j] - b[j]) - (d[j] - a[j])) / (12 * width)
                    #expect(
                        abs(hessian[i * n + j] - expected) <= 1e-8 * max(1, abs(expected)),
                        "\(posterior) (\(i), \(j)) of \(n): \(hessian[i * n + j]) against \(expected)")
                    #expect(hessian[i * n + j] == hessian[j * n + i])
                }
            }
        }
    }

    @Test func aRectifiedDecoderIsAveragedExactly() throws {
        // One input, one latent variable, decoder ŷ = U (z)₊: E over z by hand.
        let data: JSONValue = ["teacher": "gaussian", "inputVariances": [1.5], "samples": 8]
        let controls = Self.controls([
            "beta": .number(1), "activation": .text("relu"), "hidden": .number(1), "latent": .number(1),
            "posterior": .text("fixed"),
        ])
        let net = try Self.model(data).net(controls, replica: 0)
        let samples = try Self.model(data).samples(controls, replica: 0).values
        let (w, v, b, u) = (1.2, 0.8, 0.9, 1.1)
        var expected = 0.0
        for x in samples {
            let mean = v * max(0, w * x)
            let distortion = try integral(
                of: { e in
                    let rest = u * max(0, b * (mean + e)) - x
                    return rest * rest / 2 * exp(-e * e / 2) / (2 * Double.pi).squareRoot()
                }, from: -mean - 12, to: -mean
            ).value
            let above = try integral(
                of: { e in
                    let rest = u * max(0, b * (mean + e)) - x
                    return rest * rest / 2 * exp(-e * e / 2) / (2 * Double.pi).squareRoot()
                }, from: -mean, to: 12
            ).value
            expected += (distortion + above + mean * mean / 2) / Double(samples.count)
        }
        #expect(abs(net.value([w, v, b, u]).loss - expected) <= 1e-9 * expected)
    }

    @Test(arguments: [-1, -0.999, -0.93, -0.6, -0.2, 0, 0.1, 0.5, 0.9, 0.95, 0.9999, 1])
    func bivariateProbabilitiesAreIntegralsOfTheConditionalOne(correlation: Double) throws {
        let normal = BivariateNormal(correlation: correlation)
        for (a, b) in [(0.3, -0.7), (-1.2, 0.4), (0, 0), (2, 1.9), (-0.5, -0.5)] {
            let expected: Double
            if abs(correlation) == 1 {
                let (p, q) = (try normalCDF(a), try normalCDF(b))
                expected = correlation > 0 ? min(p, q) : max(0, p + q - 1)
            } else {
                let rest = (1 - correlation * correlation).squareRoot()
                let kink = abs(correlation) < 0.01 ? 0 : -b / correlation
                let density = { (x: Double) throws in
                    exp(-x * x / 2) / (2 * Double.pi).squareRoot() * (try normalCDF((b + correlation * x) / rest))
                }
                let edges = [-a, max(-a, min(12, kink)), 12]
                expected =
                    try integral(of: density, from: edges[0], to: edges[1], absoluteTolerance: 1e-13).value
                    + integral(of: density, from: edges[1], to: edges[2], absoluteTolerance: 1e-13).value
            }
            #expect(abs(normal.probability(a, b) - expected) <= 1e-11, "at (\(a), \(b))")
        }
    }

    @Test(arguments: ["learned", "fixed"]) func linearNetsReachTheExactLoss(posterior: String) throws {
        let model = try Self.model()
        let fixed = Self.controls([
            "activation": .text("linear"), "hidden": .number(3), "posterior": .text(posterior),
            "decoderVariance": .number(0.8), "encoderVariance": .number(1.4),
        ])
        let betas = [0.6, 1.7, 3.4, 6]
        let context = ListContext(
            Self.chains(fixed, betas: betas) + Self.chains(fixed, betas: betas, direction: .up))
        try model.run(context)
        #expect(context.observations.count == 8)
        for observation in context.observations {
            #expect(observation.outcome == .converged, "\(observation.reason)")
            let exact = try #require(try model.theory(of: observation.point.controls, .replica(0)))
            for (name, tolerance) in [
                ("loss", 1e-8), ("lossSlope", 1e-6), ("lossCurvature", 1e-5), ("outputVariance", 1e-6),
                ("mode_1", 1e-5),
                ("meanDeviation", 1e-6), ("activeModes", 0), ("zeroNetLoss", 1e-12),
            ] {
                guard let ours = observation.values[name] else { continue }
                let theirs = exact.values[name]!
                #expect(abs(ours - theirs) <= tolerance * max(1, abs(theirs)), "\(name): \(ours) against \(theirs)")
            }
        }
    }

    static let population: JSONValue = ["teacher": "gaussian", "inputVariances": [4, 2], "samples": "population"]

    @Test(arguments: [("tanh", 2), ("relu", 4)] as [(String, Int)])
    func onGaussianDataNoNetBeatsTheLinearOne(activation: String, hidden: Int) throws {
        let model = try Self.model(Self.population, optimiser: ["starts": 2])
        let fixed = Self.controls(["activation": .text(activation), "hidden": .number(Double(hidden))])
        let context = ListContext(Self.chains(fixed, betas: [1.5, 3, 4.2], direction: .up))
        try model.run(context)
        for observation in context.observations {
            #expect(observation.outcome == .converged, "\(observation.reason)")
            let exact = try #require(try model.theory(of: observation.point.controls, .replica(0)))
            for (name, tolerance) in [
                ("loss", 1e-7), ("lossSlope", 1e-5), ("lossCurvature", 1e-3), ("outputVariance", 1e-5),
            ] {
                let (ours, theirs) = (try #require(observation.values[name]), exact.values[name]!)
                #expect(abs(ours - theirs) <= tolerance * max(1, abs(theirs)), "\(name): \(ours) against \(theirs)")
            }
        }
    }

    @Test func theCollapsedStateGivesWayAtTheLargestEigenvalueWhateverTheActivation() throws {
        let model = try Self.model()
        for activation in ["tanh", "relu", "linear"] {
            let fixed = Self.controls(["activation": .text(activation), "decoderVariance": .number(0.5)])
            let key = CurveKey(model: "vae", fixed: fixed, axis: "beta", orderParameter: "outputVariance")
            let found = try #require(try model.exactTransitions(of: key, .replica(0))?.last)
            let samples = try model.samples(fixed, replica: 0)
            // Largest eigenvalue of a 2 × 2 matrix.
            let rows = samples.values.count / 2
            func moment(_ i: Int, _ j: Int) -> Double {
                (0..<rows).reduce(0) { $0 + samples.values[2 * $1 + i] * samples.values[2 * $1 + j] } / Double(rows)
            }
            let (a, b, c) = (moment(0, 0), moment(0, 1), moment(1, 1))
            let largest = (a + c) / 2 + (((a - c) / 2) * ((a - c) / 2) + b * b).squareRoot()
            #expect(abs(found.location!.value - 2 * largest) <= 1e-12 * largest)
        }
    }

    @Test func gaussHermiteRulesAreExactForPolynomials() throws {
        let rule = try gaussHermite(order: 6)
        for (power, moment) in [(0, 1.0), (1, 0), (2, 1), (4, 3), (6, 15), (8, 105), (10, 945), (11, 0)] {
            let mean = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(power)) }
            #expect(abs(mean - moment) <= 1e-12 * max(1, moment))
        }
    }

    @Test func resultsDoNotDependOnTheOrderOfChains() throws {
        let fixed = Self.controls(["activation": .text("relu"), "hidden": .number(2), "latent": .number(1)])
        let chains = Self.chains(fixed, betas: [2, 3])
        func losses(_ chains: [Chain]) throws -> [Double: [String: Double]] {
            let context = ListContext(chains)
            try Self.model(optimiser: ["starts": 1]).run(context)
            return Dictionary(
                uniqueKeysWithValues: context.observations.map { ($0.point.controls["beta"]!.number!, $0.values) })
        }
        #expect(try losses(chains) == losses(chains.reversed()))
    }

    @Test func skewnessDecidesTheOrderOfTheCollapse() throws {
        func answer(_ query: JSONValue) throws -> JSONValue { try VAE.predict(query) }
        // z² − 1 pays beyond skewness 1, |z| beyond √π, an odd decoder never.
        for (activation, biases, limit) in [
            ("tanh", "all", 1.0), ("relu", "none", Double.pi.squareRoot()), ("tanh", "none", nil),
        ] as [(String, String, Double?)] {
            let query: JSONValue = ["variance": 3, "activation": .text(activation), "biases": .text(biases)]
            let found = try answer(query)["tricriticalSkewness"]?.number
            #expect(found.map { abs($0 - (limit ?? 0)) < 1e-14 } ?? (limit == nil))
        }
        let query: JSONValue = ["variance": 3, "skewness": 1.1, "activation": "tanh", "biases": "all"]
        #expect(try answer(query)["order"] == "first")
        let symmetric: JSONValue = ["variance": 3, "activation": "relu"]
        // That of the linear VAE.
        #expect(try answer(symmetric)["curvatureJump"]?.number == 1.0 / 6)
    }

    @Test(
        arguments: [
            (["variance": 1, "skewnes": 1], "`skewnes` is not a key of this vae prediction (did you mean"),
            (["skewness": 1], "needs `variance`"),
            (["variance": 1, "activation": "cosine"], "`activation` has no value `cosine`"),
        ] as [(JSONValue, String)])
    func questionsWithoutAnAnswerSayWhy(_ query: JSONValue, _ message: String) {
        #expect { try VAE.predict(query) } throws: { "\($0)".contains(message) }
    }

    @Test(
        arguments: [
            ([:], "needs one source"), (["teacher": "gaussian", "samples": 4], "needs `inputVariances`"),
            (["teacher": "gaussian", "inputVariances": [1]], "needs `samples`"),
            (["teacher": "gaussian", "inputVariances": [1], "samples": 5, "symmetrized": "true"], "must be even"),
            (["teacher": "gaussian", "inputVariances": [1], "samples": 4, "components": 2], "belongs to `file`"),
            (
                ["teacher": "gaussian", "inputVariances": [1, 1, 1], "samples": "population"], "takes one or two inputs"
            ),
            (
                ["teacher": "gaussian", "inputVariances": [1], "samples": "population", "draws": "lattice"],
                "`draws` belongs to"
            ),
        ] as [(JSONValue, String)])
    func dataThatDoNotFitAreRefused(_ data: JSONValue, _ message: String) {
        #expect { try Self.model(data) } throws: { "\($0)".contains(message) }
    }
}
