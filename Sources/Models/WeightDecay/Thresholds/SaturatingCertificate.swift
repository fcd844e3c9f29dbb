/// Whether a weight decay γ ≥ c ‖E[xy]‖ is at or above the threshold of nets of every width, proven by branch and bound.
///
/// What must hold for all w: |E[y φ(w·x)]| ≤ γ |w| / √(1 − γ |w|²/E[y²]); for one unit also γ |w| √(1 + E[φ²]/γ) will do.
/// With w = τ p, one component of p being 1 and the others in [−1, 1], and T = τ², this is, divided by τ T,
///
///     (γ |p| − c E[y p·x])/T + γ |p| ((1 − γ T |p|²/E[y²])^(−1/2) − 1)/T + E[y s³ Λ(T s²)] ≥ 0,  s = p·x,
///
/// which stays finite as T → 0, so that boxes of p and T reach down to the zero net. On a box each part is bounded
/// below to second order in its width: |p| by its tangent plane, the samples' terms by tangents and chords in T and by
/// the mean value in p.
struct SaturatingCertificate {
    enum Outcome { case proven, refuted, undecided }

    let net: SaturatingNet
    let gamma: Double
    /// Whether E[φ²] of one unit may be used.
    let isOneUnit: Bool
    /// Rows in axes of which the first is the direction of E[xy].
    private let rows: [[Double]]
    private let allRows: [[Double]]

    init(_ net: SaturatingNet, gamma: Double, isOneUnit: Bool) {
        self.net = net
        self.gamma = gamma
        self.isOneUnit = isOneUnit
        // The reflection that takes the direction of E[xy] to the first axis.
        var mirror = unitVector(net.correlation) ?? []
        if !mirror.isEmpty { mirror[0] -= 1 }
        let square = innerProduct(mirror, mirror)
        func reflected(_ x: [Double]) -> [Double] {
            guard square > 1e-30 else { return x }
            let along = 2 * innerProduct(mirror, x) / square
            return zip(x, mirror).map { $0 - along * $1 }
        }
        rows = net.rows.map(reflected)
        allRows = net.allRows.map(reflected)
    }

    private struct Box {
        /// The component of p that is 1.
        let face: Int
        /// Of E[y φ].
        let sign: Double
        var center: [Double]
        var half: [Double]
        var low: Double
        var high: Double
    }

    private enum Judgement {
        case holds, fails
        /// The direction in which the bound is loosest; nil for T.
        case open(Int?)
    }

    /// - Parameter work: samples that may be looked at; what has been used is taken off.
    func prove(work: inout Int) -> Outcome {
        let d = net.dimension
        let top = net.targetSquare / gamma
        var boxes: [Box] = []
        for face in 0..<d {
            for sign in [1.0, -1] {
                var center = [Double](repeating: 0, count: d)
                center[face] = 1
                let half = (0..<d).map { $0 == face ? 0.0 : 1 }
                boxes.append(Box(face: face, sign: sign, center: center, half: half, low: 0, high: top))
            }
        }
        while let box = boxes.popLast() {
            guard work > 0 else { return .undecided }
            // A box costs some samples' worth by itself.
            work -= (rows.count + (isOneUnit ? allRows.count : 0) + 16) * (net.unit == .erf ? 2 : 1)
            switch judge(box) {
            case .holds: continue
            case .fails: return .refuted
            case .open(let axis):
                var (first, second) = (box, box)
                if let axis {
                    let quarter = box.half[axis] / 2
                    (first.half[axis], second.half[axis]) = (quarter, quarter)
                    first.center[axis] -= quarter
                    second.center[axis] += quarter
                } else {
                    let middle = box.low > 0 ? (box.low + box.high) / 2 : box.high / 4
                    (first.high, second.low) = (middle, middle)
                }
                boxes += [first, second]
            }
        }
        return .proven
    }

    /// γ |p| (√-factor − 1)/T at T, which rises with |p|; and its limit at T = 0.
    private func excess(_ length: Double, _ t: Double) -> Double {
        let kappa = gamma * t * length * length / net.targetSquare
        guard kappa < 1 else { return .infinity }
        // ((1 − κ)^(−1/2) − 1)/κ = 1/(√(1 − κ) (1 + √(1 − κ))).
        let root = (1 - kappa).squareRoot()
        return gamma * length * gamma * length * length / net.targetSquare / (root * (1 + root))
    }

