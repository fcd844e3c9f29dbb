import PhaseSpace

/// A fixed sequence of numbers in [0, 1): tests need variety, not randomness.
struct Sequence01 {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}

extension Estimate {
    /// Whether the exact value lies in an interval that is neither empty nor wider than `width`.
    func covers(_ exact: Double, width: Double = .infinity) -> Bool {
        guard let interval else { return false }
        return interval.width > 0 && interval.width <= width && interval.contains(exact)
    }
}
