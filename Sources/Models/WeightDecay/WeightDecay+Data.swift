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
        let parameter: Double
        let conditionNumber: Double

        init(_ controls: [String: ControlValue], replica: Int) {
            self.replica = replica
            signal = controls["signal"]?.number ?? 1
            labelNoise = controls["labelNoise"]?.number ?? 0
            parameter = controls[TeacherFormula.parameter]?.number ?? 0
            conditionNumber = controls["conditionNumber"]?.number ?? 1
        }
    }

    static let maximumInputs = 64

    private static let teacherKeys = ["teacher", "inputs", "inputVariances", "samples", "draws", "modes"]
    private static let momentKeys = ["correlations", "targetSecondMoment"]

    static func source(_ settings: ModelSettings) throws -> DataSource {
        let data = settings.data
        if data["file"] != nil {
            try refuse(teacherKeys, in: data, because: "belongs to data from a teacher, not from a file")
            try refuse(momentKeys, in: data, because: "belongs to given moments, not to data from a file")
            let files = try FileData(data, folder: settings.folder, seed: settings.seed)
            guard files.inputs <= maximumInputs else {
                throw DataFileError(
                    file: files.file,
                    message: "has \(files.inputs) input columns; at most \(maximumInputs) are supported")
            }
            return .file(files)
        }
        try refuse(FileData.ownKeys, in: data, because: "belongs to data from a file: set `file` as well")
        if data["correlations"] != nil {
            try refuse(
                ["teacher", "inputs", "samples", "draws", "modes", "symmetrized"], in: data,
                because: "and `correlations` exclude each other")
            return .moments(try GivenMoments(data))
        }
        guard let teacher = data["teacher"]?.text else {
            throw ControlError(
                control: "data",
                message: "`data` needs a source: {teacher: gaussian, inputs: 5, samples: 200}, {file: data.csv} or "
                    + "{inputVariances: [1, 2], correlations: [0.5, 1]}")
        }
        let listed = data["inputVariances"]?.numbers
        let inputs = data["inputs"]?.number.map { Int($0) } ?? listed?.count
        guard let inputs else {
            throw ControlError(control: "inputs", message: "`data` needs `inputs`, the input dimension of the teacher")
        }
        guard inputs <= 64 else {
            throw ControlError(control: "inputVariances", message: "at most 64 inputs are supported, not \(inputs)")
        }
        let variances = listed ?? Array(repeating: data["inputVariances"]?.number ?? 1, count: inputs)
        guard variances.count == inputs else {
            throw ControlError(
                control: "inputVariances",
                message: "`inputVariances` has \(variances.count) values for \(inputs) inputs: give one for each")
        }
        guard let samples = data["samples"] else {
            throw ControlError(
                control: "samples", message: "`data` needs `samples`: a whole number ≥ 2, or `population`")
        }
        return .teacher(
            try GaussianTeacher(
                inputVariances: variances, samples: samples.number.map { Int($0) },
                formula: teacher == "gaussian" ? nil : teacher,
                isSymmetrized: data["symmetrized"]?.text == "true",
                draws: data["draws"]?.text.flatMap(InputDraws.init) ?? .random,
                modes: data["modes"]?.numbers ?? data["modes"]?.number.map { [$0] }, seed: settings.seed,
                settings: data.canonical))
    }

    private static func refuse(_ keys: [String], in data: JSONValue, because reason: String) throws(ControlError) {
        for key in keys where data[key] != nil {
            throw ControlError(control: key, message: "`\(key)` \(reason)")
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
                control: "loss",
                message: "`loss: logistic` needs classes as targets: set `classes` with data from a file")
        }
    }

    public var dataFingerprint: String {
        if case .file(let files) = source { files.fingerprint } else { "" }
    }

    /// Moments of a replica's data set (of the distribution for `population`); nil where data have no distribution, or
    /// one whose moments are not known.
    func moments(_ controls: [String: ControlValue], _ ensemble: Ensemble) -> DataMoments? {
        switch (source, ensemble) {
        case (.moments(let given), _): return given.moments(DataKey(controls, replica: 0).conditionNumber)
        case (.file, .population): return nil
        case (.teacher(let teacher), .population):
            let key = DataKey(controls, replica: 0)
            return teacher.hasPopulationMoments
                ? teacher.populationMoments(
                    signal: key.signal, labelNoise: key.labelNoise, conditionNumber: key.conditionNumber) : nil
        case (.file(let files), .replica(let replica)):
            return cached(DataKey([:], replica: files.hasSplit ? replica : 0)) {
                self.split(files, replica: replica).training.samples.moments
            }
        case (.teacher, .replica(let replica)):
            return cached(DataKey(controls, replica: replica)) { self.drawnMoments(controls, replica: replica)! }
        }
    }

    /// The same of a replica's data set, without a place to keep it; nil for data from files.
    func drawnMoments(_ controls: [String: ControlValue], replica: Int) -> DataMoments? {
        let key = DataKey(controls, replica: replica)
        switch source {
        case .moments(let given): return given.moments(key.conditionNumber)
        case .file: return nil
        case .teacher(let teacher):
            return teacher.moments(
                replica: replica, signal: key.signal, labelNoise: key.labelNoise, parameter: key.parameter,
                conditionNumber: key.conditionNumber)
        }
    }

    private func cached(_ key: DataKey, _ make: () -> DataMoments) -> DataMoments {
        if let found = momentsCache.withLock({ $0[key] }) { return found }
        let moments = make()
        momentsCache.withLock { $0[key] = moments }
        return moments
    }

    /// A replica's samples; nil where there are only moments. For a linear net the samples of a design stand for the
    /// population.
    func samples(_ controls: [String: ControlValue], replica: Int) -> SampledData? {
        switch source {
        case .moments: return nil
        case .file(let files):
            let table = split(files, replica: replica).training
            return SampledData(
                inputs: table.columns, outputs: table.outputs, features: table.inputs,
                targets: Self.targets(of: table, for: lossFunction))
        case .teacher(let teacher):
            let key = DataKey(controls, replica: replica)
            guard let count = teacher.samples else {
                let isLinear = controls["activation"]?.text ?? "linear" == "linear"
                return isLinear && teacher.hasPopulationMoments && lossFunction == .squaredError && !hasBiases
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
