/// The magnitude of an order parameter whose sign is accidental, less what noise adds to it.
///
/// |y| of a value that is zero but for an error e is 0.8 e in the mean, and an onset fitted to |y| starts too early by as
/// much. The root of |y² − 0.65 e²|, with the difference's sign, is zero in the mean there, scatters by e, and is |y| a few
/// errors away; between them it is off by less than half an error.
struct Magnitude {
    /// Only where values far from zero have both signs is the sign accidental.
    private let isAccidental: Bool

    init(_ values: some Sequence<(y: Double, error: Double?)>) {
        var (above, below) = (false, false)
        for (y, error) in values {
            guard let error, y.isFinite, error.isFinite else { continue }
            if y > 3 * error { above = true }
            if y < -3 * error { below = true }
        }
        isAccidental = above && below
    }

    func of(_ y: Double, error: Double?) -> Double {
        guard isAccidental, y.isFinite, let error, error.isFinite, error > 0 else { return abs(y) }
        let square = y * y - 0.65 * error * error
        guard square.isFinite else { return abs(y) }
        return square < 0 ? -(-square).squareRoot() : square.squareRoot()
    }
}
