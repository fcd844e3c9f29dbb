import Lanes
import PhaseSpace
import Support

/// One run of gradient descent at finite dimension, without the data ever being stored.
///
/// The data sets are lazily revealed Gaussian matrices; labels need X e_1 … X e_k only, with the teacher along the first
/// axes. Everything of length d is kept in coordinates of the directions revealed so far.
struct BatchReuseSimulation {
    let student: TwoLayerStudent
    /// d
    let dimension: Int
    let seed: UInt64
    /// What the data are keyed by: equal keys see equal data.
    let dataKey: UInt64
    let weightKey: UInt64

    /// Overlaps and training error of each step, the initial ones first; the error is that of the batch the step
    /// uses, which the last one has none of.
    struct Step {
        let overlaps: StudentOverlaps
        let trainingError: Double?
        /// Variances of the overlaps with the teacher from the samples' number; nil where they are not known.
        let noise: [[Double]]?
    }

    /// A data set under way.
    private struct DataSet {
        var inputs: LazyMatrix
        /// X e_1 … X e_k
        let teacherInputs: [NumberColumn]
        let labels: NumberColumn
    }

    var samples: Int { Self.samples(student.sampleRatio, dimension) * student.schedule.dataSetSize }

    /// n = αd, rounded.
    static func samples(_ ratio: Double, _ dimension: Int) -> Int { max(1, Int((ratio * Double(dimension)).rounded())) }

    /// How many directions may be revealed: beyond this there would be more than d.
    static func revealedDirections(_ student: TwoLayerStudent) -> Int {
        student.target.dimension + student.hidden * (1 + student.steps)
    }

    /// - Parameter record: called after every step, first with the initial weights.
    /// - Returns: false where the weights grew beyond bounds; nothing was recorded of that step.
    func run(_ isCancelled: () -> Bool, _ record: (Step) -> Void) throws -> Bool {
        let (p, k) = (student.hidden, student.target.dimension)
        // Rows of W/√d: coordinates along the teacher first.
        var weights = initialWeights()
        var known = weights.map(\.count).max()!
        var dataSets: [Int: DataSet] = [:]
        let preactivations = (0..<p).map { _ in NumberColumn(count: samples) }
        let stepOverDimension = student.learningRate / Double(dimension)
        var noise = SamplingNoise(
            shrinkage: student.shrinkage, factor: stepOverDimension * stepOverDimension * Double(samples))
        for step in 0..<student.steps {
            if isCancelled() { throw CancellationError() }
            let set = student.schedule.dataSet(atStep: step)
            if student.schedule.kind == .onePass { dataSets = [:] }
            var data = dataSets.removeValue(forKey: set) ?? dataSet(set)
            for i in 0..<p { data.inputs.multiply(weights[i], into: preactivations[i]) }
            let mask = batch(atStep: step)
            let loss = student.lossGradient(
                preactivations, labels: data.labels, weights: mask)
            let batchSize = Double(samples / student.schedule.dataSetSize)
            let overlaps = Self.overlaps(weights, teacherDimension: k)
            record(Step(overlaps: overlaps, trainingError: loss / batchSize, noise: noise.variances))
            if let mask {
                for i in 0..<p { for j in 0..<samples { preactivations[i].pointer[j] *= mask.pointer[j] } }
            }
            noise.add(
                preactivations, teacherInputs: data.teacherInputs, weights: nil, dataSet: set, step: step,
                isSeenAgain: student.schedule.kind != .onePass)
            for i in 0..<p {
                let gradient = data.inputs.transposedProduct(with: preactivations[i], dimension: &known)
                update(&weights[i], gradient)
            }
            dataSets[set] = data
            let largest = weights.map { $0.reduce(0) { $0 + $1 * $1 } }.max()!
            guard largest.isFinite, largest < Self.divergenceBound else { return false }
        }
        record(
            Step(
                overlaps: Self.overlaps(weights, teacherDimension: k), trainingError: nil, noise: noise.variances))
        return true
    }

    /// Q_ii beyond which a run counts as diverged.
    static let divergenceBound = 1e6

    private func update(_ row: inout [Double], _ gradient: [Double]) {
        while row.count < gradient.count { row.append(0) }
        let factor = student.learningRate / Double(dimension)
        for i in row.indices {
            row[i] = student.shrinkage * row[i] - factor * (i < gradient.count ? gradient[i] : 0)
        }
    }

    static func overlaps(_ weights: [[Double]], teacherDimension k: Int) -> StudentOverlaps {
        StudentOverlaps(
            teacher: weights.map { Array($0.prefix(k)) },
            student: weights.map { a in
                weights.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
            })
    }

    // MARK: - Draws

    private func dataSet(_ number: Int) -> DataSet {
        let key = PointIdentity(hex: sha256("data set \(dataKey) \(number)")).randomKey
        var inputs = LazyMatrix(rows: samples, columns: dimension, seed: seed, key: key)
        let k = student.target.dimension
        let columns = (0..<k).map { i in
            let column = NumberColumn(count: samples)
            inputs.multiply((0..<k).map { $0 == i ? 1 : 0 }, into: column)
            return column
        }
        let labels = NumberColumn(count: samples)
        for (i, y) in student.target.values(columns.map { $0.numbers }).enumerated() { labels.pointer[i] = y }
        return DataSet(inputs: inputs, teacherInputs: columns, labels: labels)
    }

    /// Ones for the samples of a random batch, zeros for the others; nil where the batch is the whole data set.
    private func batch(atStep step: Int) -> NumberColumn? {
        guard student.schedule.dataSetSize > 1 else { return nil }
        var stream = RandomStream(seed: seed, key: dataKey, purpose: .batches, substream: step)
        let mask = NumberColumn(count: samples)
        // Selection sampling: each sample with the probability that leaves the right number.
        var left = samples / student.schedule.dataSetSize
        for i in 0..<samples where stream.integer(below: samples - i) < left {
            mask.pointer[i] = 1
            left -= 1
        }
        return mask
    }

    private func initialWeights() -> [[Double]] {
        guard student.initialisation == .random else {
            let (overlaps, rest) = student.initialWeights
            return zip(overlaps, rest).map { $0 + $1 }
        }
        let (p, k) = (student.hidden, student.target.dimension)
        var stream = RandomStream(seed: seed, key: weightKey, purpose: .initialWeights)
        let unit = 1 / Double(dimension).squareRoot()
        // Bartlett's decomposition: the triangular factor of a Wishart matrix has χ variables on its diagonal.
        return (0..<p).map { i in
            var row = stream.normals(k)
            row += stream.normals(i)
            row.append(stream.chi(dimension - k - i))
            row += Array(repeating: 0, count: p - 1 - i)
            return row.map { $0 * unit }
        }
    }
}
