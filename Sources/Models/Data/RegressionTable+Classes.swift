import PhaseSpace

extension RegressionTable {
    /// Rows of some classes, with the labels turned into targets: −1 and +1 for two classes, in the order in which they
    /// are given; one output for each class, 1 for a row's own and 0 for the others, where `oneHot` is set or there are
    /// more than two.
    ///
    /// - Parameter classes: labels to keep; nil for all that there are, by rising label.
    /// - Throws: `DataFileError` for a class without rows and for labels that are no whole numbers.
    package func classified(_ classes: [Double]?, oneHot: Bool, file: String) throws(DataFileError) -> RegressionTable {
        precondition(outputs == 1, "labels are one column")
        if let label = targets.first(where: { $0 != $0.rounded() }) {
            throw DataFileError(
                file: file, message: "has the label \(ControlValue.number(label)); labels of classes are whole numbers")
        }
        let present = Set(targets)
        let classes = classes ?? present.sorted()
        if let missing = classes.first(where: { !present.contains($0) }) {
            let labels = present.sorted().prefix(20).map { "\(ControlValue.number($0))" }.joined(separator: ", ")
            throw DataFileError(
                file: file, message: "has no row of class \(ControlValue.number(missing)); its labels are \(labels)")
        }
        guard classes.count >= 2, Set(classes).count == classes.count else {
            throw DataFileError(file: file, message: "needs two or more classes, each named once")
        }
        let kept = selecting((0..<rows).filter { classes.contains(targets[$0]) })
        guard oneHot || classes.count > 2 else {
            return RegressionTable(
                inputNames: inputNames, inputs: kept.inputs, targets: kept.targets.map { $0 == classes[0] ? -1 : 1 },
                isClassification: true)
        }
        return RegressionTable(
            inputNames: inputNames, inputs: kept.inputs,
            targets: kept.targets.flatMap { label in classes.map { $0 == label ? 1 : 0 } }, outputs: classes.count,
            isClassification: true)
    }
}
