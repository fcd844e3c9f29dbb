import Foundation
import Lanes
import Models
import Testing

/// Data files with a few bytes changed: read as finite numbers or refused with a place, never a crash.
@Suite struct DataMutationTests {
    /// More in long runs.
    private static let count = Int(ProcessInfo.processInfo.environment["LANDAU_MUTANTS"] ?? "") ?? 2000
    private static let pieces = [
        ",", "\"", "\n", "\r", "\r\n", "-", "1e999", "nan", "0x1", "γ", "\u{FEFF}", " ", "\t", "\u{0}", ";", "a",
    ].map { Array($0.utf8) }

    private static func mutant(of bytes: [UInt8], _ random: inout RandomStream) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.integer(below: 3) {
            let at = random.integer(below: bytes.count + 1)
            switch random.integer(below: 4) {
            case 0: bytes.insert(contentsOf: pieces[random.integer(below: pieces.count)], at: at)
            case 1: bytes.removeSubrange(at..<min(bytes.count, at + random.integer(below: 8)))
            case 2: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 12)], at: at)
            default: if at < bytes.count { bytes[at] = UInt8(random.integer(below: 256)) }
            }
        }
        return bytes
    }

    @Test func mutatedTablesAreReadOrRefusedWithAPlace() {
        let table = Array("x,\"y, too\",label\n1,2.5,3\n-4e-2,5,8\n7,8,3\n0.25,-1,8\n".utf8)
        var random = RandomStream(seed: 1, key: 2, purpose: .resampling)
        var accepted = 0
        for _ in 0..<Self.count {
            let bytes = Self.mutant(of: table, &random)
            do throws(DataFileError) {
                let read = try RegressionTable(parsing: bytes, file: "t.csv", target: nil)
                let isFinite = (read.inputs + read.targets).allSatisfy(\.isFinite)
                #expect(isFinite && read.rows >= 2 && read.columns >= 1)
                accepted += 1
            } catch {
                #expect("\(error)".hasPrefix("t.csv:") && error.message.count > 10, "\(error)")
            }
        }
        #expect(accepted > Self.count / 20 && accepted < Self.count)
    }

    @Test func mutatedImagesAreReadOrRefusedWithAnOffset() {
        let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2]
        let images = header + [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 255, 128]
        var random = RandomStream(seed: 1, key: 3, purpose: .resampling)
        var accepted = 0
        for _ in 0..<Self.count {
            let bytes = Self.mutant(of: images, &random)
            do throws(DataFileError) {
                let read = try IDXFile(bytes, file: "i")
                let isFinite = read.values.allSatisfy(\.isFinite)
                #expect(isFinite && read.values.count == read.dimensions.reduce(1, *))
                accepted += 1
            } catch {
                guard case .byte(let offset) = error.place else {
                    Issue.record("no offset: \(error)")
                    continue
                }
                #expect((0...bytes.count).contains(offset))
            }
        }
        #expect(accepted > Self.count / 50 && accepted < Self.count)
    }
}
