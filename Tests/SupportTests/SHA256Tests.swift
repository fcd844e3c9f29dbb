import Foundation
import Support
import Testing

/// Vectors of FIPS 180-4 and NIST's example files.
@Suite struct SHA256Tests {
    @Test func agreesWithThePublishedVectors() {
        #expect(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            sha256(Data(repeating: UInt8(ascii: "a"), count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func doesNotDependOnHowTheBytesAreCut() {
        for length in [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 200] {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: 31 &* $0 &+ 7) }
            var whole = SHA256()
            bytes.withUnsafeBytes { whole.update($0) }
            for cut in 0...length {
                var parts = SHA256()
                bytes.withUnsafeBytes { parts.update(UnsafeRawBufferPointer(rebasing: $0[..<cut])) }
                bytes.withUnsafeBytes { parts.update(UnsafeRawBufferPointer(rebasing: $0[cut...])) }
                #expect(parts.finalized() == whole.finalized())
            }
        }
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 1000]) func theProcessorsInstructionsGiveTheSame(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
        var (quick, plain) = (SHA256(), SHA256(isWordByWord: true))
        bytes.withUnsafeBytes {
            quick.update($0)
            plain.update($0)
        }
        #expect(quick.finalized() == plain.finalized())
    }
}
