import Models
import PhaseSpace
import Support
import Testing

@Suite struct LinearVAETests {
    static let cases = ReferenceCase.all.filter { $0.kind == "linear_vae" }

    private func query(_ reference: ReferenceCase) -> JSONValue {
        let input = reference.input
        func square(_ key: String) -> JSONValue { .number(input[key]!.number! * input[key]!.number!) }
        var members: [(String, JSONValue)] = [
            ("beta", input["beta"]!), ("latent", input["d1"]!), ("decoderVariance", square("eta_dec")),
            ("encoderVariance", square("eta_enc")), ("targetSecondMoment", input["E_y2"]!),
            ("posterior", input["learnable_sigma"] == true ? "learned" : "fixed"),
        ]
        if let second = input["A"] {
            // The file has E[y xᵀ], a row per output.
            let rows = input["C_yx"]!.list!.map { $0.numbers! }
            let transposed = rows[0].indices.map { i in JSONValue.numbers(rows.map { $0[i] }) }
            members += [("inputSecondMoment", second), ("crossMoment", .list(transposed))]
        } else {
            members.append(("modes", input["zeta"]!))
        }
        return .object(.init(uniqueKeysWithValues: members))
    }

    @Test(arguments: cases) func casesAgreeWithFiftyDigitResults(_ reference: ReferenceCase) throws {
        let answer = try LinearVAE.predict(query(reference))
        let expected = reference.expected
        func compare(_ ours: JSONValue?, _ theirs: JSONValue?, _ what: String) {
            let (x, y) = (ours?.number ?? .nan, theirs?.number ?? .nan)
            #expect(relativeDeviation(x, y) <= 1e-9, "\(what): \(x) against \(y)")
        }
        compare(answer["loss"], expected["L_min"], "L")
        compare(answer["divergence"], expected["dL_dbeta"], "∂L/∂β")
        #expect(answer["collapse"]?.text == expected["collapse"]?.text)
        #expect(answer["activeModes"] == expected["n_active"])
        let modes = answer["modes"]?.list ?? []
        // Beyond the latent dimension the file lists modes that nothing encodes.
        for (mode, other) in zip(modes, expected["modes"]!.list!) {
            for (ours, theirs) in [
                ("singularValue", "zeta"), ("decoder", "lambda_U"), ("encoder", "theta_V"),
                ("deviation", "sigma"),
                ("divergence", "KL"), ("criticalBeta", "beta_critical"),
            ] { compare(mode[ours], other[theirs], ours) }
        }
        #expect(
            modes.count
                == Int(min(reference.input["d1"]!.number!, Double(reference.input["zeta"]!.list!.count))))
    }

    static let sources: [JSONValue] = [
        ["modes": [3, 2, 1.5, 0.8, 0.3], "targetSecondMoment": 17],
        [
            "teacher": "gaussian", "inputs": 4, "outputs": 3, "inputVariances": [4, 2, 1, 0.5],
            "samples": 200,
        ],
        ["teacher": "gaussian", "inputs": 3, "outputs": 5, "samples": "population"],
    ]

    @Test(arguments: sources, ["learned", "fixed"])
    func trainedNetsHaveTheExactLoss(_ data: JSONValue, posterior: String) throws {
        let model = try LinearVAE(
            settings: ModelSettings(seed: 5, data: data, optimiser: [:], folder: ""))
        let fixed: [String: ControlValue] = [
            "latent": .number(3), "decoderVariance": .number(0.64), "encoderVariance": .number(1.7),
            "posterior": .text(posterior),
        ]
        let betas = [0.2, 0.7, 1.3, 3, 9, 20]
        let context = ListContext(
            chains(fixed, gammas: betas, directions: [.cold, .up, .down], replicas: 2).map { chain in
                Chain(
                    points: chain.points.map { point in
                        var controls = point.controls
                        controls["beta"] = controls.removeValue(forKey: "gamma")
                        return Point(
                            controls: controls, replica: point.replica, direction: point.direction,
                            identity: point.identity)
                    }, axis: "beta")
            })
        try model.run(context)
        #expect(context.observations.count == 36)
        for observation in context.observations {
            let point = observation.point
            let exact = try #require(try model.theory(of: point.controls, .replica(point.replica)))
            #expect(observation.outcome == .converged, "\(observation.reason)")
            for (name, tolerance) in [
                ("loss", 1e-8), ("divergence", 1e-7), ("decoderSquaredNorm", 1e-6), ("mode_1", 1e-6),
                ("mode_3", 1e-6),
                ("meanDeviation", 1e-7), ("lossCurvature", 1e-5), ("activeModes", 0),
            ] {
                guard let ours = observation.values[name] else { continue }
                let theirs = exact.values[name]!
                #expect(
                    abs(ours - theirs) <= tolerance * max(1, abs(theirs)),
                    "\(name): \(ours) against \(theirs)")
            }
        }
    }

    @Test func everyModeHasATransitionOfItsOwnAndEqualOnesShareOne() throws {
        let theory = LinearVAETheory(
            singularValues: [2, 2, 1], latentDimension: 3, targetSecondMoment: 9, decoderVariance: 0.5,
            encoderVariance: 1, posterior: .learned)
        let transitions = theory.transitions()
        #expect(transitions.map { $0.location!.value } == [2, 8])
        #expect(transitions.map { $0.curvatureJump!.value } == [0.25, 0.125])
        // ∂²L/∂β² from both sides.
        for transition in transitions {
            let beta = transition.location!.value
            let below = theory.values(beta: beta * (1 - 1e-9))[.lossCurvature]!
            let above = theory.values(beta: beta * (1 + 1e-9))[.lossCurvature]!
            #expect(abs(above - below - transition.curvatureJump!.value) < 1e-7)
        }
    }

    @Test(
        arguments: [
            (["beta": 1], "a question needs `modes`"),
            (
                ["beta": 1, "mode": [1]],
                "`mode` is not a key of this linear-vae prediction (did you mean `modes`?)"
            ),
            (["beta": -1, "modes": [1]], "`beta` must be a number in"),
            (
                ["beta": 1, "modes": [1], "targetSecondMoment": 0.5],
                "`targetSecondMoment` must be a number of at least 1.0"
            ),
            (["inputSecondMoment": [[1, 0], [0]]], "`inputSecondMoment` must be a list of rows"),
        ] as [(JSONValue, String)])
    func questionsWithoutAnAnswerSayWhy(_ query: JSONValue, _ message: String) {
        #expect { try LinearVAE.predict(query) } throws: { "\($0)".contains(message) }
    }
}
