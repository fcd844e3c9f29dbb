import PhaseSpace

/// A followed branch between two rows, with those about it on the same way of the control.
struct BranchStretch {
    private let ends: (a: BranchRow, b: BranchRow)
    private let losses: (a: Double, b: Double)
    private let slopeName: String?
    /// Up to four rows about the interval, by control, each control once.
    private let near: [BranchRow]

    /// Nil where a loss is missing.
    init?(_ rows: [BranchRow], at i: Int, slopeName: String?) {
        let (a, b) = (rows[i], rows[i + 1])
        guard let x = a.values[Observable.Name.loss], let y = b.values[Observable.Name.loss] else { return nil }
        ends = (a, b)
        losses = (x, y)
        self.slopeName = slopeName
        let rises = b.control > a.control
        var near = [a, b]
        // Rows on the other side of a fold are other minima.
        if i > 0, rows[i - 1].control != a.control, (a.control > rows[i - 1].control) == rises, a.event != .fold {
            near.insert(rows[i - 1], at: 0)
        }
        if i + 2 < rows.count, rows[i + 2].control != b.control, (rows[i + 2].control > b.control) == rises,
            b.event != .fold
        {
            near.append(rows[i + 2])
        }
        self.near = near
    }

    /// Loss, slope and F″ between the rows.
    func values(at control: Double) -> (loss: Double, slope: Double, curvature: Measured?)? {
        guard let slopeName, let s = ends.a.values[slopeName], let t = ends.b.values[slopeName] else { return nil }
        guard ends.a.control != ends.b.control else { return (losses.a, s, nil) }
        let here = HermitePolynomial([
            .init(x: ends.a.control, [losses.a, s]), .init(x: ends.b.control, [losses.b, t]),
        ]).values(at: control)
        let curvatures = near.compactMap { row in
            row.values[Observable.Name.lossCurvature].map { (x: row.control, y: $0) }
        }
        guard curvatures.count > 2 else { return (here.value, here.slope, nil) }
        let all = Self.interpolated(curvatures[...], at: control)
        let fewer = Self.interpolated(curvatures.dropLast(), at: control)
        return (here.value, here.slope, Measured(all, abs(all - fewer) + 1e-9 * abs(all)))
    }

    /// By the cubic where slopes are known, else by the polynomial through the rows about it; with a part of what that
    /// differs from the chord as its error.
    func loss(at control: Double) -> Measured {
        guard ends.a.control != ends.b.control else { return Measured(losses.a, 0) }
        let points = near.compactMap { row in row.values[Observable.Name.loss].map { (x: row.control, y: $0) } }
        let loss = values(at: control)?.loss ?? Self.interpolated(points[...], at: control)
        let part = (control - ends.a.control) / (ends.b.control - ends.a.control)
        let error = (slopeName == nil ? 0.3 : 0.02) * abs(loss - (losses.a + part * (losses.b - losses.a)))
        return Measured(loss, error)
    }

    /// What the loss between the rows is not above.
    func upperBound(at control: Double) -> Double {
        // A minimum's loss is concave in a decay: it lies below its tangents.
        if let slopeName, let s = ends.a.values[slopeName], let t = ends.b.values[slopeName] {
            return min(losses.a + s * (control - ends.a.control), losses.b + t * (control - ends.b.control))
        }
        let points = near.compactMap { row in
            row.values[Observable.Name.loss].map { (x: row.control, y: $0) }
        }
        guard points.count > 2 else { return max(losses.a, losses.b) }
        let all = Self.interpolated(points[...], at: control)
        return all
            + max(
                abs(all - Self.interpolated(points.dropLast(), at: control)),
                abs(all - Self.interpolated(points.dropFirst(), at: control)))
    }

    /// Lagrange's polynomial.
    private static func interpolated(_ points: ArraySlice<(x: Double, y: Double)>, at x: Double) -> Double {
        points.indices.reduce(0) { sum, a in
            sum
                + points.indices.filter { $0 != a }.reduce(points[a].y) {
                    $0 * (x - points[$1].x) / (points[a].x - points[$1].x)
                }
        }
    }
}
