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
}
