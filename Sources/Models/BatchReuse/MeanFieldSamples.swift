import Expressions
import GSLNumerics
import Lanes

/// Sample paths of one data set under the effective process: teacher pre-activations z, labels, and for every visit the
/// unit noise e that drives the students' pre-activations and the gradient factors F that came out.
///
/// Points are quasi-random in all these dimensions together; every point stands for all of its images under the sign flips
/// of z that leave the label unchanged, so that what vanishes by such a symmetry does so to rounding.
final class MeanFieldSamples {
    let count: Int
    let teacherInputs: [NumberColumn]
    let labels: NumberColumn
    /// Of the normal distribution; their sum is 1.
    let weights: NumberColumn
    /// Steps that see the data set so far, with p columns of noise and of F each.
    private(set) var steps: [Int] = []
    private(set) var noise: [NumberColumn] = []
    private(set) var gradients: [NumberColumn] = []
    var cholesky = GrowingCholesky()
    /// E[y²] less its mean over the points.
    let missingLabelSquare: Double
    private let sobol: ScrambledSobol
    private let flips: [UInt8]
    private let hidden: Int
    /// Dimensions of the points: z, then for every visit its noise, then for every visit whether it takes part.
    private let visits: Int

    init(
        _ student: TwoLayerStudent, proposal: TeacherProposal, flips: [UInt8], visits: Int, bits: Int,
        stream: inout RandomStream
    ) {
        let (p, k) = (student.hidden, student.target.dimension)
        hidden = p
        self.flips = flips
        self.visits = visits
        let masks = student.schedule.dataSetSize > 1 ? visits : 0
        let sobol = ScrambledSobol(dimension: k + p * visits + masks, bits: bits, using: &stream)
        let count = sobol.count * flips.count
        let base = (0..<k).map { _ in NumberColumn(count: sobol.count) }
        for (j, column) in base.enumerated() { Self.fillNormals(column.buffer, sobol, dimension: j) }
        let baseWeights = NumberColumn(count: sobol.count)
        proposal.stretch(base, weights: baseWeights)
        let values = student.target.values(base.map { $0.numbers })
        let teacherInputs = (0..<k).map { _ in NumberColumn(count: count) }
        let labels = NumberColumn(count: count)
        let weights = NumberColumn(count: count)
        for (copy, flip) in flips.enumerated() {
            let start = copy * sobol.count
            for i in 0..<sobol.count {
                labels.pointer[start + i] = values[i]
                weights.pointer[start + i] = baseWeights.pointer[i] / Double(flips.count)
            }
            for j in 0..<k {
                let sign: Double = flip >> j & 1 == 1 ? -1 : 1
                for i in 0..<sobol.count { teacherInputs[j].pointer[start + i] = sign * base[j].pointer[i] }
            }
        }
        missingLabelSquare =
            student.target.labelSquare.map { $0 - labels.productMoments(labels, weights: weights).first } ?? 0
        (self.sobol, self.count) = (sobol, count)
        (self.teacherInputs, self.labels, self.weights) = (teacherInputs, labels, weights)
    }

    private static func fillNormals(
        _ buffer: UnsafeMutableBufferPointer<Double>, _ sobol: ScrambledSobol, dimension: Int
    ) {
        sobol.fill(buffer, dimension: dimension, from: 0)
        replaceByNormalQuantiles(buffer)
    }

    /// A column of the points in all copies.
    private func column(_ dimension: Int, asNormal: Bool) -> NumberColumn {
        let column = NumberColumn(count: count)
        let first = UnsafeMutableBufferPointer(rebasing: column.buffer[0..<sobol.count])
        sobol.fill(first, dimension: dimension, from: 0)
        if asNormal { replaceByNormalQuantiles(first) }
        for copy in 1..<max(flips.count, 1) {
            (column.pointer + copy * sobol.count).update(from: column.pointer, count: sobol.count)
        }
        return column
    }

    /// Adds the noise of a visit.
    func visit(atStep t: Int) {
        let first = teacherInputs.count + hidden * steps.count
        for i in 0..<hidden { noise.append(column(first + i, asNormal: true)) }
        steps.append(t)
    }

    /// The samples that take part in the latest visit, each with the given probability; nil for all.
    func participants(probability: Double) -> NumberColumn? {
        guard probability < 1 else { return nil }
        let column = column(teacherInputs.count + hidden * visits + steps.count - 1, asNormal: false)
        for i in 0..<count { column.pointer[i] = column.pointer[i] < probability ? 1 : 0 }
        return column
    }

    func add(gradients new: [NumberColumn]) { gradients += new }
}

extension Target {
    /// All sign flips of z1 … zk (bit i flips direction i) that leave the label unchanged, the identity first; at most
    /// sixteen of them.
    var labelPreservingFlips: [UInt8] {
        var stream = RandomStream(seed: 3, key: 0, purpose: .resampling)
        let points = normalPoints(dimension: dimension, bits: 6, using: &stream)
        let labels = values(points)
        let group = (0..<UInt8(clamping: (1 << dimension) - 1)).map { $0 &+ 1 }.filter { flip in
            let flipped = points.enumerated().map { j, column in flip >> j & 1 == 1 ? column.map { -$0 } : column }
            return values(flipped) == labels
        }
        // The group is closed; a part of it that is no subgroup would not be symmetric.
        var subgroup: [UInt8] = [0]
        for flip in group where !subgroup.contains(flip) && subgroup.count < 16 {
            subgroup += subgroup.map { $0 ^ flip }
        }
        return subgroup
    }
}
