import Support

/// What a sweep hands to a model beside its points.
public struct ModelSettings: Sendable {
    public let seed: UInt64
    /// The `data:` section, defaults filled in, values checked against `dataKeys`.
    public let data: JSONValue
    /// The sections `net:`, `training:` and `measure:` as one, likewise. `optimiser` is the word for it in identities.
    public let optimiser: JSONValue
    /// The folder that relative file names in `data` start from: the spec's own.
    public let folder: String
    /// One of the model's.
    public let precision: TrainingPrecision
    /// What step limits are multiplied by when capped points are tried again; a run that ends before its limit must
    /// not depend on it.
    public var effort: Int

    public init(
        seed: UInt64, data: JSONValue, optimiser: JSONValue, folder: String, precision: TrainingPrecision = .double,
        effort: Int = 1
    ) {
        self.seed = seed
        self.data = data
        self.optimiser = optimiser
        self.folder = folder
        self.precision = precision
        self.effort = effort
    }

    /// The `data:` section, to be read.
    public var dataReader: ControlReader { ControlReader(data) }
    /// All other settings, to be read.
    public var reader: ControlReader { ControlReader(optimiser) }
}
