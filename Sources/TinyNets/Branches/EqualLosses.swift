import GSLNumerics

/// Where two stable pieces of branches, each from fold to fold, have equal loss.
struct EqualLosses {
    typealias Pass = BranchEvents.Pass

    private let first: BranchEvents
    private let second: BranchEvents
    private(set) var all: [(first: Pass, second: Pass)] = []

    /// - Parameters:
    ///   - piece: numbers of the first branch's intervals.
    ///   - other: of the second's, which may be the same branch.
    ///   - counts: whether a point of equal loss, known only nearly, is wanted.
    init(
        of first: BranchEvents, _ piece: Range<Int>, and second: BranchEvents, _ other: Range<Int>,
        counts: (_ control: Double, _ loss: Double) -> Bool = { _, _ in true }
    ) {
        self.first = first
        self.second = second
        let (mine, theirs) = (StablePiece(first, piece), StablePiece(second, other))
        let (low, high) = (max(mine.low, theirs.low), min(mine.high, theirs.high))
        guard low < high else { return }
        // At a fold itself two points of a branch are one, and a corrector at a fixed control may take the wrong one.
        let margin = 1e-4 * (high - low)
        let inner = Set(mine.controls + theirs.controls).filter { $0 > low + margin && $0 < high - margin }
        let controls = [low + margin] + inner.sorted() + [high - margin]
        let gaps = controls.map { mine.loss(at: $0) - theirs.loss(at: $0) }
        let floor = 1e-11 * first.follower.scale
        for (i, j) in zip(controls.indices, controls.indices.dropFirst())
        where (gaps[i] < 0) != (gaps[j] < 0) && max(abs(gaps[i]), abs(gaps[j])) > floor {
            let near = Self.crossing(between: controls[i], controls[j]) { mine.loss(at: $0) - theirs.loss(at: $0) }
            guard counts(near, mine.loss(at: near)) else { continue }
            // Where the loss of a piece is nearly met, its interpolation may have crossed in the interval beside.
            let (from, to) = (max(i - 1, 0), min(j + 1, controls.count - 1))
            let found =
                crossing(near: near, mine, theirs)
                ?? crossing(between: controls[i], controls[j], mine, theirs)
                ?? crossing(between: controls[from], controls[to], mine, theirs)
            guard let found, !all.contains(where: { $0.first.position.control == found.first.position.control }),
                Self.isTransverse(found)
            else { continue }
            all.append(found)
        }
    }

    /// Branches that meet, as at a pitchfork, have equal slopes there.
    private static func isTransverse(_ found: (first: Pass, second: Pass)) -> Bool {
        let (a, b) = (found.first.position.state.slope, found.second.position.state.slope)
        return abs(a - b) > 1e-5 * max(abs(a), abs(b))
    }

    /// By bisection.
    private static func crossing(between low: Double, _ high: Double, of gap: (Double) -> Double) -> Double {
        var (low, high) = (low, high)
        let sign = gap(low) < 0
        for _ in 0..<50 {
            let middle = 0.5 * (low + high)
            if (gap(middle) < 0) == sign { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }

    /// By Newton's method, since slopes are known; nil where it leaves the pieces or does not end.
    private func crossing(
        near start: Double, _ mine: StablePiece, _ theirs: StablePiece
    ) -> (first: Pass, second: Pass)? {
        var control = start
        for _ in 0..<6 {
            guard let a = mine.pass(at: control), let b = theirs.pass(at: control) else { return nil }
            let step =
                (a.position.state.loss - b.position.state.loss) / (b.position.state.slope - a.position.state.slope)
            guard step.isFinite else { return nil }
            let next = control + step
            if abs(step) <= 2e-14 * abs(control) { return (a, b) }
            guard next > max(mine.low, theirs.low), next < min(mine.high, theirs.high) else { return nil }
            control = next
        }
        return nil
    }

    private struct Lost: Error {}

    private func crossing(
        between low: Double, _ high: Double, _ mine: StablePiece, _ theirs: StablePiece
    ) -> (first: Pass, second: Pass)? {
        func both(_ control: Double) throws -> (first: Pass, second: Pass) {
            guard let a = mine.pass(at: control), let b = theirs.pass(at: control) else { throw Lost() }
            return (a, b)
        }
        func gap(_ control: Double) throws -> Double {
            let (a, b) = try both(control)
            return a.position.state.loss - b.position.state.loss
        }
        guard let control = try? GSLNumerics.root(of: gap, in: low...high, relativeTolerance: 1e-14),
            let found = try? both(control)
        else { return nil }
        return found
    }
}

/// A part of a branch on which the control only rises or only falls.
struct StablePiece {
    private let events: BranchEvents
    private let piece: Range<Int>
    let controls: [Double]
    var low: Double { min(controls[0], controls[controls.count - 1]) }
    var high: Double { max(controls[0], controls[controls.count - 1]) }

    init(_ events: BranchEvents, _ piece: Range<Int>) {
        self.events = events
        self.piece = piece
        controls = (piece.lowerBound...piece.upperBound).map { events.positions[$0].control }
    }

    private func interval(at control: Double) -> Int {
        piece.first { i in
            let (a, b) = (events.positions[i].control, events.positions[i + 1].control)
            return min(a, b) <= control && control <= max(a, b)
        } ?? piece.upperBound - 1
    }

    /// By the cubic through the ends of an interval and their slopes.
    func loss(at control: Double) -> Double {
        let i = interval(at: control)
        let (a, b) = (events.positions[i], events.positions[i + 1])
        let h = b.control - a.control
        guard h != 0 else { return a.state.loss }
        let x = (control - a.control) / h
        return (1 + 2 * x) * (1 - x) * (1 - x) * a.state.loss + x * x * (3 - 2 * x) * b.state.loss
            + h * x * (1 - x) * ((1 - x) * a.state.slope - x * b.state.slope)
    }

    func pass(at control: Double) -> BranchEvents.Pass? { events.pass(at: control, in: interval(at: control)) }
}
