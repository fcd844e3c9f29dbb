import PhaseSpace

/// A row of a table as what it means.
public struct TablePoint: Sendable {
    /// In the file, from 1.
    public let line: Int
    public let control: Double
    /// Infinite or nan where the row says that a run has diverged.
    public let value: Double
    /// Standard error; nil where the table has none.
    public let error: Double?
    /// Of the system, in a table with sizes.
    public let size: Double?
    public var replica: Int
    public var direction: Direction

    public var isFinite: Bool { value.isFinite }
}

/// One curve of a table.
public struct TableCurve: Sendable {
    /// How the rows run along the control.
    public enum Course: String, Sendable {
        /// In any order; one value belongs to a control, or its repeats.
        case plain
        /// Up and down again over the same controls: points have these directions.
        case loop
        /// There and back, the second half the mirror image of the first: both branches of a broken symmetry.
        case mirrored
        /// Back and forth along one line with several values at a control.
        case folded
    }

    /// Samples of finite values are completed, those of values that have diverged are `diverged`. Replicas are those
    /// that the table names, or else the repeats of a control in their order.
    public let curve: Curve
    /// In the order of the file, without missing values.
    public let points: [TablePoint]
    public let course: Course
    /// Values that the table leaves open.
    public let missing: Int
    /// The size of all points where a column gives one and it is the same for all.
    public let size: Double?

    /// Whether every finite value has an error.
    public var hasErrors: Bool {
        points.allSatisfy { $0.error != nil || !$0.isFinite } && points.contains(where: \.isFinite)
    }

    init(key: CurveKey, varying: [String], points: [TablePoint], course: Course, missing: Int) {
        self.points = points
        self.course = course
        self.missing = missing
        let sizes = Set(points.map(\.size))
        size = sizes.count == 1 ? sizes.first! : nil
        curve = Curve(
            key: key,
            samples: points.map { point in
                var values: [String: Double] = [:]
                if point.isFinite {
                    values[key.orderParameter] = point.value
                    values[errorName(of: key.orderParameter)] = point.error
                }
                return CurveSample(
                    control: point.control, replica: point.replica, direction: point.direction,
                    outcome: point.isFinite ? .completed : .diverged,
                    reason: point.isFinite ? "" : "the table has no finite value here", values: values)
            }, varying: varying)
    }
}
