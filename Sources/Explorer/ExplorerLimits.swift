/// What a page holds at most, so that it opens at once and moves smoothly.
public enum ExplorerLimits {
    /// More points than these are sent as summaries for each place.
    public static let points = 200_000
    /// More places than these are sent as summaries of neighbouring places.
    public static let places = 200_000
    /// Numbers in the columns of all points; further observables are left out of the points, and stay as means.
    public static let pointNumbers = 1_000_000
    /// Numbers in the means of all places.
    public static let placeNumbers = 1_000_000
    /// Numbers of exact curves, and of trajectories.
    public static let theoryNumbers = 400_000
    public static let trajectoryNumbers = 400_000
    /// Points of one trajectory.
    public static let trajectoryPoints = 200
    /// Verdicts with their evidence.
    public static let evidenceCurves = 200

    /// Indices of at most `limit` of `count` steps, the first and the last among them, evenly.
    public static func thinned(_ count: Int, to limit: Int = trajectoryPoints) -> [Int] {
        guard count > limit else { return Array(0..<count) }
        return (0..<limit).map { $0 * (count - 1) / (limit - 1) }
    }
}