    private func judge(_ box: Box) -> Judgement {
        let (unit, d) = (net.unit, net.dimension)
        let (t1, t2) = (box.low, box.high)
        let t0 = (t1 + t2) / 2
        let p = box.center
        let length = euclideanNorm(p)
        var least = 0.0
        for k in 0..<d {
            let x = max(0, abs(p[k]) - box.half[k])
            least += x * x
        }
        let shortest = least.squareRoot()
        guard gamma * t1 * shortest * shortest < net.targetSquare else { return .holds }

        // The samples' part: at p for all T between two lines, its gradient in p, and remainders.
        var (atLow, atHigh, atMiddle, size) = (0.0, 0.0, 0.0, 0.0)
        var gradient = [Double](repeating: 0, count: d)
        var drift = [Double](repeating: 0, count: d)
        var remainder = 0.0
        let steepest = t1 > 0 ? unit.curvature / t1.squareRoot() : .infinity
        let projections = rows.map { innerProduct($0, p) }
        let atFirst = unit.deficits(projections.map { t1 * $0 * $0 })
        let atCenter = unit.deficits(projections.map { t0 * $0 * $0 })
        let atLast = unit.deficits(projections.map { t2 * $0 * $0 })
        for (i, x) in rows.enumerated() {
            let s = projections[i]
            var reach = 0.0
            for k in 0..<d { reach += box.half[k] * abs(x[k]) }
            let w = box.sign * net.weights[i]
            let square = s * s
            let (first, middle, last) = (atFirst[i], atCenter[i], atLast[i])
            let factor = w * square * s
            size += abs(factor) * first.value
            atMiddle += factor * middle.value
            if factor > 0 {
                // Convex in T: above its tangent. Negative ones are above their chord.
                let slope = factor * (middle.slope - 3 * middle.value) / (2 * t0)
                atLow += factor * middle.value + slope * (t1 - t0)
                atHigh += factor * middle.value + slope * (t2 - t0)
            } else {
                atLow += factor * first.value
                atHigh += factor * last.value
            }
            let change = max(first.slope - middle.slope, middle.slope - last.slope)
            for k in 0..<d {
                gradient[k] += w * x[k] * square * middle.slope
                drift[k] += abs(w * x[k]) * square * change
            }
            let bend = min(unit.bend * (abs(s) + reach), steepest)
            remainder += abs(w) * bend * reach * reach / 2
        }

        // The rest at p, to see whether it fails; its bounds on the box.
        let along = box.sign * net.stability
        func gap(_ length: Double, _ first: Double) -> Double { max(0, gamma * length - along * first) }
        let here = gap(length, p[0]) / t0 + excess(length, t0) + atMiddle
        let (oneHere, oneLeast) = isOneUnit ? unitExcess(box, length, shortest) : (0, 0)
        if max(here, isOneUnit ? gap(length, p[0]) / t0 + oneHere + atMiddle : here) < -1e-11 * size { return .fails }
        let slack = max(excess(shortest, t1), oneLeast) - 1e-12 * size
        let variation = min(atLow, atHigh) - remainder
        var apart = variation + slack
        var together = variation + slack + gap(length, p[0]) / t2
        for k in 0..<d where box.half[k] > 0 {
            let tangent = (gamma * p[k] / length - (k == 0 ? along : 0)) / t2
            apart -= box.half[k] * (abs(gradient[k]) + drift[k])
            together -= box.half[k] * (abs(gradient[k] + tangent) + drift[k])
        }
        apart += leastGap(box) / t2
        if max(apart, together) > 0 { return .holds }

        // What is lost to the width in T, and to that in p.
        var lostInP = remainder
        lostInP += excess(length, t1) - excess(shortest, t1)
        var lostInT = max(0, atMiddle - min(atLow, atHigh)) + (excess(shortest, t2) - excess(shortest, t1))
        let floor = leastGap(box)
        if t1 > 0 {
            lostInT += gap(length, p[0]) * (1 / t1 - 1 / t2)
        } else if floor > 0 {
            // Near T = 0 the first part outgrows all others.
            lostInT = .infinity
        }
        var (axis, widest) = (-1, 0.0)
        for k in 0..<d where box.half[k] > 0 {
            let bent = t1 > 0 ? gamma * box.half[k] * box.half[k] / t2 : box.half[k] * abs(gradient[k])
            lostInP += bent + box.half[k] * drift[k]
            lostInT += box.half[k] * drift[k]
            if box.half[k] > widest { (axis, widest) = (k, box.half[k]) }
        }
        return .open(axis < 0 || lostInT > lostInP ? nil : axis)
    }

    /// The least γ |p| − ± c E[y p·x] on a box; convex, and falling with the first component on the side of E[xy].
    private func leastGap(_ box: Box) -> Double {
        var rest = 0.0
        for k in 1..<box.center.count {
            let x = max(0, abs(box.center[k]) - box.half[k])
            rest += x * x
        }
        let along = box.sign * net.stability
        let (low, high) = (box.center[0] - box.half[0], box.center[0] + box.half[0])
        // γ √(rest + u²) − a u has its minimum where γ u = a √(rest + u²).
        var u = along >= 0 ? high : low
        let room = gamma * gamma - along * along
        if room > 0 { u = min(max(along * (rest / room).squareRoot(), low), high) }
        return max(0, gamma * (rest + u * u).squareRoot() - along * u)
    }

    /// γ |p| (√(1 + E[φ²]/γ) − 1)/T at the box's centre, and a lower bound on the box.
    private func unitExcess(_ box: Box, _ length: Double, _ shortest: Double) -> (here: Double, least: Double) {
        let (unit, d) = (net.unit, net.dimension)
        let t0 = (box.low + box.high) / 2
        let projections = allRows.map { innerProduct($0, box.center) }
        let reaches = allRows.map { x in (0..<d).reduce(0) { $0 + box.half[$1] * abs(x[$1]) } }
        let central = unit.values(projections.map { t0.squareRoot() * $0 })
        // φ²/T falls with T and rises with |s|.
        let lowest = unit.values(
            zip(projections, reaches).map { box.high.squareRoot() * max(0, abs($0) - $1) })
        var (here, least) = (0.0, 0.0)
        for (i, share) in net.shares.enumerated() {
            here += share * central[i] * central[i] / t0
            least += share * lowest[i] * lowest[i] / box.high
        }
        // With E[φ²] = T Q: (√(1 + T Q/γ) − 1)/T = Q/γ/(1 + √(1 + T Q/γ)).
        func part(_ q: Double, _ t: Double, _ length: Double) -> Double {
            length * q / (1 + (1 + t * q / gamma).squareRoot())
        }
        return (part(here, t0, length), part(least, box.high, shortest))
    }
}
