import PhaseSpace
import Support
import TinyNets

extension WeightDecay {
    enum DataSource: Sendable {
        case teacher(GaussianTeacher)
        case file(FileData)
        /// Given moments, the same for all replicas.
        case moments(GivenMoments)
    }

    /// What tells the data of two points apart.
    struct DataKey: Hashable {
        let replica: Int
        let signal: Double
        let labelNoise: Double
        /// c of the teacher's formula.
        let parameter: Double?
        let conditionNumber: Double

        init(_ controls: ControlReader, replica: Int) throws(ControlError) {
            self.replica = replica
            signal = try controls[Controls.signal]
            labelNoise = try controls[Controls.labelNoise]
            parameter = try controls[Controls.parameter]
            conditionNumber = try controls[Controls.conditionNumber]
        }

        /// Of data that no control shapes.
        init(replica: Int) {
            self.replica = replica
            (signal, labelNoise, parameter, conditionNumber) = (1, 0, nil, 1)
        }
    }

    static func source(_ settings: ModelSettings) throws -> DataSource {
        let data = settings.dataReader
        let ofMoments: [any AnyControl] = [DataControls.correlations, DataControls.targetSecondMoment]
        if data.sets(DataKeys.file) {
            try refuse(
                [
                    DataControls.teacher, DataControls.inputs, DataControls.inputVariances, DataKeys.samples,
                    DataControls.draws, DataControls.modes,
                ], in: data, because: "belongs to data from a teacher, not from a file")
            try refuse(ofMoments, in: data, because: "belongs to given moments, not to data from a file")
            let files = try FileData(settings.data, folder: settings.folder, seed: settings.seed)
            guard files.inputs <= maximumInputs else {
                throw DataFileError(
                    file: files.file,
                    message: "has \(files.inputs) input columns; at most \(maximumInputs) are supported")
            }
            return .file(files)
        }
        try refuse(DataKeys.ofFiles, in: data, because: "belongs to data from a file: set `file` as well")
        if let correlations = try data[DataControls.correlations] {
            try refuse(
                [
                    DataControls.teacher, DataControls.inputs, DataKeys.samples, DataControls.draws,
                    DataControls.modes, DataKeys.symmetrized,
                ], in: data, because: "and `correlations` exclude each other")
            return .moments(try GivenMoments(data, correlations: correlations))
        }
        guard let teacher = try data[DataControls.teacher] else {
            throw ControlError(
                control: "data",
                message: "`data` needs a source: {teacher: gaussian, inputs: 5, samples: 200}, {file: data.csv} or "
                    + "{inputVariances: [1, 2], correlations: [0.5, 1]}")
        }
        return .teacher(try gaussianTeacher(teacher, data, settings))
    }

    private static func gaussianTeacher(
        _ teacher: String, _ data: ControlReader, _ settings: ModelSettings
    ) throws(ControlError) -> GaussianTeacher {
        let variances = try data[DataControls.inputVariances]
        guard let inputs = try data[DataControls.inputs] ?? variances.count else {
            throw ControlError(
                control: DataControls.inputs.name,
                message: "`data` needs `inputs`, the input dimension of the teacher")
        }
        guard inputs <= maximumInputs else {
            throw ControlError(
                control: DataControls.inputVariances.name,
                message: "at most \(maximumInputs) inputs are supported, not \(inputs)")
        }
        guard let spread = variances.spread(over: inputs) else {
            throw ControlError(
                control: DataControls.inputVariances.name,
                message:
                    "`inputVariances` has \(variances.listed.count) values for \(inputs) inputs: give one for each")
        }
        guard let samples = try data[DataKeys.samples] else {
            throw ControlError(
                control: DataKeys.samples.name,
                message: "`data` needs `samples`: a whole number ≥ 2, or `population`")
        }
        return try GaussianTeacher(
            inputVariances: spread, samples: samples.count, formula: teacher == "gaussian" ? nil : teacher,
            isSymmetrized: try data[DataKeys.symmetrized], draws: try data[DataControls.draws],
            modes: try data[DataControls.modes], seed: settings.seed, settings: settings.data.canonical)
    }

    private static func refuse(
        _ keys: [any AnyControl], in data: ControlReader, because reason: String
    ) throws(ControlError) {
        guard let stray = data.first(of: keys) else { return }
        throw ControlError(control: stray.name, message: "`\(stray.name)` \(reason)")
    }

