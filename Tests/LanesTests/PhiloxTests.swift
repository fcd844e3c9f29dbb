import Lanes
import Testing

/// Known answers of the reference implementation (Random123, `kat_vectors`).
@Test func philoxGivesThePublishedKnownAnswers() {
    #expect(
        Philox4x32(key: [0, 0]).block([0, 0, 0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    let ones = UInt32.max
    #expect(
        Philox4x32(key: [ones, ones]).block([ones, ones, ones, ones])
            == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    #expect(
        Philox4x32(key: [0xa409_3822, 0x299f_31d0]).block([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344])
            == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
}

@Test func streamIsAFunctionOfItsKeysAndIndex() {
    var whole = RandomStream(seed: 3, key: 17, purpose: .data)
    let words = (0..<20).map { _ in whole.next() }
    for start in 0..<20 {
        var part = RandomStream(seed: 3, key: 17, purpose: .data, index: UInt64(start))
        #expect((start..<20).map { _ in part.next() } == Array(words[start...]))
    }
}

@Test func streamsOfOtherSeedsKeysPurposesAndSubstreamsDiffer() {
    var streams = RandomPurpose.allCases.map { RandomStream(seed: 1, key: 1, purpose: $0) }
    streams.append(RandomStream(seed: 2, key: 1, purpose: .data))
    streams.append(RandomStream(seed: 1 << 32 | 1, key: 1, purpose: .data))
    streams.append(RandomStream(seed: 1, key: 2, purpose: .data))
    streams.append(RandomStream(seed: 1, key: 1 << 32 | 1, purpose: .data))
    streams.append(RandomStream(seed: 1, key: 1, purpose: .data, substream: 1))
    streams.append(RandomStream(seed: 1, key: 1, purpose: .data, substream: 1 << 24 - 1))
    var words: Set<UInt64> = []
    for var stream in streams { for _ in 0..<100 { words.insert(stream.next()) } }
    #expect(words.count == 100 * streams.count)
}

@Test func streamIsPinnedToItsBits() {
    // Stored results rest on these numbers: they never change.
    var stream = RandomStream(seed: 42, key: 7, purpose: .initialWeights, substream: 5)
    let words: [UInt64] = [
        17_739_931_407_862_893_309, 9_197_730_145_883_184_233, 8_877_198_364_937_385_447, 6_280_824_250_985_683_975,
    ]
    #expect((0..<4).map { _ in stream.next() } == words)
    let normals: [UInt64] = [
        4_601_768_536_710_533_259, 13_833_527_206_947_941_944, 13_822_355_100_204_846_121, 13_828_617_607_034_302_486,
    ]
    #expect((0..<4).map { _ in stream.normal().bitPattern } == normals)
}

@Test func thereAreSubstreamsBeyondTwentyFourBits() {
    // 2·10⁷ samples are drawn as rows with a number each.
    let numbers = [0, 1, 1 << 24 - 1, 1 << 24, 1 << 24 + 1, 20_000_000, 1 << 25, 1 << 40, Int.max]
    var words: Set<UInt64> = []
    for number in numbers {
        for key in [UInt64(0), 1, .max] {
            var stream = RandomStream(seed: 1, key: key, purpose: .data, substream: number)
            #expect(stream.key == key && stream.substream == number)
            for _ in 0..<100 { words.insert(stream.next()) }
        }
    }
    #expect(words.count == 100 * 3 * numbers.count)
}
