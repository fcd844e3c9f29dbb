import Foundation
import Support

/// Columns of numbers as a page reads them: base64 of little-endian bytes, in the smallest type that holds them.
///
/// A column of one value is that number; a regular one of whole numbers is its rule; a column whose bytes have been sent before is the earlier one's number in the list.
public struct PackedColumns {
    /// Base64 texts in the order in which columns first needed them.
    public private(set) var blobs: [String] = []
    private var places: [Data: Int] = [:]

    public init() {}

    /// Numbers for drawing, in single precision. What is not finite comes back as NaN.
    public mutating func floats(_ values: some Collection<Double>) -> JSONValue {
        if let first = values.first, values.allSatisfy({ $0 == first || ($0.isNaN && first.isNaN) }) {
            return ["t": "constant", "v": .optional(first.isFinite ? Double(Float(first)) : nil), "n": count(values)]
        }
        return packed("f32", values.count, values.map { ($0.isFinite ? Float($0) : .nan).bitPattern.littleEndian })
    }

    /// Numbers to every bit.
    public mutating func doubles(_ values: some Collection<Double>) -> JSONValue {
        packed("f64", values.count, values.map { $0.bitPattern.littleEndian })
    }

    /// Whole numbers from 0 on.
    public mutating func whole(_ values: some Collection<Int>) -> JSONValue {
        let most = values.max() ?? 0
        if values.allSatisfy({ $0 == most }) {
            return ["t": "constant", "v": .number(Double(most)), "n": count(values)]
        }
        if let (run, period) = Self.grid(values) {
            return ["t": "grid", "run": .number(Double(run)), "period": .number(Double(period)), "n": count(values)]
        }
        if most < 1 << 8 { return packed("u8", values.count, values.map { UInt8($0) }) }
        if most < 1 << 16 { return packed("u16", values.count, values.map { UInt16($0).littleEndian }) }
        return packed("u32", values.count, values.map { UInt32($0).littleEndian })
    }

    /// Where the i-th value is `i / run % period`, as axes and replicas of a whole sweep are.
    private static func grid(_ values: some Collection<Int>) -> (run: Int, period: Int)? {
        guard values.first == 0, let run = values.enumerated().first(where: { $0.element != 0 })?.offset else {
            return nil
        }
        let period = (values.max() ?? 0) + 1
        return values.enumerated().allSatisfy { $0.element == $0.offset / run % period } ? (run, period) : nil
    }

    private func count(_ values: some Collection) -> JSONValue { .number(Double(values.count)) }

    private mutating func packed<Word>(_ type: String, _ count: Int, _ words: [Word]) -> JSONValue {
        let data = words.withUnsafeBytes { Data($0) }
        let place: Int
        if let known = places[data] {
            place = known
        } else {
            place = blobs.count
            places[data] = place
            blobs.append(data.base64EncodedString())
        }
        return ["t": .text(type), "b": .number(Double(place)), "n": .number(Double(count))]
    }
}
