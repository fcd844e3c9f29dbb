import PhaseSpace

extension BatchReuse {
    /// The limit of infinite dimension, one set of observables per step; `dimension` decides only what counts for the
    /// rank.
    private func trajectory(_ controls: ControlReader) throws -> [Measured] {
        let setting = try Setting(controls)
        let observables = try observables(of: setting)
        let theory = try limit(of: setting.student)
        return try (0...theory.steps).compactMap { step in
            guard theory.isBounded else { return nil }
            let noise = theory.noise[step].map { $0.map { $0 / Double(setting.dimension) } }
            var values = try observables.values(theory.overlaps(step), noise: noise)
            values[.generalisationError] = theory.generalisationErrors[step].mean
            if step < theory.trainingErrors.count { values[.trainingError] = theory.trainingErrors[step].mean }
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
        try equilibrium(ControlReader(controls)).map { Theory(measured: $0) }
    }

    /// After the last step; nil where the weights grow beyond all bounds.
    func equilibrium(_ controls: ControlReader) throws -> Measured? {
        let rows = try trajectory(controls)
        guard var values = rows.last else { return nil }
        // The last step's batch is the one before the final weights.
        values[.trainingError] = rows.dropLast().last?[.trainingError]
        return values
    }

    /// How many values of a swept control the theory is solved at for a curve.
    private static let curvePoints = 17

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard isComplete(key) else { return [] }
        let measures = Self.declaration.observables.filter { $0.regimes.isEmpty }.map { Measure($0.name) }
        switch name {
        case "trajectory":
            return try axisValues.compactMap { value in
                let rows = try trajectory(key.reader(at: value))
                guard !rows.isEmpty else { return nil }
                return TheoryCurve(
                    name: name, over: "step", measures, rows: rows.enumerated().map { (Double($0), $1) })
            }
        case "equilibrium":
            guard let first = axisValues.first, let last = axisValues.last else { return [] }
            let whole = [Controls.steps, Controls.hidden, Controls.batches, Controls.dimension]
            let isWhole = whole.contains { key.isAlong($0) }
            let count = min(axisValues.count, Self.curvePoints)
            let picked =
                isWhole
                ? Set(axisValues.map { $0.rounded() }.filter { $0 >= first && $0 <= last }).sorted()
                : (0..<count).map { axisValues[count == 1 ? 0 : $0 * (axisValues.count - 1) / (count - 1)] }
            let rows = try (key.isAlong(Controls.dimension) ? [first, last] : picked).compactMap { value in
                try equilibrium(key.reader(at: value)).map { (value, $0) }
            }
            return rows.isEmpty ? [] : [TheoryCurve(name: name, over: key.axis, measures, rows: rows)]
        default: return []
        }
    }
}
