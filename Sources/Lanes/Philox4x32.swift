/// Philox 4×32 with ten rounds: a counter-based random generator. A block is a function of key and counter alone, so
/// any number of threads draws the same numbers.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
public struct Philox4x32: Sendable, Hashable {
    public typealias Block = SIMD4<UInt32>

    /// The two words of the key.
    public let key: SIMD2<UInt32>

    public init(key: SIMD2<UInt32>) { self.key = key }

    /// The four random words that belong to a counter.
    public func block(_ counter: Block) -> Block {
        var x = counter
        var round = key
        for _ in 0..<10 {
            let low = UInt64(0xD251_1F53) &* UInt64(x[0])
            let high = UInt64(0xCD9E_8D57) &* UInt64(x[2])
            x = Block(
                UInt32(truncatingIfNeeded: high >> 32) ^ x[1] ^ round[0], UInt32(truncatingIfNeeded: high),
                UInt32(truncatingIfNeeded: low >> 32) ^ x[3] ^ round[1], UInt32(truncatingIfNeeded: low))
            round[0] &+= 0x9E37_79B9
            round[1] &+= 0xBB67_AE85
        }
        return x
    }
}
