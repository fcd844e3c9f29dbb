import GSLNumerics
import Lanes

/// Quasi-random test inputs seen through the teacher's and the student's pre-activations: E[(f − y)²]/2 of a student
/// with given order parameters. The points are fixed, so that the error is a smooth function of the order parameters.
final class TestErrors {
    private let student: TwoLayerStudent
    private let teacherInputs: [NumberColumn]
    private let noise: [NumberColumn]
    private let labels: NumberColumn
    private let weights: NumberColumn
    private let preactivations: [NumberColumn]
    /// E[y²] less its mean over the points.
    private let missingLabelSquare: Double

    init(_ student: TwoLayerStudent, bits: Int = 13) {
        self.student = student
        let (p, k) = (student.hidden, student.target.dimension)
        let count = 1 << bits
        var stream = RandomStream(seed: 0, key: 0, purpose: .resampling)
        let sobol = ScrambledSobol(dimension: k + p, bits: bits, using: &stream)
        let proposal = TeacherProposal(student.target)
        let columns = (0..<k + p).map { j in
            let column = NumberColumn(count: count)
            sobol.fill(column.buffer, dimension: j, from: 0)
            replaceByNormalQuantiles(column.buffer)
            return column
        }
        teacherInputs = Array(columns.prefix(k))
        noise = Array(columns.suffix(p))
        weights = NumberColumn(count: count)
        proposal.stretch(teacherInputs, weights: weights)
        labels = NumberColumn(count: count)
        for (i, y) in student.target.values(teacherInputs.map { $0.numbers }).enumerated() {
            labels.pointer[i] = y
        }
        let labelSquare = labels.productMoments(labels, weights: weights).first
        missingLabelSquare = student.target.labelSquare.map { $0 - labelSquare } ?? 0
        preactivations = (0..<p).map { _ in NumberColumn(count: count) }
    }

    /// E[(f − y)²]/2 of a student with these order parameters.
    func evaluate(_ overlaps: StudentOverlaps) -> Double {
        let p = student.hidden
        let rest = (0..<p).map { i in
            (0..<p).map { j in
                overlaps.student[i][j] - zip(overlaps.teacher[i], overlaps.teacher[j]).reduce(0) { $0 + $1.0 * $1.1 }
            }
        }
        let factor = semidefiniteCholesky(rest)
        for i in 0..<p {
            preactivations[i].scale(0)
            preactivations[i].add(overlaps.teacher[i], teacherInputs)
            preactivations[i].add(factor[i], noise)
        }
        return student.lossGradient(preactivations, labels: labels, weights: weights) + missingLabelSquare / 2
    }
}

/// The lower triangular L with L Lᵀ = C, where a pivot below 1e-12 of the largest diagonal element counts as zero and has
/// a zero column.
func semidefiniteCholesky(_ matrix: [[Double]]) -> [[Double]] {
    let n = matrix.count
    let floor = 1e-12 * max((0..<n).map { matrix[$0][$0] }.max() ?? 0, 1e-300)
    var factor = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for j in 0..<n {
        var pivot = matrix[j][j]
        for l in 0..<j { pivot -= factor[j][l] * factor[j][l] }
        guard pivot > floor else { continue }
        let root = pivot.squareRoot()
        factor[j][j] = root
        for i in j + 1..<max(n, j + 1) {
            var x = matrix[i][j]
            for l in 0..<j { x -= factor[i][l] * factor[j][l] }
            factor[i][j] = x / root
        }
    }
    return factor
}
