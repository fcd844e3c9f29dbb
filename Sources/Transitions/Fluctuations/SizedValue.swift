/// One measurement of a finite-size study.
public struct SizedValue: Sendable, Hashable {
    public let size: Double
    public let control: Double
    public let value: Double
    /// Standard error, positive.
    public let error: Double

    public init(size: Double, control: Double, value: Double, error: Double) {
        self.size = size
        self.control = control
        self.value = value
        self.error = error
    }
}
