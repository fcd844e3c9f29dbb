import PhaseSpace

/// What linear and nonlinear β-variational autoencoders declare alike.
enum BetaVAE {
    static let beta = ControlParameter(
        "beta", symbol: "β", kind: .real(0...1e9, excludingLow: true), defaultValue: nil,
        meaning: "weight of the divergence of the posterior from the prior")

    static let decoderVariance = ControlParameter(
        "decoderVariance", symbol: "η_dec²", kind: .real(0...1e9, excludingLow: true), defaultValue: .number(1),
        meaning: "variance of the decoder's likelihood")

    static let encoderVariance = ControlParameter(
        "encoderVariance", symbol: "η_enc²", kind: .real(0...1e9, excludingLow: true), defaultValue: .number(1),
        meaning: "variance of the prior of the latent variables")

    /// - Parameter target: what the decoder's output is held against, as a symbol.
    static func losses(target: String) -> [Observable] {
        [
            Observable(
                Observable.Name.loss, symbol: "L", meaning: "loss at this row's own minimum, in nats",
                isOrderParameter: false),
            Observable(
                Observable.Name.lossSlope, symbol: "∂L/∂β", meaning: "divergence of the posterior from the prior",
                derivative: .init(of: Observable.Name.loss, order: 1, by: "beta"), isOrderParameter: false),
            Observable(
                Observable.Name.lossCurvature, symbol: "∂²L/∂β²",
                meaning: "along this row's branch, −∇RᵀH⁺∇R; absent where the Hessian is singular along ∇R",
                derivative: .init(of: Observable.Name.loss, order: 2, by: "beta"), isOrderParameter: false),
            Observable(
                Observable.Name.zeroNetLoss, symbol: "L₀", meaning: "loss of complete collapse, E‖\(target)‖²/2η_dec²",
                isOrderParameter: false),
            Observable(
                "distortion", symbol: "D", meaning: "loss without the divergence, in nats", isOrderParameter: false),
            Observable("divergence", symbol: "KL", meaning: "divergence of the posterior from the prior, in nats"),
        ]
    }

    static let activeModes = Observable(
        "activeModes", symbol: "n", meaning: "latent modes that have not collapsed", isCount: true)

    static let meanDeviation = Observable(
        "meanDeviation", symbol: "⟨σ⟩", meaning: "mean posterior standard deviation")

    static let trainingSteps = Observable(
        "trainingSteps", symbol: "steps", meaning: "quasi-Newton and Newton steps of the kept start",
        isOrderParameter: false)
}