    var inputCount: Int {
        switch source {
        case .file(let files): files.inputs
        case .teacher(let teacher): teacher.dimension
        case .moments(let given): given.inputs
        }
    }

    var outputCount: Int {
        switch source {
        case .file(let files): files.outputs
        case .teacher(let teacher): teacher.outputs
        case .moments: 1
        }
    }

    /// The logistic loss takes labels only.
    func checkLabels() throws(ControlError) {
        guard lossFunction == .logistic else { return }
        guard case .file(let files) = source, files.isClassification else {
            throw ControlError(
                control: NetControls.loss.name,
                message: "`loss: logistic` needs classes as targets: set `classes` with data from a file")
        }
    }

    public var dataFingerprint: String {
        if case .file(let files) = source { files.fingerprint } else { "" }
    }

    /// Moments of a replica's data set (of the distribution for `population`); nil where data have no distribution, or
    /// one whose moments are not known.
    func moments(_ controls: ControlReader, _ ensemble: Ensemble) throws(ControlError) -> DataMoments? {
        switch (source, ensemble) {
        case (.moments(let given), _): return given.moments(try controls[Controls.conditionNumber])
        case (.file, .population): return nil
        case (.teacher(let teacher), .population):
            let key = try DataKey(controls, replica: 0)
            return teacher.hasPopulationMoments
                ? teacher.populationMoments(
                    signal: key.signal, labelNoise: key.labelNoise, conditionNumber: key.conditionNumber) : nil
        case (.file(let files), .replica(let replica)):
            return cached(DataKey(replica: files.hasSplit ? replica : 0)) {
                self.split(files, replica: replica).training.samples.moments
            }
        case (.teacher(let teacher), .replica(let replica)):
            let key = try DataKey(controls, replica: replica)
            return cached(key) { Self.moments(teacher, key) }
        }
    }

    /// The same of a replica's data set, without a place to keep it; nil for data from files.
    func drawnMoments(_ controls: ControlReader, replica: Int) throws(ControlError) -> DataMoments? {
        switch source {
        case .moments(let given): given.moments(try controls[Controls.conditionNumber])
        case .file: nil
        case .teacher(let teacher): Self.moments(teacher, try DataKey(controls, replica: replica))
        }
    }

    private static func moments(_ teacher: GaussianTeacher, _ key: DataKey) -> DataMoments {
        teacher.moments(
            replica: key.replica, signal: key.signal, labelNoise: key.labelNoise, parameter: key.parameter,
            conditionNumber: key.conditionNumber)
    }

    private func cached(_ key: DataKey, _ make: () -> DataMoments) -> DataMoments {
        if let found = momentsCache.withLock({ $0[key] }) { return found }
        let moments = make()
        momentsCache.withLock { $0[key] = moments }
        return moments
    }

    /// A replica's samples; nil where there are only moments. For a linear net the samples of a design stand for the
    /// population.
    func samples(_ controls: ControlReader, replica: Int) throws(ControlError) -> SampledData? {
        switch source {
        case .moments: return nil
        case .file(let files):
            let table = split(files, replica: replica).training
            return SampledData(
                inputs: table.columns, outputs: table.outputs, features: table.inputs,
                targets: Self.targets(of: table, for: lossFunction))
        case .teacher(let teacher):
            let key = try DataKey(controls, replica: replica)
            guard let count = teacher.samples else {
                return try controls[Controls.activation] == .linear && teacher.hasPopulationMoments
                    && lossFunction == .squaredError && !hasBiases
                    ? teacher.design(
                        signal: key.signal, labelNoise: key.labelNoise, conditionNumber: key.conditionNumber) : nil
            }
            let data = teacher.draw(
                replica: replica, samples: count, signal: key.signal, labelNoise: key.labelNoise,
                parameter: key.parameter, conditionNumber: key.conditionNumber)
            return SampledData(
                inputs: teacher.dimension, outputs: teacher.outputs, features: data.inputs, targets: data.targets)
        }
    }

    /// A replica's test samples; nil where the data have none.
    func testSamples(replica: Int) -> RegressionTable? {
        guard case .file(let files) = source, files.hasTest else { return nil }
        return split(files, replica: replica).test
    }

    private func split(_ files: FileData, replica: Int) -> FileData.Split {
        let replica = files.hasSplit ? replica : 0
        if let found = splits.withLock({ $0[replica] }) { return found }
        let split = files.split(replica: replica)
        splits.withLock { $0[replica] = split }
        return split
    }
}
