import CLanes
import Synchronization

/// A column of numbers, one per sample or weight, at an address that suits whole registers; its length is rounded up to eight,
/// and what is beyond stays zero. `pointer` and `buffer` are for columns that a variable holds.
final class NumberColumn {
    let count: Int
    let pointer: UnsafeMutablePointer<Double>
    private let lanes: UnsafeMutablePointer<SIMD8<Double>>
    private let registers: Int

    /// All zeros; without `zeroed` only what is beyond the count, for a column that is filled at once.
    init(count: Int, zeroed: Bool = true) {
        self.count = count
        registers = (count + 7) / 8
        let raw = ColumnStock.take(byteCount: max(registers, 1) * 64)
        let first = zeroed ? 0 : max(registers - 1, 0) * 64
        (raw + first).initializeMemory(as: UInt8.self, repeating: 0, count: max(registers, 1) * 64 - first)
        lanes = raw.bindMemory(to: SIMD8<Double>.self, capacity: registers)
        pointer = raw.assumingMemoryBound(to: Double.self)
    }
    deinit { ColumnStock.giveBack(UnsafeMutableRawPointer(lanes), byteCount: max(registers, 1) * 64) }

    var buffer: UnsafeMutableBufferPointer<Double> { UnsafeMutableBufferPointer(start: pointer, count: count) }

    /// A copy; the memory lives until it is made, even for a column that nobody else holds.
    var numbers: [Double] { withExtendedLifetime(self) { Array(buffer) } }

    /// Registers' worth of numbers.
    var paddedCount: Int { registers * 8 }

    func copy(_ other: NumberColumn) { lanes.update(from: other.lanes, count: registers) }

    func scale(_ factor: Double) {
        let factor = SIMD8(repeating: factor)
        for i in 0..<registers { lanes[i] *= factor }
    }

    func add(_ factor: Double, _ other: NumberColumn) {
        let factor = SIMD8(repeating: factor)
        let theirs = other.lanes
        for i in 0..<registers { lanes[i] += factor * theirs[i] }
    }

    /// ⟨self, other⟩, summed in eight fixed strands.
    func dot(_ other: NumberColumn) -> Double {
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

    /// Σ w x and Σ w x² of the products x = self · other, summed in fixed strands; without weights w is 1.
    func productMoments(_ other: NumberColumn, weights: NumberColumn?) -> (first: Double, second: Double) {
        let theirs = other.lanes
        var (first, second) = (SIMD8<Double>(), SIMD8<Double>())
        if let weights = weights?.lanes {
            for i in 0..<registers {
                let x = lanes[i] * theirs[i]
                let weighted = weights[i] * x
                first += weighted
                second += weighted * x
            }
        } else {
            for i in 0..<registers {
                let x = lanes[i] * theirs[i]
                first += x
                second += x * x
            }
        }
        return (first.sum(), second.sum())
    }

    // MARK: - Several columns together

    /// Registers that are worked on at a time: so many of a few columns stay in the first cache.
    static let chunk = 256

    /// The column's registers in chunks, in order.
    var chunks: [Range<Int>] {
        stride(from: 0, to: registers, by: Self.chunk).map { $0..<min($0 + Self.chunk, registers) }
    }

    /// Products with several columns; each column comes from memory once.
    func dots(_ others: [NumberColumn]) -> [Double] {
        var strands = [Double](repeating: 0, count: 8 * others.count)
        for range in chunks { addProducts(others, registers: range, to: &strands) }
        return Self.sums(strands)
    }

    /// Adds the eight strands of each product over some registers.
    func addProducts(_ others: [NumberColumn], registers range: Range<Int>, to strands: inout [Double]) {
        let addresses = Self.addresses(others, range)
        cl_column_products(
            pointer + 8 * range.lowerBound, addresses, others.count, range.count, &strands)
        withExtendedLifetime(others) {}
    }

    /// Sums of eight strands each.
    static func sums(_ strands: [Double]) -> [Double] {
        strands.withUnsafeBufferPointer { strands in
            (0..<strands.count / 8).map { j in
                SIMD8(strands[8 * j..<8 * j + 8]).sum()
            }
        }
    }

    /// Adds Σ c_j column_j, or becomes it; each column comes from memory once.
    func add(_ factors: [Double], _ others: [NumberColumn], replacing: Bool = false) {
        for range in chunks { add(factors, others, replacing: replacing, registers: range) }
    }

    func add(_ factors: [Double], _ others: [NumberColumn], replacing: Bool, registers range: Range<Int>) {
        let addresses = Self.addresses(others, range)
        cl_combine_columns(
            pointer + 8 * range.lowerBound, factors, addresses, factors.count, range.count, replacing ? 1 : 0)
        withExtendedLifetime(others) {}
    }

    /// Becomes (factor · a) b over some registers.
    func multiply(_ factor: Double, _ a: NumberColumn, _ b: NumberColumn, registers range: Range<Int>) {
        let start = 8 * range.lowerBound
        cl_multiply_columns(pointer + start, factor, a.pointer + start, b.pointer + start, range.count)
        withExtendedLifetime((a, b)) {}
    }

    private static func addresses(_ columns: [NumberColumn], _ range: Range<Int>) -> [UnsafePointer<Double>?] {
        columns.map { UnsafePointer($0.pointer + 8 * range.lowerBound) }
    }
}

/// Memory of columns that are gone, for the next ones: fresh pages from the system cost as much as the sums in them.
private enum ColumnStock {
    private struct Stock: @unchecked Sendable {
        var pieces: [Int: [UnsafeMutableRawPointer]] = [:]
        var byteCount = 0
    }
    private static let stock = Mutex(Stock())
    private static let byteLimit = 64 << 20
    /// Smaller pieces are cheap to get.
    private static let least = 1 << 15

    static func take(byteCount: Int) -> UnsafeMutableRawPointer {
        if byteCount >= least {
            let known = stock.withLock { stock -> UInt? in
                guard let piece = stock.pieces[byteCount]?.popLast() else { return nil }
                stock.byteCount -= byteCount
                return UInt(bitPattern: piece)
            }
            if let known { return UnsafeMutableRawPointer(bitPattern: known)! }
        }
        return .allocate(byteCount: byteCount, alignment: 64)
    }

    static func giveBack(_ piece: UnsafeMutableRawPointer, byteCount: Int) {
        let address = UInt(bitPattern: piece)
        let isKept =
            byteCount >= least
            && stock.withLock { stock in
                guard stock.byteCount + byteCount <= byteLimit else { return false }
                stock.byteCount += byteCount
                stock.pieces[byteCount, default: []].append(UnsafeMutableRawPointer(bitPattern: address)!)
                return true
            }
        if !isKept { piece.deallocate() }
    }
}
