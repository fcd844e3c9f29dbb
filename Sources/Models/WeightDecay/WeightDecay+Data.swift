import Foundation
import PhaseSpace
import TinyNets

extension WeightDecay {
    enum DataSource: Sendable {
        case teacher(GaussianTeacher)
        case file(FileData)
        /// Given moments, the same for all replicas.
        case moments(DataMoments)
    }

    /// What tells the data of two points apart.
    struct DataKey: Hashable {
        let replica: Int
        let signal: Double
        let labelNoise: Double

        init(_ controls: [String: ControlValue], replica: Int) {
            self.replica = replica
            signal = controls["signal"]?.number ?? 1
            labelNoise = controls["labelNoise"]?.number ?? 0
        }
    }

    static let maximumInputs = 64

    private static let teacherKeys = ["teacher", "inputs", "inputVariances", "samples"]
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
        if data["correlations"] != nil { return .moments(try givenMoments(data)) }
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
                isSymmetrized: data["symmetrized"]?.text == "true", seed: settings.seed, settings: data.canonical))
    }

    private static func refuse(_ keys: [String], in data: JSONValue, because reason: String) throws(ControlError) {
        for key in keys where data[key] != nil {
            throw ControlError(control: key, message: "`\(key)` \(reason)")
        }
    }

    var outputCount: Int { if case .file(let files) = source { files.outputs } else { 1 } }

    /// The logistic loss takes labels only.
    func checkLabels() throws(ControlError) {
        guard lossFunction == .logistic else { return }
        guard case .file(let files) = source, files.isClassification else {
            throw ControlError(
                control: "loss",
                message: "`loss: logistic` needs classes as targets: set `classes` with data from a file")
        }
    }

    /// Moments in the eigenbasis of the inputs: `inputVariances`, `correlations`, `targetSecondMoment`.
    private static func givenMoments(_ data: JSONValue) throws -> DataMoments {
        let others = ["teacher", "inputs", "samples", "symmetrized"]
        try refuse(others, in: data, because: "and `correlations` exclude each other")
        let correlations = data["correlations"]?.numbers ?? [data["correlations"]?.number].compactMap { $0 }
        let given = data["inputVariances"]
        let variances = given?.numbers ?? Array(repeating: given?.number ?? 1, count: correlations.count)
        guard variances.count == correlations.count else {
            throw ControlError(
                control: "correlations",
                message: "`correlations` has \(correlations.count) values and `inputVariances` \(variances.count): "
                    + "one of each per input")
        }
        let explained = zip(variances, correlations).reduce(0) { $0 + $1.1 * $1.1 / $1.0 }
        let target = data["targetSecondMoment"]?.number ?? explained
        guard target >= explained * (1 - 1e-12) else {
            throw ControlError(
                control: "targetSecondMoment",
                message: "`targetSecondMoment` \(target) is below \(explained), the part that the inputs explain")
        }
        let d = variances.count
        var second = [Double](repeating: 0, count: d * d)
        for i in 0..<d { second[i * d + i] = variances[i] }
        return DataMoments(
            inputs: d, inputSecondMoment: second, crossMoment: correlations, targetSecondMoment: target)
    }

    public var dataFingerprint: String {
        if case .file(let files) = source { files.fingerprint } else { "" }
    }

    /// Moments of a replica's data set (of the distribution for `population`); nil where data have no distribution, or
    /// one whose moments are not known.
    func moments(_ controls: [String: ControlValue], _ ensemble: Ensemble) -> DataMoments? {
        switch (source, ensemble) {
        case (.moments(let moments), _): return moments
        case (.file, .population): return nil
        case (.teacher(let teacher), .population):
            let key = DataKey(controls, replica: 0)
            return teacher.hasPopulationMoments
                ? teacher.populationMoments(signal: key.signal, labelNoise: key.labelNoise) : nil
        case (.file(let files), .replica(let replica)):
            return cached(DataKey([:], replica: files.hasSplit ? replica : 0)) {
                self.split(files, replica: replica).training.samples.moments
            }
        case (.teacher(let teacher), .replica(let replica)):
            let key = DataKey(controls, replica: replica)
            return cached(key) {
                teacher.moments(replica: replica, signal: key.signal, labelNoise: key.labelNoise)
            }
        }
    }

    private func cached(_ key: DataKey, _ make: () -> DataMoments) -> DataMoments {
        if let found = momentsCache.withLock({ $0[key] }) { return found }
        let moments = make()
        momentsCache.withLock { $0[key] = moments }
        return moments
    }

    /// A replica's samples; nil where there are only moments.
    func samples(_ controls: [String: ControlValue], replica: Int) -> SampledData? {
        switch source {
        case .moments: return nil
        case .file(let files):
            let table = split(files, replica: replica).training
            return SampledData(
                inputs: table.columns, outputs: table.outputs, features: table.inputs,
                targets: Self.targets(of: table, for: lossFunction))
        case .teacher(let teacher):
            guard let count = teacher.samples else { return nil }
            let key = DataKey(controls, replica: replica)
            let data = teacher.draw(
                replica: replica, samples: count, signal: key.signal, labelNoise: key.labelNoise)
            return SampledData(inputs: teacher.dimension, features: data.inputs, targets: data.targets)
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
