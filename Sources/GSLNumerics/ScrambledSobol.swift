import CGSL
import Synchronization

/// A scrambled Sobol sequence: 2^bits points in the unit cube whose mean of a smooth function is far nearer to its
/// integral than that of random points. Different scrambles are independent and each is unbiased, so that the scatter of
/// their means is the error.
///
/// Direction numbers are GSL's (40 dimensions). Scrambling: a random lower triangular binary matrix for every dimension
/// (Matoušek, "On the L2-discrepancy for anchored boxes", Journal of Complexity 14, 1998) and a random digital shift, to
/// 52 binary digits. Dimensions beyond 40 repeat the first ones with the points' numbers mixed by a random binary matrix
/// (padding: dimensions 40 apart are paired at random, and each block of 40 keeps its own uniformity).
public struct ScrambledSobol: Sendable {
    public let dimension: Int
    /// The number of points is 2^bits.
    public let bits: Int
    public static let bitLimit = 18
    public static let dimensionLimit = 4096

    public var count: Int { 1 << bits }

    /// `bits` direction numbers of 52 binary digits for each dimension.
    private let directions: [UInt64]
    private let shifts: [UInt64]

    /// - Parameter generator: where the scramble comes from; equal random bits give equal points.
    /// - Precondition: 1 ≤ dimension ≤ 4096, 1 ≤ bits ≤ 18
    public init(dimension: Int, bits: Int, using generator: inout some RandomNumberGenerator) {
        precondition((1...Self.dimensionLimit).contains(dimension), "between 1 and 4096 dimensions")
        precondition((1...Self.bitLimit).contains(bits), "between 2 and 2^18 points")
        self.dimension = dimension
        self.bits = bits
        var directions: [UInt64] = []
        var shifts: [UInt64] = []
        var mixed = Array(0..<bits).map { UInt64(1) << $0 }
        for j in 0..<dimension {
            if j > 0, j % SobolDirections.dimension == 0 { mixed = Self.mixing(bits, &generator) }
            let plain = SobolDirections.table(bits: bits)[j % SobolDirections.dimension]
            let rows = Self.triangular(&generator)
            for number in mixed {
                var direction: UInt64 = 0
                for b in 0..<bits where number >> b & 1 == 1 { direction ^= plain[b] }
                directions.append(Self.product(rows, direction))
            }
            shifts.append(generator.next() >> 12)
        }
        (self.directions, self.shifts) = (directions, shifts)
    }

    /// Coordinate `j` of the points `start`, `start + 1`, …, in the open interval (0, 1).
    public func fill(_ output: UnsafeMutableBufferPointer<Double>, dimension j: Int, from start: Int) {
        directions.withUnsafeBufferPointer { directions in
            let first = directions.baseAddress! + j * bits
            var digits = shifts[j]
            let gray = start ^ (start >> 1)
            for b in 0..<bits where gray >> b & 1 == 1 { digits ^= first[b] }
            for i in output.indices {
                output[i] = (Double(digits) + 0.5) * 0x1p-52
                // The next number's Gray code differs in one bit; past the last point there is none.
                let bit = (start + i + 1).trailingZeroBitCount
                if bit < bits { digits ^= first[bit] }
            }
        }
    }

    // MARK: - Scrambling

    /// Row r of a random lower triangular matrix with ones on the diagonal, acting on 52 binary digits, first digit on
    /// top: bit 51 − c of the row belongs to column c.
    private static func triangular(_ generator: inout some RandomNumberGenerator) -> [UInt64] {
        (0..<52).map { r in
            let diagonal = UInt64(1) << (51 - r)
            let left = ~(diagonal << 1 &- 1) & (1 << 52 - 1)
            return diagonal | (generator.next() & left)
        }
    }

    private static func product(_ rows: [UInt64], _ x: UInt64) -> UInt64 {
        var y: UInt64 = 0
        for (r, row) in rows.enumerated() where (row & x).nonzeroBitCount & 1 == 1 { y |= 1 << (51 - r) }
        return y
    }

    /// The columns of a random invertible binary matrix: a lower triangular one times an upper triangular one.
    private static func mixing(_ bits: Int, _ generator: inout some RandomNumberGenerator) -> [UInt64] {
        let all: UInt64 = 1 << bits - 1
        var lower: [UInt64] = []
        for c in 0..<bits {
            let diagonal: UInt64 = 1 << c
            let upToDiagonal = diagonal << 1 &- 1
            lower.append(diagonal | (generator.next() & all & ~upToDiagonal))
        }
        return (0..<bits).map { c in
            let diagonal: UInt64 = 1 << c
            let column = diagonal | (generator.next() & (diagonal - 1))
            var product: UInt64 = 0
            for b in 0..<bits where column >> b & 1 == 1 { product ^= lower[b] }
            return product
        }
    }
}

/// Direction numbers, read off GSL's own sequence: consecutive points differ by one of them.
private enum SobolDirections {
    static let dimension = 40
    private static let known = Mutex<[Int: [[UInt64]]]>([:])

    /// For each dimension, `bits` numbers of 52 binary digits.
    static func table(bits: Int) -> [[UInt64]] {
        known.withLock { tables in
            if let found = tables[bits] { return found }
            let table = read(bits: bits)
            tables[bits] = table
            return table
        }
    }

    private static func read(bits: Int) -> [[UInt64]] {
        GSL.enter()
        guard let sequence = gsl_qrng_alloc(cgsl_qrng_sobol(), UInt32(dimension)) else {
            preconditionFailure("out of memory")
        }
        defer { gsl_qrng_free(sequence) }
        var table = [[UInt64]](repeating: [], count: dimension)
        var (last, point) = ([UInt64](repeating: 0, count: dimension), [Double](repeating: 0, count: dimension))
        for number in 1...(1 << (bits - 1)) {
            gsl_qrng_get(sequence, &point)
            // Point 2^b is the first whose step is the direction number b.
            let isNew = number & (number - 1) == 0
            guard isNew || (number + 1) & number == 0 else { continue }
            let digits = point.map { UInt64($0 * 0x1p52) }
            if isNew { for j in 0..<dimension { table[j].append(digits[j] ^ last[j]) } }
            last = digits
        }
        return table
    }
}
