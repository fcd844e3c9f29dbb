import Foundation
import GSLNumerics
import PhaseSpace

/// Turns order parameters into observables by name.
struct StudentObservables: Sendable {
    let student: TwoLayerStudent
    /// E[y z]/|E[y z]|; nil where E[y z] vanishes.
    let firstDirection: [Double]?
    /// Singular values above it count for the rank.
    let rankThreshold: Double

    /// - Parameter dimension: d, nil for infinity.
    init(_ student: TwoLayerStudent, dimension: Int?) throws {
        self.student = student
        // Cosines of a single run scatter by 2 to 3 over √d: this is far beyond.
        rankThreshold = max(0.01, dimension.map { 10 / Double($0).squareRoot() } ?? 0)
        let moment = try student.target.firstMoment()
        let norm = moment.reduce(0) { $0 + $1 * $1 }.squareRoot()
        firstDirection = norm > 1e-9 ? moment.map { $0 / norm } : nil
    }

    func values(_ overlaps: StudentOverlaps) throws -> [String: Double] {
        let (p, k) = (student.hidden, student.target.dimension)
        let cosines = overlaps.cosines
        var values: [String: Double] = [
            "subspaceScore": overlaps.subspaceScore, "rank": Double(try rank(cosines)),
            "squaredNorm": (0..<p).reduce(0) { $0 + overlaps.student[$1][$1] } / Double(p),
        ]
        for r in 0..<k { values["cosine_\(r + 1)"] = cosines.map { abs($0[r]) }.max()! }
        if let u = firstDirection { addProjections(overlaps, on: u, to: &values) }
        if p <= BatchReuse.recordedSize {
            for i in 0..<p {
                if k <= BatchReuse.recordedSize {
                    for r in 0..<k { values["M_\(i + 1)_\(r + 1)"] = overlaps.teacher[i][r] }
                }
                for j in i..<p { values["Q_\(i + 1)_\(j + 1)"] = overlaps.student[i][j] }
            }
        }
        return values
    }

    private func addProjections(_ overlaps: StudentOverlaps, on u: [Double], to values: inout [String: Double]) {
        let k = u.count
        var mean = [Double](repeating: 0, count: k)
        for (a, row) in zip(student.secondLayer, overlaps.teacher) {
            for r in 0..<k { mean[r] += (a < 0 ? -1 : 1) * row[r] / Double(student.hidden) }
        }
        let parallel = zip(mean, u).reduce(0) { $0 + $1.0 * $1.1 }
        values["parallelOverlap"] = parallel
        if k == 2 {
            values["orthogonalOverlap"] = -mean[0] * u[1] + mean[1] * u[0]
        } else if k > 2 {
            values["orthogonalOverlap"] =
                zip(mean, u).reduce(0) { $0 + pow($1.0 - parallel * $1.1, 2) }.squareRoot()
        }
    }

    private func rank(_ cosines: [[Double]]) throws -> Int {
        let k = student.target.dimension
        var gram = [Double](repeating: 0, count: k * k)
        for row in cosines {
            for r in 0..<k { for s in 0..<k { gram[r * k + s] += row[r] * row[s] } }
        }
        return try symmetricEigenSystem(gram, order: k).values.count { $0 > rankThreshold * rankThreshold }
    }
}

extension Target {
    /// E[y z], the direction that the first step learns.
    func firstMoment() throws -> [Double] {
        if let polynomial {
            return (0..<dimension).map { i in
                ExactPolynomial.expectation(ofProduct: ExactPolynomial(direction: i), polynomial).approximation
                    / Double(polynomial.denominator)
            }
        }
        return try NumericalMoments(self).firstMoment
    }
}
