import CDigest
import Foundation

/// SHA-256 (FIPS 180-4), fed piece by piece. A warm point's identity holds its whole grid, so this is fast: `CDigest`.
public struct SHA256: Sendable {
    private var state: SIMD8<UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var rest: [UInt8] = []
    private var byteCount: UInt64 = 0
    private let isWordByWord: Bool

    /// - Parameter isWordByWord: without the processor's own instructions, which give the same digest.
    public init(isWordByWord: Bool = false) { self.isWordByWord = isWordByWord }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        var bytes = bytes[...]
        if !rest.isEmpty {
            let taken = bytes.prefix(64 - rest.count)
            rest += taken
            bytes = bytes.dropFirst(taken.count)
            guard rest.count == 64 else { return }
            rest.withUnsafeBytes { state = Self.compressed(state, $0[...], isWordByWord) }
            rest.removeAll(keepingCapacity: true)
        }
        let whole = bytes.count & ~63
        state = Self.compressed(state, bytes.prefix(whole), isWordByWord)
        rest += bytes.dropFirst(whole)
    }

    /// - Parameter blocks: a multiple of 64 bytes.
    private static func compressed(
        _ state: SIMD8<UInt32>, _ blocks: UnsafeRawBufferPointer.SubSequence, _ isWordByWord: Bool
    ) -> SIMD8<UInt32> {
        var state = state
        guard !blocks.isEmpty else { return state }
        UnsafeRawBufferPointer(rebasing: blocks).withMemoryRebound(to: UInt8.self) { blocks in
            withUnsafeMutableBytes(of: &state) { state in
                sha256_compress(
                    state.bindMemory(to: UInt32.self).baseAddress, blocks.baseAddress, blocks.count / 64,
                    isWordByWord ? 1 : 0)
            }
        }
        return state
    }

    /// The digest's eight words, first word first.
    public func finalized() -> [UInt32] {
        var copy = self
        var padding: [UInt8] = [0x80]
        padding += [UInt8](repeating: 0, count: (119 - Int(byteCount % 64)) % 64)
        padding += (0..<8).map { UInt8(truncatingIfNeeded: (byteCount * 8) >> (56 - 8 * UInt64($0))) }
        padding.withUnsafeBytes { copy.update($0) }
        return (0..<8).map { copy.state[$0] }
    }
}

/// SHA-256 of a text's UTF-8 as 64 hexadecimal digits.
public func sha256(_ text: String) -> String {
    var text = text
    return text.withUTF8 { hexadecimal(UnsafeRawBufferPointer($0)) }
}

/// SHA-256 of some bytes as 64 hexadecimal digits.
public func sha256(_ bytes: Data) -> String { bytes.withUnsafeBytes(hexadecimal) }

private func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    hash.update(bytes)
    let digits = Array("0123456789abcdef".utf8)
    let words = hash.finalized()
    return String(unsafeUninitializedCapacity: 64) { text in
        for i in 0..<64 { text[i] = digits[Int(words[i / 8] >> (28 - 4 * UInt32(i % 8)) & 15)] }
        return 64
    }
}
