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

    /// Products with several columns at once: every number of this column is read once for four of them.
    func dots(_ others: [SampleColumn]) -> [Double] {
        var result: [Double] = []
        var j = 0
        while j + 3 < others.count {
            let (a, b, c, d) = (others[j].lanes, others[j + 1].lanes, others[j + 2].lanes, others[j + 3].lanes)
            var sums = (SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>())
            for i in 0..<registers {
                let x = lanes[i]
                sums.0 += x * a[i]
                sums.1 += x * b[i]
                sums.2 += x * c[i]
                sums.3 += x * d[i]
            }
            result += [sums.0.sum(), sums.1.sum(), sums.2.sum(), sums.3.sum()]
            j += 4
        }
        while j < others.count {
            result.append(dot(others[j]))
            j += 1
        }
        return result
    }

    /// Adds Σ c_j column_j, four columns at a time.
    func add(_ factors: [Double], _ others: [SampleColumn]) {
        var j = 0
        while j + 3 < factors.count {
            let (a, b, c, d) = (others[j].lanes, others[j + 1].lanes, others[j + 2].lanes, others[j + 3].lanes)
            let (p, q) = (SIMD8(repeating: factors[j]), SIMD8(repeating: factors[j + 1]))
            let (r, s) = (SIMD8(repeating: factors[j + 2]), SIMD8(repeating: factors[j + 3]))
            for i in 0..<registers {
                let left = p * a[i] + q * b[i]
                let right = r * c[i] + s * d[i]
                lanes[i] += left + right
            }
            j += 4
        }
        while j < factors.count {
            add(factors[j], others[j])
            j += 1
        }
    }
}
