import TinyNets

/// Samples with named inputs: what a data file holds.
public struct RegressionTable: Sendable {
    /// Names of the input columns, from the header (or `column 1` …).
    public let inputNames: [String]
    /// Rows × inputs, row-major.
    public let inputs: [Double]
    /// Rows × outputs, row-major.
    public let targets: [Double]
    /// Number of targets of each row.
    public let outputs: Int
    /// Whether the targets stand for classes: ±1 with one output, one of them 1 and the others 0 with several.
    public let isClassification: Bool

    public var rows: Int { targets.count / outputs }
    public var columns: Int { inputNames.count }

    /// - Precondition: rows × inputs numbers for rows × outputs targets.
    public init(
        inputNames: [String], inputs: [Double], targets: [Double], outputs: Int = 1, isClassification: Bool = false
    ) {
        precondition(inputs.count * outputs == inputNames.count * targets.count, "each row has its inputs and targets")
        self.inputNames = inputNames
        self.inputs = inputs
        self.targets = targets
        self.outputs = outputs
        self.isClassification = isClassification
    }

    /// Uncentred second moments, with 1/n.
    /// - Precondition: one output.
    public var moments: DataMoments { DataMoments(inputs: columns, features: inputs, targets: targets) }

    /// The samples without their names.
    public var samples: SampledData {
        SampledData(inputs: columns, outputs: outputs, features: inputs, targets: targets)
    }

    /// Some of the rows, in the given order.
    func selecting(_ rows: some Sequence<Int>) -> RegressionTable {
        var (x, y): ([Double], [Double]) = ([], [])
        for row in rows {
            x += inputs[row * columns..<(row + 1) * columns]
            y += targets[row * outputs..<(row + 1) * outputs]
        }
        return with(inputs: x, targets: y)
    }

    /// Every row (x, y) followed by its mirror image (−x, −y): the data are then odd, whatever they were.
    var symmetrized: RegressionTable {
        var (x, y): ([Double], [Double]) = ([], [])
        for row in 0..<rows {
            for sign in [1.0, -1.0] {
                x += inputs[row * columns..<(row + 1) * columns].map { sign * $0 }
                y += targets[row * outputs..<(row + 1) * outputs].map { sign * $0 }
            }
        }
        return with(inputs: x, targets: y)
    }

    func with(inputs: [Double], targets: [Double]) -> RegressionTable {
        RegressionTable(
            inputNames: inputNames, inputs: inputs, targets: targets, outputs: outputs,
            isClassification: isClassification)
    }
}
