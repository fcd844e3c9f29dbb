/// A column of numbers, one per sample, at an address that suits whole registers; its length is rounded up to eight,
/// and what is beyond stays zero. `pointer` and `buffer` are for columns that a variable holds.
final class SampleColumn {
    let count: Int
    let pointer: UnsafeMutablePointer<Double>
    private let lanes: UnsafeMutablePointer<SIMD8<Double>>
    private let registers: Int

    init(count: Int) {
        self.count = count
        registers = (count + 7) / 8
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(registers, 1) * 64, alignment: 64)
        raw.initializeMemory(as: UInt8.self, repeating: 0, count: max(registers, 1) * 64)
        lanes = raw.bindMemory(to: SIMD8<Double>.self, capacity: registers)
        pointer = raw.assumingMemoryBound(to: Double.self)
    }
    deinit { UnsafeMutableRawPointer(lanes).deallocate() }

    var buffer: UnsafeMutableBufferPointer<Double> { UnsafeMutableBufferPointer(start: pointer, count: count) }

    /// A copy; the memory lives until it is made, even for a column that nobody else holds.
    var numbers: [Double] { withExtendedLifetime(self) { Array(buffer) } }

    /// Registers' worth of numbers.
    var paddedCount: Int { registers * 8 }

    func copy(_ other: SampleColumn) { lanes.update(from: other.lanes, count: registers) }

    func scale(_ factor: Double) {
        let factor = SIMD8(repeating: factor)
        for i in 0..<registers { lanes[i] *= factor }
    }

    func add(_ factor: Double, _ other: SampleColumn) {
        let factor = SIMD8(repeating: factor)
        let theirs = other.lanes
        for i in 0..<registers { lanes[i] += factor * theirs[i] }
    }

    /// ⟨self, other⟩, summed in eight fixed strands.
    func dot(_ other: SampleColumn) -> Double {
        let theirs = other.lanes
        var (even, odd) = (SIMD8<Double>(), SIMD8<Double>())
        var i = 0
        while i + 1 < registers {
            even += lanes[i] * theirs[i]
            odd += lanes[i + 1] * theirs[i + 1]
            i += 2
        }
        if i < registers { even += lanes[i] * theirs[i] }
        return (even + odd).sum()
    }

    /// Registers that are worked on at a time: so many of a few columns stay in the first cache.
    private static let chunk = 256

    /// Products with several columns; each column comes from memory once.
    func dots(_ others: [SampleColumn]) -> [Double] {
        var sums = [SIMD8<Double>](repeating: SIMD8(), count: others.count)
        for start in stride(from: 0, to: registers, by: Self.chunk) {
            let range = start..<min(start + Self.chunk, registers)
            var j = 0
            while j + 3 < others.count {
                let (a, b, c, d) = (others[j].lanes, others[j + 1].lanes, others[j + 2].lanes, others[j + 3].lanes)
                var (p, q, r, s) = (sums[j], sums[j + 1], sums[j + 2], sums[j + 3])
                for i in range {
                    let x = lanes[i]
                    p += x * a[i]
                    q += x * b[i]
                    r += x * c[i]
                    s += x * d[i]
                }
                (sums[j], sums[j + 1], sums[j + 2], sums[j + 3]) = (p, q, r, s)
                j += 4
            }
            while j < others.count {
                let a = others[j].lanes
                var p = sums[j]
                for i in range { p += lanes[i] * a[i] }
                sums[j] = p
                j += 1
            }
        }
        return sums.map { $0.sum() }
    }

    /// Adds Σ c_j column_j; each column comes from memory once.
    func add(_ factors: [Double], _ others: [SampleColumn]) {
        for start in stride(from: 0, to: registers, by: Self.chunk) {
            let range = start..<min(start + Self.chunk, registers)
            var j = 0
            while j + 3 < factors.count {
                let (a, b, c, d) = (others[j].lanes, others[j + 1].lanes, others[j + 2].lanes, others[j + 3].lanes)
                let (p, q) = (SIMD8(repeating: factors[j]), SIMD8(repeating: factors[j + 1]))
                let (r, s) = (SIMD8(repeating: factors[j + 2]), SIMD8(repeating: factors[j + 3]))
                for i in range {
                    let left = p * a[i] + q * b[i]
                    let right = r * c[i] + s * d[i]
                    lanes[i] += left + right
                }
                j += 4
            }
            while j < factors.count {
                let (a, p) = (others[j].lanes, SIMD8(repeating: factors[j]))
                for i in range { lanes[i] += p * a[i] }
                j += 1
            }
        }
    }
}
