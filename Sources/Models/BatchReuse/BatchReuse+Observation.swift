import PhaseSpace
import Support

extension BatchReuse {
    /// One run: at finite d, or in the limit by one scramble of quasi-random points.
    /// - Throws: `CancellationError` once `isCancelled` says so, which simulations ask between rows and steps.
    func observation(at point: Point, isCancelled: () -> Bool) throws -> Observation {
        let start = ContinuousClock.now
        let setting = try Setting(point.reader)
        let observables = try observables(of: setting)
        let rows: [Measured]
        let isBounded: Bool
        if setting.inputs == .meanField {
            (rows, isBounded) = try limitRows(of: setting, observables, key: dataKey(of: point))
        } else {
            (rows, isBounded) = try simulatedRows(of: setting, observables, at: point, isCancelled)
        }
        let trajectory = rows.enumerated().map { step, values in
            TrajectoryRow(step: step, measured: values.finite)
        }
        let seconds = start.duration(to: .now) / .seconds(1)
        guard isBounded else {
            let bound = Int(BatchReuseSimulation.divergenceBound)
            return Observation(
                point: point, outcome: .diverged,
                reason: setting.inputs == .meanField
                    ? "the squared norm grew beyond \(bound) in step \(rows.count)"
                    : "the weights grew beyond \(bound) d in step \(rows.count)",
                trajectory: trajectory, seconds: seconds)
        }
        var last: Measured = [:]
        for row in rows { last.merge(row.finite) }
        return Observation(
            point: point, outcome: .completed, measured: last, trajectory: trajectory, seconds: seconds)
    }

    private func simulatedRows(
        of setting: Setting, _ observables: StudentObservables, at point: Point, _ isCancelled: () -> Bool
    ) throws -> (rows: [Measured], isBounded: Bool) {
        let errors = TestErrors(setting.student)
        var rows: [Measured] = []
        var failure: (any Error)?
        func record(_ step: BatchReuseSimulation.Step) {
            do {
                var values = try observables.values(step.overlaps, noise: step.noise)
                values[.generalisationError] = errors.evaluate(step.overlaps)
                values[.trainingError] = step.trainingError
                rows.append(values)
            } catch {
                failure = failure ?? error
            }
        }
        let isBounded: Bool
        if setting.inputs == .gaussian {
            isBounded = try BatchReuseSimulation(
                student: setting.student, dimension: setting.dimension, seed: settings.seed,
                dataKey: dataKey(of: point), weightKey: point.identity.randomKey
            ).run(isCancelled, record)
        } else {
            isBounded = try ExplicitSimulation(
                student: setting.student, inputs: setting.inputs, dimension: setting.dimension, seed: settings.seed,
                dataKey: dataKey(of: point), weightKey: point.identity.randomKey
            ).run(isCancelled, record)
        }
        if let failure { throw failure }
        return (rows, isBounded)
    }

    /// 2^bits points a replica.
    private static let limitBits = 16

    private func limitRows(
        of setting: Setting, _ observables: StudentObservables, key: UInt64
    ) throws -> (rows: [Measured], isBounded: Bool) {
        let student = setting.student
        let run = MeanFieldRun(
            student, proposal: TeacherProposal(student.target), flips: student.target.labelPreservingFlips,
            bits: Self.limitBits, seed: settings.seed, key: key, testing: true, measuresNoise: true)
        let rows = try run.overlaps.indices.map { t in
            var values = try observables.values(
                run.overlaps[t], noise: run.noise[t].map { $0.map { $0 / Double(setting.dimension) } })
            if t < run.generalisationErrors.count { values[.generalisationError] = run.generalisationErrors[t] }
            if t < run.trainingErrors.count { values[.trainingError] = run.trainingErrors[t] }
            return values
        }
        return (rows, run.isBounded)
    }

    /// A replica's data are the same whatever net looks at them.
    private func dataKey(of point: Point) -> UInt64 {
        PointIdentity(hex: sha256("batch-reuse data of replica \(point.replica)")).randomKey
    }

    // MARK: - What targets have

    func observables(of setting: Setting) throws -> StudentObservables {
        let target = setting.student.target
        return StudentObservables(
            setting.student, dimension: setting.dimension, moment: try firstMoment(of: target),
            weakRecoveryRatio: setting.student.startsAtAnOverlap ? try recovery(of: target) : nil)
    }

    private func firstMoment(of target: Target) throws -> [Double] {
        if let known = moments.withLock({ $0[target] }) { return known }
        let moment = try target.firstMoment()
        moments.withLock { $0[target] = moment }
        return moment
    }

    /// The sample ratio below which no first-order method finds a direction: 0 for a generative exponent of 1, infinite
    /// for one beyond 2.
    func recovery(of target: Target) throws -> Double {
        if let known = recoveries.withLock({ $0[target] }) { return known }
        let ratio: Double
        switch try TargetExponents(target).generativeExponent {
        case 1: ratio = 0
        case 2: ratio = try weakRecoveryRatio(target).value
        default: ratio = .infinity
        }
        recoveries.withLock { $0[target] = ratio }
        return ratio
    }
}
