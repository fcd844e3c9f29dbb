import Explorer
import Foundation
import Support
import Testing

@Suite struct PackedColumnTests {
    /// The bytes that a packed column stands for.
    private func bytes(_ column: JSONValue, _ columns: PackedColumns) throws -> Data {
        let place = try #require(column["b"]?.number)
        return try #require(Data(base64Encoded: columns.blobs[Int(place)]))
    }

    @Test func floatsAreLittleEndianSinglePrecision() throws {
        var columns = PackedColumns()
        let values = [0.1, -2.5e-7, 1e30, 0]
        let column = columns.floats(values)
        #expect(column["t"] == "f32" && column["n"] == 4)
        let data = try bytes(column, columns)
        #expect(data.count == 16)
        let back = words(data, as: UInt32.self).map { Float(bitPattern: $0) }
        #expect(back == values.map { Float($0) })
    }

    @Test func doublesKeepEveryBit() throws {
        var columns = PackedColumns()
        let values = [0.1, 1.0 / 3, -Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude, .nan]
        let data = try bytes(columns.doubles(values), columns)
        let back = words(data, as: UInt64.self)
        #expect(back == values.map(\.bitPattern))
    }

    @Test(arguments: [(255, "u8", 1), (256, "u16", 2), (65_535, "u16", 2), (65_536, "u32", 4)])
    func wholeNumbersTakeTheSmallestType(_ most: Int, _ type: String, _ size: Int) throws {
        var columns = PackedColumns()
        let column = columns.whole([0, most, 1])
        #expect(column["t"]?.text == type)
        #expect(try bytes(column, columns).count == 3 * size)
    }

    @Test func aColumnOfOneValueIsThatNumber() {
        var columns = PackedColumns()
        #expect(columns.floats([2.0, 2.0]) == ["t": "constant", "v": 2, "n": 2])
        #expect(columns.floats([Double.nan, .nan]) == ["t": "constant", "v": .null, "n": 2])
        #expect(columns.whole([7, 7, 7]) == ["t": "constant", "v": 7, "n": 3])
        #expect(columns.floats([Double]()) == ["t": "f32", "b": 0, "n": 0])
    }

    @Test func regularColumnsAreTheirRule() {
        var columns = PackedColumns()
        let replicas = (0..<60).map { $0 / 2 % 5 }
        #expect(columns.whole(replicas) == ["t": "grid", "run": 2, "period": 5, "n": 60])
        #expect(columns.whole([0, 1, 2]) == ["t": "grid", "run": 1, "period": 3, "n": 3])
        #expect(columns.blobs.isEmpty)
        // One value out of place makes it any other column.
        var broken = replicas
        broken[59] = 0
        #expect(columns.whole(broken)["t"] == "u8" && columns.whole([1, 2, 3])["t"] == "u8")
    }

    @Test func equalColumnsAreSentOnce() {
        var columns = PackedColumns()
        let first = columns.floats([1, 2, 3])
        let second = columns.floats([1, 2, 4])
        #expect(columns.floats([1, 2, 3]) == first && second != first)
        #expect(columns.blobs.count == 2)
    }

    @Test func infinitiesDoNotReachADrawing() throws {
        var columns = PackedColumns()
        let data = try bytes(columns.floats([1, Double.infinity]), columns)
        #expect(Array(data.suffix(4)) == [0, 0, 0xC0, 0x7F])
    }

    @Test func thinnedStepsKeepTheirEnds() {
        #expect(ExplorerLimits.thinned(3) == [0, 1, 2])
        for count in [201, 1_000, 12_345] {
            let kept = ExplorerLimits.thinned(count)
            #expect(kept.count == 200 && kept.first == 0 && kept.last == count - 1)
            #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 })
        }
    }
}
