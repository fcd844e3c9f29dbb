import PhaseSpace

/// What linear and nonlinear β-variational autoencoders declare alike.
enum BetaVAE {
    static let beta = Control<Double>(
        "beta", symbol: "β", .above(0, upTo: 1e9),
        meaning: "weight of the divergence of the posterior from the prior")

    static let decoderVariance = Control<Double>(
        "decoderVariance", symbol: "η_dec²", .above(0, upTo: 1e9), default: 1,
        meaning: "variance of the decoder's likelihood")

    static let encoderVariance = Control<Double>(
        "encoderVariance", symbol: "η_enc²", .above(0, upTo: 1e9), default: 1,
        meaning: "variance of the prior of the latent variables")

    /// - Parameter target: what the decoder's output is held against, as a symbol.
    static func losses(target: String) -> [Observable] {
        [
            Observable(
                .loss, symbol: "L", meaning: "loss at this row's own minimum, in nats",
                isOrderParameter: false),
            Observable(
                .lossSlope, symbol: "∂L/∂β", meaning: "divergence of the posterior from the prior",
                derivative: .init(of: Observable.Name.loss, order: 1, by: beta.name),
                isOrderParameter: false),
            Observable(
                .lossCurvature, symbol: "∂²L/∂β²",
                meaning: "along this row's branch, −∇RᵀH⁺∇R; absent where the Hessian is singular along ∇R",
                derivative: .init(of: Observable.Name.loss, order: 2, by: beta.name),
                isOrderParameter: false),
            Observable(
                .zeroNetLoss, symbol: "L₀", meaning: "loss of complete collapse, E‖\(target)‖²/2η_dec²",
                isOrderParameter: false),
            Observable(
                .distortion, symbol: "D", meaning: "loss without the divergence, in nats",
                isOrderParameter: false),
            Observable(
                .divergence, symbol: "KL", meaning: "divergence of the posterior from the prior, in nats"),
        ]
    }

    static let activeModes = Observable(
        .activeModes, symbol: "n", meaning: "latent modes that have not collapsed", isCount: true)

    static let meanDeviation = Observable(
        .meanDeviation, symbol: "⟨σ⟩", meaning: "mean posterior standard deviation")

    static let trainingSteps = Observable(
        .trainingSteps, symbol: "steps", meaning: "quasi-Newton and Newton steps of the kept start",
        isOrderParameter: false)
}

extension Measure {
    static let distortion = Measure("distortion")
    static let divergence = Measure("divergence")
    static let decoderSquaredNorm = Measure("decoderSquaredNorm")
    static let activeModes = Measure("activeModes")
    static let meanDeviation = Measure("meanDeviation")
    /// Of a latent mode, counted from 1, by falling size.
    static func mode(_ number: Int) -> Measure { Measure("mode", number) }
}
