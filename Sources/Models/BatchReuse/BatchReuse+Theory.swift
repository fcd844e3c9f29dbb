import PhaseSpace

extension BatchReuse {
    /// The limit of infinite dimension, one set of observables per step; `dimension` decides only what counts for the
    /// rank.
    private func trajectory(_ controls: [String: ControlValue]) throws -> [[String: Double]] {
        let setting = try Setting(controls)
        let observables = try observables(of: setting)
        let theory = try limit(of: setting.student)
        return try (0...theory.steps).compactMap { step in
            guard theory.isBounded else { return nil }
            let noise = theory.noise[step].map { $0.map { $0 / Double(setting.dimension) } }
            var values = try observables.values(theory.overlaps(step), noise: noise)
            values["generalisationError"] = theory.generalisationErrors[step].mean
            if step < theory.trainingErrors.count { values["trainingError"] = theory.trainingErrors[step].mean }
            return values
        }
    }

    private func limit(of student: TwoLayerStudent) throws -> DynamicalMeanField {
        if let known = limits.withLock({ $0[student] }) { return known }
        let theory = try DynamicalMeanField(student, bits: 15, measuresNoise: true)
        limits.withLock { $0[student] = theory }
        return theory
    }

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        let rows = try trajectory(controls)
        guard var values = rows.last else { return nil }
        // The last step's batch is the one before the final weights.
        values["trainingError"] = rows.dropLast().last?["trainingError"]
        return Theory(values: values)
    }

    /// How many values of a swept control the theory is solved at for a curve.
    private static let curvePoints = 17

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard isComplete(key) else { return [] }
        let names = Self.declaration.observables.filter { $0.regimes.isEmpty }.map(\.name)
        func row(_ x: Double, _ values: [String: Double]) -> [Double] { [x] + names.map { values[$0] ?? .nan } }
        switch name {
        case "trajectory":
            return try axisValues.compactMap { value in
                let rows = try trajectory(key.controls(at: value))
                guard !rows.isEmpty else { return nil }
                return TheoryCurve(
                    name: name, columns: ["step"] + names,
                    rows: rows.enumerated().map { step, values in row(Double(step), values) })
            }
        case "equilibrium":
            guard let first = axisValues.first, let last = axisValues.last else { return [] }
            let isWhole = ["steps", "hidden", "batches", "dimension"].contains(key.axis)
            let count = min(axisValues.count, Self.curvePoints)
            let picked =
                isWhole
                ? Set(axisValues.map { $0.rounded() }.filter { $0 >= first && $0 <= last }).sorted()
                : (0..<count).map { axisValues[count == 1 ? 0 : $0 * (axisValues.count - 1) / (count - 1)] }
            let rows = try (key.axis == "dimension" ? [first, last] : picked).compactMap { value in
                try theory(of: key.controls(at: value), ensemble).map { row(value, $0.values) }
            }
            return rows.isEmpty ? [] : [TheoryCurve(name: name, columns: [key.axis] + names, rows: rows)]
        default: return []
        }
    }
}
