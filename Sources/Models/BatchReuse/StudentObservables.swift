import GSLNumerics
import PhaseSpace

/// Turns order parameters into observables by name.
struct StudentObservables: Sendable {
    let student: TwoLayerStudent
    /// E[y z]/|E[y z]|; nil where E[y z] vanishes.
    let firstDirection: [Double]?
    /// Singular values above it count for the rank.
    let rankThreshold: Double
    /// The sample ratio below which no first-order method finds the target; nil where nothing is asked to escape.
    let weakRecoveryRatio: Double?

    /// A direction stands out of the noise from so many standard errors on.
    static let detectionThreshold = 3.0

    /// - Parameter moment: E[y z].
    init(_ student: TwoLayerStudent, dimension: Int, moment: [Double], weakRecoveryRatio: Double?) {
        self.student = student
        self.weakRecoveryRatio = weakRecoveryRatio
        // Cosines of a single run scatter by 2 to 3 over √d: this is far beyond.
        rankThreshold = max(0.01, 10 / Double(dimension).squareRoot())
        let norm = moment.reduce(0) { $0 + $1 * $1 }.squareRoot()
        firstDirection = norm > 0 ? moment.map { $0 / norm } : nil
    }

    /// - Parameter noise: variances of M from the number of samples, nil where they are not known.
    func values(_ overlaps: StudentOverlaps, noise: [[Double]]?) throws -> Measured {
        let (p, k) = (student.hidden, student.target.dimension)
        let cosines = overlaps.cosines
        var values: Measured = [
            .subspaceScore: overlaps.subspaceScore, .rank: Double(try rank(cosines)),
            .squaredNorm: (0..<p).reduce(0) { $0 + overlaps.student[$1][$1] } / Double(p),
        ]
        for r in 0..<k { values[.cosine(r + 1)] = cosines.map { abs($0[r]) }.max()! }
        if let u = firstDirection { addProjections(overlaps, on: u, to: &values) }
        if let noise { addDetection(overlaps, noise, to: &values) }
        if student.startsAtAnOverlap { addGrowth(cosines, to: &values) }
        if p <= BatchReuse.recordedSize {
            for i in 0..<p {
                if k <= BatchReuse.recordedSize {
                    for r in 0..<k { values[.teacherOverlap(i + 1, r + 1)] = overlaps.teacher[i][r] }
                }
                for j in i..<p { values[.studentOverlap(i + 1, j + 1)] = overlaps.student[i][j] }
            }
        }
        return values
    }

    private func addDetection(
        _ overlaps: StudentOverlaps, _ noise: [[Double]], to values: inout Measured
    ) {
        var largest: Double?
        for (row, variances) in zip(overlaps.teacher, noise) {
            for (m, variance) in zip(row, variances) where variance > 0 {
                largest = max(largest ?? 0, abs(m) / variance.squareRoot())
            }
        }
        guard let largest else { return }
        values[.signalToNoise] = largest
        values[.detection] = largest > Self.detectionThreshold ? 1 : 0
    }

    private func addGrowth(_ cosines: [[Double]], to values: inout Measured) {
        let growth = cosines.map { abs($0[0]) }.max()! / abs(student.initialOverlap)
        values[.overlapGrowth] = growth
        guard let weakRecoveryRatio else { return }
        let isBelow = student.sampleRatio * Double(student.schedule.totalBatches(student.steps)) < weakRecoveryRatio
        values[.escape] = growth >= 1 ? 2 : isBelow ? 0 : 1
    }

    private func addProjections(_ overlaps: StudentOverlaps, on u: [Double], to values: inout Measured) {
        let k = u.count
        var mean = [Double](repeating: 0, count: k)
        for (a, row) in zip(student.secondLayer, overlaps.teacher) {
            for r in 0..<k { mean[r] += (a < 0 ? -1 : 1) * row[r] / Double(student.hidden) }
        }
        let parallel = zip(mean, u).reduce(0) { $0 + $1.0 * $1.1 }
        values[.parallelOverlap] = parallel
        if k == 2 {
            values[.orthogonalOverlap] = -mean[0] * u[1] + mean[1] * u[0]
        } else if k > 2 {
            values[.orthogonalOverlap] =
                zip(mean, u).map { $0 - parallel * $1 }.reduce(0) { $0 + $1 * $1 }.squareRoot()
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

extension TwoLayerStudent {
    /// Whether the initial weights know the first direction.
    var startsAtAnOverlap: Bool { initialisation != .random && initialOverlap != 0 }
}

extension Target {
    /// E[y z], the direction that the first step learns; what does not stand out of its error is zero.
    func firstMoment() throws -> [Double] {
        try firstMomentWithErrors().map { abs($0.value) > 6 * $0.error ? $0.value : 0 }
    }

    /// E[y z] with what it may be wrong by: nothing but rounding for a polynomial.
    func firstMomentWithErrors() throws -> [(value: Double, error: Double)] {
        if let moments = ExactMoments(self, powerLimit: 1) { return moments.firstMoment.map { ($0, 0) } }
        return try NumericalMoments(self).firstMoment
    }

    /// E[y²] of a polynomial: heavy tails make it the worst known part of an error; nil for other targets.
    var labelSquare: Double? {
        let forms = linearForms
        guard !forms.isEmpty else { return nil }
        return LabelPowers(self, basis: forms, powerLimit: 2)?.meanSquare
    }
}
