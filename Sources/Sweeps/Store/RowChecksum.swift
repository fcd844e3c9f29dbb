import GRDB

/// A checksum of a row of observations, stored in the row itself: SQLite notices a broken page, not a flipped bit in
/// a number.
///
/// It does not depend on the order of columns, and a column without a value counts for nothing: a store keeps its
/// checksums when a model gains observables.
struct RowChecksum {
    private var sum: UInt64 = 0x4C61_6E64_6175_2121

    /// The part of a column that depends on its name alone.
    static func seed(_ name: String) -> UInt64 { hash(name.utf8, from: 0xCBF2_9CE4_8422_2325) }

    var value: Int64 { Int64(bitPattern: sum) }

    var mixedValue: Int64 { Int64(bitPattern: Self.mixed(sum)) }

    mutating func add(_ value: DatabaseValue, seed: UInt64) {
        switch value.storage {
        case .null: break
        // A column of reals gives whole numbers back as reals, one of integers as integers; −0 comes back as 0.
        case .int64(let n): add((Double(n) + 0).bitPattern, seed)
        case .double(let x): add((x + 0).bitPattern, seed)
        case .string(let text): add(Self.hash(text.utf8, from: seed), seed)
        // Rows hold no blobs: a text that has become one by a flipped bit must not count as the same.
        case .blob(let bytes): add(~Self.hash(bytes, from: seed), seed)
        }
    }

    private mutating func add(_ bits: UInt64, _ seed: UInt64) { sum &+= Self.mixed(bits ^ Self.mixed(seed)) }

    /// FNV-1a.
    private static func hash(_ bytes: some Sequence<UInt8>, from basis: UInt64) -> UInt64 {
        bytes.reduce(basis) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    /// The finaliser of SplitMix64: every bit of the input changes half of the output.
    private static func mixed(_ x: UInt64) -> UInt64 {
        var z = x &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
