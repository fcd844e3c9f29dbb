import PhaseSpace

extension CatapultNet {
    enum Schedule: String, ControlChoice {
        case constant, geometry
    }

    enum Controls {
        static let relativeRate = Control<Double>(
            "relativeRate", symbol: "ηλ₀", .above(0, upTo: 100),
            meaning: "learning rate times the tangent kernel at the start; κ of the schedule [standard]")
        static let squaredResidual = Control<Double>(
            "squaredResidual", symbol: "z₀", .above(0, upTo: 100), default: 1e-4,
            meaning: "η²f²/m at the start, at most (ηλ₀)²/4 [standard]")
        static let decay = Control<Double>(
            "decay", symbol: "ω", .within(0...0.99), default: 0,
            meaning: "learning rate times w of the L2 term (w/2)‖θ‖²; w = 2γ for a term γ‖θ‖² [derived]")
        static let schedule = Control<Schedule>(
            "schedule", default: .constant, meaning: "constant η, or η_t = κ/λ_t [our choice]")
        static let steps = Control<Int>(
            "steps", symbol: "T", 10...10_000_000, default: 200_000,
            meaning: "step limit; the schedule runs all of them")

        static let all: [any AnyControl] = [relativeRate, squaredResidual, decay, schedule, steps]
    }

    /// The controls of a point.
    struct Setting {
        let relativeRate: Double
        let squaredResidual: Double
        let decay: Double
        let schedule: Schedule
        let steps: Int

        init(_ controls: ControlReader) throws(ControlError) {
            relativeRate = try controls[Controls.relativeRate]
            squaredResidual = try controls[Controls.squaredResidual]
            decay = try controls[Controls.decay]
            schedule = try controls[Controls.schedule]
            steps = try controls[Controls.steps]
        }
    }
}

extension Measure {
    static let finalRate = Measure("finalRate")
    static let peak = Measure("peak")
    static let flatteningRate = Measure("flatteningRate")
}
