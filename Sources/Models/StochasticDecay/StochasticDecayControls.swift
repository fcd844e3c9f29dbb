import PhaseSpace

extension StochasticDecay {
    enum Controls {
        static let gamma = Control<Double>(
            "gamma", symbol: "γ", .above(0, upTo: 1e3), meaning: "weight decay: multiplies Σ‖W‖² without ½",
            exclusion:
                "without decay no minimum is singled out, and Σ‖W‖² drifts for ever; take a small γ such as 1e-6")
        static let learningRate = Control<Double>(
            "learningRate", symbol: "η", .above(0, upTo: 1), default: 0.01, meaning: "θ ← θ − η ∇, constant")
        static let batch = Control<Int>(
            "batch", symbol: "S", 1...1024, default: 1, meaning: "fresh samples of each step")
        static let time = Control<Double>(
            "time", symbol: "ηT", .within(1...1e6), default: 2000,
            meaning: "learning rate times number of steps; the second half is averaged over")
        static let width = Control<Int>("width", symbol: "d₀", 1...64, default: 4, meaning: "hidden neurons")
        static let inputs = Control<Int>("inputs", symbol: "d", 1...64, default: 5, meaning: "input dimension")
        static let signal = Control<Double>(
            "signal", symbol: "‖g‖", .above(0, upTo: 100), default: 1,
            meaning: "y = signal·x₁ + labelNoise·ε with x ~ N(0, I): ‖E[xy]‖")
        static let labelNoise = Control<Double>(
            "labelNoise", symbol: "σ_y", .within(0...100), default: 0,
            meaning: "standard deviation of the target's noise")

        static let all: [any AnyControl] = [gamma, learningRate, batch, time, width, inputs, signal, labelNoise]
    }
}

extension StochasticDescent {
    init(_ controls: ControlReader) throws(ControlError) {
        typealias Controls = StochasticDecay.Controls
        let rate = try controls[Controls.learningRate]
        self.init(
            inputs: try controls[Controls.inputs], width: try controls[Controls.width],
            signal: try controls[Controls.signal], labelNoise: try controls[Controls.labelNoise],
            gamma: try controls[Controls.gamma], learningRate: rate, batch: try controls[Controls.batch],
            steps: max(2, Int((try controls[Controls.time] / rate).rounded())))
    }
}
