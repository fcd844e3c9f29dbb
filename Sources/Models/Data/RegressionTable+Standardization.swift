/// Shift and scale of every column: what brings the samples that they were found from to mean 0 and variance 1 (1/n).
///
/// Targets that stand for classes are left as they are. A constant column becomes 0: it tells nothing.
struct Standardization: Sendable {
    private let inputs: [Scale]
    /// Empty for classes.
    private let targets: [Scale]
    /// The first column of measurements that is constant; a pixel that is dark in every image is not one.
    let constantColumn: String?

    private struct Scale: Sendable {
        let mean: Double
        /// Infinite for a constant column.
        let deviation: Double

        init(_ values: [Double]) {
            let n = Double(values.count)
            let mean = values.reduce(0, +) / n
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
            let isConstant = variance <= 1e-24 * max(mean * mean, .leastNormalMagnitude)
            self.mean = mean
            deviation = isConstant ? .infinity : variance.squareRoot()
        }
    }

    init(of table: RegressionTable) {
        func scales(_ values: [Double], _ columns: Int) -> [Scale] {
            (0..<columns).map { column in
                Scale(stride(from: column, to: values.count, by: columns).map { values[$0] })
            }
        }
        inputs = scales(table.inputs, table.columns)
        targets = table.isClassification ? [] : scales(table.targets, table.outputs)
        let names = table.inputNames + targets.map { _ in "target" }
        let constant = zip(names, inputs + targets).first { $0.1.deviation.isInfinite }
        constantColumn = table.isClassification ? nil : constant?.0
    }

    /// The same shift and scale for any samples of these columns.
    func applied(to table: RegressionTable) -> RegressionTable {
        func scaled(_ values: [Double], _ scales: [Scale]) -> [Double] {
            guard !scales.isEmpty else { return values }
            return values.enumerated().map { index, x in
                let scale = scales[index % scales.count]
                return scale.deviation.isFinite ? (x - scale.mean) / scale.deviation : 0
            }
        }
        return table.with(inputs: scaled(table.inputs, inputs), targets: scaled(table.targets, targets))
    }
}

extension RegressionTable {
    /// Every column with mean 0 and variance 1 (1/n), the target too.
    /// - Throws: `DataFileError` for a constant column, which has no scale.
    public func standardized(file: String) throws(DataFileError) -> RegressionTable {
        let scale = Standardization(of: self)
        if let name = scale.constantColumn {
            throw DataFileError(
                file: file, message: "column `\(name)` is constant: it cannot be standardised, leave it out")
        }
        return scale.applied(to: self)
    }

    /// Every input column with mean 0; the target as it is.
    public var centered: RegressionTable {
        let means = (0..<columns).map { column in
            stride(from: column, to: inputs.count, by: columns).reduce(0) { $0 + inputs[$1] } / Double(rows)
        }
        return with(inputs: inputs.enumerated().map { $1 - means[$0 % columns] }, targets: targets)
    }
}
