import PhaseSpace

extension Direction {
    /// The words that tables have for the direction of a sweep; nil for any other.
    init?(inTable text: String) {
        switch text.lowercased() {
        case "up", "upwards", "forward", "fwd", "increasing", "inc", "heating", "rising", "right", "+", "+1", "1":
            self = .up
        case "down", "downwards", "backward", "bwd", "decreasing", "dec", "cooling", "falling", "left", "-1":
            self = .down
        case "cold", "0": self = .cold
        default: return nil
        }
    }
}
