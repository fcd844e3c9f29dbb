import PhaseSpace

extension SweepSpec {
    /// The model with the spec's data and settings, all combinations of controls checked against each other. It reads the
    /// data: a command does so once.
    /// - Parameter effort: what step limits are multiplied by; points that end before their limit do not depend on it.
    /// - Throws: `SpecError` with file, line and column; the model's own error where data cannot be read.
    func model(effort: Int) throws -> any Model {
        var settings = settings
        settings.effort = effort
        let model: any Model
        do {
            model = try family.make(settings)
        } catch let error as ControlError {
            throw SpecError(
                sections.place(ofKey: error.control) ?? sections.keyPlace["data"] ?? modelPlace, error.message)
        }
        try validateCombinations(of: model)
        return model
    }

    private var modelPlace: SpecPlace { sections.single["model"]?.place ?? sections.place }

    /// Checks controls against each other at every combination of axis values.
    /// - Parameter model: nil where only formulas are to have values.
    func validateCombinations(of model: (any Model)?) throws(SpecError) {
        var controls = fixed
        var digits = [Int](repeating: 0, count: dimensions.count)
        for dimension in dimensions { controls.set(dimension, 0) }
        if let model, directions.contains(where: { $0 != .cold }) {
            do throws(ControlError) { try model.validateWarmSweep(along: along) } catch {
                throw SpecError(
                    sections.single["along"]?.place ?? sections.single["direction"]?.place ?? sections.place,
                    error.message)
            }
        }
        let formulas = derived.map { ($0.name, declaration.control($0.name)!) }
        while true {
            do throws(ControlError) {
                try controls.set(derived)
                for (control, declared) in formulas { try declared.check(controls[control]!) }
                try model?.validate(controls)
            } catch {
                throw placed(error, digits)
            }
            var d = digits.count - 1
            while d >= 0 {
                digits[d] = digits[d] + 1 == dimensions[d].values.count ? 0 : digits[d] + 1
                controls.set(dimensions[d], digits[d])
                if digits[d] > 0 { break }
                d -= 1
            }
            if d < 0 { return }
        }
    }

    private func placed(_ error: ControlError, _ digits: [Int]) -> SpecError {
        var place = sections.place(ofKey: error.control) ?? modelPlace
        var combination: [String] = []
        for (dimension, digit) in zip(dimensions, digits) {
            if dimension.controls.contains(error.control) { place = dimension.places[digit] }
            for (name, value) in zip(dimension.controls, dimension.values[digit]) {
                combination.append("\(name) = \(value)")
            }
        }
        let at = combination.isEmpty ? "" : " (at \(combination.joined(separator: ", ")))"
        return SpecError(place, error.message + at)
    }
}
