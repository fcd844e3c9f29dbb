import PhaseSpace
import Support
import TinyNets

/// Moments instead of data, in the eigenbasis of the inputs: keys `inputVariances`, `correlations` and
/// `targetSecondMoment` of a `data:` section.
struct GivenMoments: Sendable {
    private let inputVariances: [Double]
    private let correlations: [Double]
    /// Nil for a noiseless target.
    private let targetSecondMoment: Double?

    init(_ data: ControlReader, correlations: [Double]) throws(ControlError) {
        typealias DataControls = WeightDecay.DataControls
        let variances = try data[DataControls.inputVariances]
        guard let spread = variances.spread(over: correlations.count) else {
            throw ControlError(
                control: DataControls.correlations.name,
                message: "`correlations` has \(correlations.count) values and `inputVariances` "
                    + "\(variances.listed.count): one of each per input")
        }
        self.correlations = correlations
        inputVariances = spread
        targetSecondMoment = try data[DataControls.targetSecondMoment]
        try validate(conditionNumber: 1)
    }

    var inputVariancesAreEqual: Bool { inputVariances.allSatisfy { $0 == inputVariances[0] } }
    var inputs: Int { inputVariances.count }

    /// What the inputs explain of the target: Σ g²/a.
    private func explained(_ conditionNumber: Double) -> Double {
        zip(InputSpectrum.variances(inputVariances, conditionNumber: conditionNumber), correlations)
            .reduce(0) { $0 + $1.1 * $1.1 / $1.0 }
    }

    func validate(conditionNumber: Double) throws(ControlError) {
        let explained = explained(conditionNumber)
        guard let target = targetSecondMoment, target < explained * (1 - 1e-12) else { return }
        throw ControlError(
            control: "targetSecondMoment",
            message: "`targetSecondMoment` \(target) is below \(explained), the part that the inputs explain")
    }

    /// - Parameter conditionNumber: as for `InputSpectrum`.
    func moments(_ conditionNumber: Double) -> DataMoments {
        let d = inputs
        let variances = InputSpectrum.variances(inputVariances, conditionNumber: conditionNumber)
        var second = [Double](repeating: 0, count: d * d)
        for i in 0..<d { second[i * d + i] = variances[i] }
        return DataMoments(
            inputs: d, inputSecondMoment: second, crossMoment: correlations,
            targetSecondMoment: targetSecondMoment ?? explained(conditionNumber))
    }
}

extension WeightDecay {
    /// Controls that shape the data must have data that they can shape.
    func validateData(_ controls: ControlReader) throws(ControlError) {
        var teacher: GaussianTeacher?
        if case .teacher(let found) = source { teacher = found }
        if teacher == nil {
            for (control, neutral) in [(Controls.signal, 1.0), (Controls.labelNoise, 0.0)] {
                guard try controls[control] == neutral else {
                    throw ControlError(
                        control: control.name, message: "`\(control.name)` belongs to data from a teacher")
                }
            }
        }
        let parameter = Controls.parameter.name
        let isNamed = teacher?.hasParameter ?? false
        if isNamed != controls.sets(Controls.parameter) {
            throw ControlError(
                control: isNamed ? DataControls.teacher.name : parameter,
                message: isNamed
                    ? "`teacher` names `\(parameter)`: set this control under `fixed` or `axes`"
                    : "`\(parameter)` is named by no formula: it belongs to a teacher such as `z1 + c*He3(z1)`")
        }
        try validateConditionNumber(controls)
    }

    /// Nets that train through samples need some.
    func validateSamples(_ setting: Setting) throws(ControlError) {
        guard case .teacher(let teacher) = source, teacher.samples == nil, !isOnMoments(setting) else { return }
        let hasDesign =
            setting.activation == .linear && teacher.hasPopulationMoments && lossFunction == .squaredError && !hasBiases
        if !hasDesign {
            throw ControlError(
                control: DataKeys.samples.name,
                message: "`samples: population` has exact moments for linear nets without biases only: set a number of "
                    + "samples")
        }
    }

    private func validateConditionNumber(_ controls: ControlReader) throws(ControlError) {
        guard controls.sets(Controls.conditionNumber) else { return }
        let number = try controls[Controls.conditionNumber]
        func refusal(_ reason: String) -> ControlError {
            ControlError(control: Controls.conditionNumber.name, message: "`conditionNumber` \(reason)")
        }
        let (count, areEqual): (Int, Bool)
        switch source {
        case .file: throw refusal("belongs to data from a teacher, or to given moments: a file has its own")
        case .teacher(let teacher): (count, areEqual) = (teacher.dimension, Set(teacher.inputVariances).count == 1)
        case .moments(let given):
            (count, areEqual) = (given.inputs, given.inputVariancesAreEqual)
            try given.validate(conditionNumber: number)
        }
        if count < 2, number != 1 { throw refusal("needs two inputs or more: one alone has none but 1") }
        if !areEqual { throw refusal("and different `inputVariances` exclude each other") }
    }
}
