/// Numbers in memory that is aligned to 64 bytes and zero at first. One owner, one thread.
public final class PaddedVector {
    public let count: Int
    public let numbers: UnsafeMutablePointer<Double>

    /// - Parameter count: a multiple of eight.
    public init(count: Int) {
        precondition(count.isMultiple(of: 8), "a padded vector is whole registers of eight")
        self.count = count
        numbers = UnsafeMutableRawPointer.allocate(byteCount: max(64, 8 * count), alignment: 64)
            .bindMemory(to: Double.self, capacity: count)
        numbers.initialize(repeating: 0, count: count)
    }

    deinit { UnsafeMutableRawPointer(numbers).deallocate() }
}
