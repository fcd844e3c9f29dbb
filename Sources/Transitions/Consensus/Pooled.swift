import GSLNumerics
import PhaseSpace

/// The mean over replicas. Its 95 % interval is Student's over the replicas plus their mean numerical error, so that
/// replicas that agree, or a single one, still leave what the numerics leave.
func pooled(_ values: [Measured]) -> Estimate? {
    guard !values.isEmpty, let value = try? mean(values.map(\.value)) else { return nil }
    let numerical = values.reduce(0) { $0 + $1.error } / Double(values.count)
    let spread = values.count > 1 ? (try? studentHalfWidth(values.map(\.value))) ?? 0 : 0
    let half = max(spread + numerical, 4 * value.ulp)
    return Estimate(value, Interval(value - half, value + half))
}
