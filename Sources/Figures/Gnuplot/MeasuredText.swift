import Foundation
import PhaseSpace

extension Estimate {
    /// `0.984 ± 0.078`: two digits of half the interval, and as many decimals of the value.
    var measuredText: String {
        let half = (interval?.width ?? 0) / 2
        guard half > 0, half.isFinite else { return String(format: "%.6g", value) }
        let decimals = min(max(0, 1 - Int(floor(log10(half)))), 10)
        return String(format: "%.\(decimals)f ± %.\(decimals)f", value, half)
    }

    /// `0.984(78)`: the same where room is scarce, half the interval in units of the last decimal.
    var compactText: String {
        let half = (interval?.width ?? 0) / 2
        guard half > 0, half.isFinite else { return measuredText }
        let decimals = 1 - Int(floor(log10(half)))
        guard (0...10).contains(decimals) else { return measuredText }
        return String(format: "%.\(decimals)f(%.0f)", value, half * pow(10, Double(decimals)))
    }
}
