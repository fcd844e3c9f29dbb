import CLanes

/// What random numbers are for. Streams of different purposes share nothing.
public enum RandomPurpose: UInt32, Sendable, CaseIterable, Hashable {
    // The raw values are part of every stored result: they never change.
    case data = 1
    case initialWeights = 2
    case noise = 3
    case batches = 4
    /// The weights and the structure of a teacher.
    case teacher = 5
    /// Resampling in statistics.
    case resampling = 6
    /// Start vectors of eigenvalue iterations.
    case curvature = 7
}

/// Random numbers as a function of (seed, key, purpose, substream, index); drawing advances only the index.
///
/// The seed is the generator's key. The counter holds half the index (32 bits), the purpose (8 bits), the substream
/// (24 bits) and the key (64 bits); each block gives two words of 64 bits. A stream has 2³³ words. From 2²⁴ on, what is
/// too large of a substream's number is mixed into the key, so that there are as many substreams as whole numbers. The
/// numbers are the same on every machine.
public struct RandomStream: Sendable, RandomNumberGenerator {
    public let seed: UInt64
    public let key: UInt64
    public let purpose: RandomPurpose
    /// A start number, a step: what tells apart streams of one key and purpose.
    public let substream: Int
    /// The index of the next word.
    public private(set) var index: UInt64 = 0

    private let generator: Philox4x32
    /// The counter's two inner words and its second one.
    private let counterKey: UInt64
    private let counterTag: UInt32
    private var block: Philox4x32.Block = .zero

    /// - Parameter index: of the first word to draw.
    /// - Precondition: substream ≥ 0 and index < 2³³
    public init(seed: UInt64, key: UInt64, purpose: RandomPurpose, substream: Int = 0, index: UInt64 = 0) {
        precondition(substream >= 0, "a substream's number is not negative")
        self.seed = seed
        self.key = key
        self.purpose = purpose
        self.substream = substream
        self.index = index
        counterKey = Self.counterKey(key, substream)
        counterTag = purpose.rawValue | UInt32(truncatingIfNeeded: substream) << 8
        generator = Philox4x32(key: [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)])
        if index & 1 == 1 { block = blockAtIndex() }
    }

    /// The key itself up to substream 2²⁴. Beyond, each 2²⁴ substreams have a key of their own: SplitMix64's step and
    /// finaliser are one to one, and streams' keys are hashes, so that two meet as seldom as hashes do.
    private static func counterKey(_ key: UInt64, _ substream: Int) -> UInt64 {
        let page = UInt64(substream) >> 24
        guard page > 0 else { return key }
        var z = key &+ page &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        if index & 1 == 0 { block = blockAtIndex() }
        let high = index & 1 == 0 ? block[0] : block[2]
        let low = index & 1 == 0 ? block[1] : block[3]
        index += 1
        return UInt64(high) << 32 | UInt64(low)
    }

    /// The next 2 · `blocks` uniform numbers.
    /// - Precondition: the index is even.
    mutating func fillUniforms(_ output: UnsafeMutablePointer<Double>, blocks: Int) {
        precondition(
            index & 1 == 0 && (index >> 1) + UInt64(blocks) <= 1 << 32, "whole blocks of the stream's 2³³ words")
        cl_philox_uniforms(
            output, blocks, UInt32(truncatingIfNeeded: index >> 1), counterTag, UInt32(truncatingIfNeeded: counterKey),
            UInt32(truncatingIfNeeded: counterKey >> 32), generator.key[0], generator.key[1])
        index += 2 * UInt64(blocks)
    }

    private func blockAtIndex() -> Philox4x32.Block {
        precondition(index >> 33 == 0, "a random stream has 2³³ words; use another key")
        return generator.block([
            UInt32(truncatingIfNeeded: index >> 1), counterTag, UInt32(truncatingIfNeeded: counterKey),
            UInt32(truncatingIfNeeded: counterKey >> 32),
        ])
    }

    /// Uniform in the open interval (0, 1), an odd multiple of 2⁻⁵³.
    public mutating func uniform() -> Double {
        // 52 bits, so that adding the half is exact and 1 is never reached.
        (Double(next() >> 12) + 0.5) * 0x1p-52
    }

    /// A standard normal deviate: the normal quantile of one uniform, so that deviate i is word i of the stream.
    public mutating func normal() -> Double { normalQuantile(uniform()) }

    /// Independent standard normal deviates.
    public mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in normal() } }

    /// A whole number in 0..<bound, without bias: the high word of the product with a random word, where those products
    /// that would favour a number are drawn again (Lemire 2019).
    /// - Precondition: bound > 0
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "there is no whole number below \(bound)")
        let bound = UInt64(bound)
        let unfair = (0 &- bound) % bound
        while true {
            let product = next().multipliedFullWidth(by: bound)
            if product.low >= unfair { return Int(product.high) }
        }
    }
}
