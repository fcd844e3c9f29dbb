import PhaseSpace

/// Keys of a `data:` section that models share.
enum DataKeys {
    private static let truth = ControlParameter.Kind.choice(["true", "false"])

    /// For a teacher's data sets; two declarations of one key, since it is a word or a number.
    static let samples = [
        ControlParameter(
            "samples", symbol: "n", kind: .choice(["population"]), defaultValue: nil,
            meaning: "`population`: exact moments of the distribution"),
        ControlParameter(
            "samples", symbol: "n", kind: .integer(2...10_000_000), defaultValue: nil,
            meaning: "number of samples of each replica's data set"),
    ]

    static let symmetrized = ControlParameter(
        "symmetrized", symbol: "", kind: truth, defaultValue: nil,
        meaning: "every sample (x, y) has its mirror image (−x, −y) beside it; a teacher's `samples` count both")

    static let columns = ControlParameter(
        "columns", symbol: "", kind: .name(several: true), defaultValue: nil,
        meaning:
            "input columns of a table, by name or number from 1; or those that are left out, with a minus before them: "
            + "[-id, -date]; default all but the target")

    /// For samples from files; read by `FileData`.
    static let file = [
        ControlParameter(
            "file", symbol: "", kind: .file, defaultValue: nil,
            meaning: "CSV file of numbers, relative to the spec; or images in the IDX format of MNIST, with `labels`"),
        ControlParameter(
            "target", symbol: "", kind: .name(several: false), defaultValue: nil,
            meaning: "name of the target column, or its number from 1; default the last"),
        columns,
        ControlParameter(
            "labels", symbol: "", kind: .file, defaultValue: nil, meaning: "IDX file with the labels of the images"),
        ControlParameter(
            "pool", symbol: "", kind: .integer(1...64), defaultValue: nil,
            meaning: "images are averaged over blocks of so many pixels squared (28 × 28 by 4 gives 7 × 7)"),
        ControlParameter(
            "classes", symbol: "", kind: .numbers(-1e9...1e9), defaultValue: nil,
            meaning: "labels whose rows are kept: two become the targets −1 and +1, more one output each (1 or 0)"),
        ControlParameter(
            "oneHot", symbol: "", kind: truth, defaultValue: nil,
            meaning: "one output for each class, 1 or 0; without `classes` for all labels of the file"),
        ControlParameter(
            "standardize", symbol: "", kind: truth, defaultValue: nil,
            meaning: "every column and the target to mean 0 and variance 1 (1/n) over the training samples; targets of "
                + "classes stay, and with them a constant input becomes 0"),
        ControlParameter(
            "limit", symbol: "", kind: .integer(2...10_000_000), defaultValue: nil,
            meaning: "uses the first so many rows (of the wanted classes)"),
        ControlParameter(
            "trainFraction", symbol: "", kind: .real(0...1, excludingLow: true), defaultValue: nil,
            meaning: "trains on this part of the rows, drawn anew for each replica, and tests on the others"),
        ControlParameter(
            "test", symbol: "", kind: .file, defaultValue: nil, meaning: "file with test samples, like `file`"),
        ControlParameter(
            "testLabels", symbol: "", kind: .file, defaultValue: nil, meaning: "labels of `test`, like `labels`"),
    ]
}
