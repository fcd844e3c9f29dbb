import PhaseSpace

/// Keys of a `data:` section that models share.
enum DataKeys {
    /// How many samples a data set has.
    enum Samples: Sendable, Hashable {
        /// The distribution itself.
        case population
        case count(Int)

        /// Nil for the population.
        var count: Int? { if case .count(let n) = self { n } else { nil } }
    }

    /// - Parameter population: what the word stands for.
    static func samples(
        upTo most: Int = 10_000_000, population: String = "`population`: exact moments of the distribution",
        meaning: String = "number of samples of each replica's data set"
    ) -> Control<Samples?> {
        Control<Samples>.either(
            Control<String>("samples", symbol: "n", .choice(["population"]), meaning: population),
            or: Control<Int>("samples", symbol: "n", 2...most, meaning: meaning),
            { _ in .population }, { .count($0) }
        ).optional
    }

    static let samples = samples()

    static let symmetrized = Control<Bool>(
        "symmetrized", default: false,
        meaning: "every sample (x, y) has its mirror image (−x, −y) beside it; a teacher's `samples` count both",
        record: .whenSet)

    // MARK: - Samples from files; read by `FileData`

    static let file = Control<String>(
        "file", .file,
        meaning: "CSV file of numbers, relative to the spec; or images in the IDX format of MNIST, with `labels`"
    ).optional
    static let target = Control<String>(
        "target", .name(several: false), meaning: "name of the target column, or its number from 1; default the last"
    ).optional
    static let columns = Control<[String]>(
        "columns",
        meaning:
            "input columns of a table, by name or number from 1; or those that are left out, with a minus before them: "
            + "[-id, -date]; default all but the target"
    ).optional
    static let labels = Control<String>("labels", .file, meaning: "IDX file with the labels of the images").optional
    static let pool = Control<Int>(
        "pool", 1...64, default: 1,
        meaning: "images are averaged over blocks of so many pixels squared (28 × 28 by 4 gives 7 × 7)",
        record: .whenSet)
    static let classes = Control<[Double]>(
        "classes", .within(-1e9...1e9),
        meaning: "labels whose rows are kept: two become the targets −1 and +1, more one output each (1 or 0)"
    ).optional
    static let oneHot = Control<Bool>(
        "oneHot", default: false,
        meaning: "one output for each class, 1 or 0; without `classes` for all labels of the file", record: .whenSet)
    static let standardize = Control<Bool>(
        "standardize", default: false,
        meaning: "every column and the target to mean 0 and variance 1 (1/n) over the training samples; targets of "
            + "classes stay, and with them a constant input becomes 0", record: .whenSet)
    static let limit = Control<Int>(
        "limit", 2...10_000_000, meaning: "uses the first so many rows (of the wanted classes)"
    ).optional
    static let trainFraction = Control<Double>(
        "trainFraction", .above(0, upTo: 1),
        meaning: "trains on this part of the rows, drawn anew for each replica, and tests on the others"
    ).optional
    static let test = Control<String>("test", .file, meaning: "file with test samples, like `file`").optional
    static let testLabels = Control<String>("testLabels", .file, meaning: "labels of `test`, like `labels`").optional

    /// The keys that belong to files alone.
    static let ofFiles: [any AnyControl] = [
        file, target, columns, labels, pool, classes, oneHot, standardize, limit, trainFraction, test, testLabels,
    ]
}
