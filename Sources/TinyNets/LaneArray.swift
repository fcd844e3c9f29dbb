import Kernels

/// A lane-interleaved array in either precision: element i of net k stands at i · lanes + k. Aligned to 64 bytes, zero at
/// first; converted to doubles outside.
struct LaneArray {
    let memory: UnsafeMutableRawPointer
    let precision: Precision
    let lanes: Int
    let count: Int

    var byteCount: Int { Self.byteCount(count, lanes: lanes, precision) }

    static func byteCount(_ count: Int, lanes: Int, _ precision: Precision) -> Int {
        let bytes = count * lanes * (precision == .double ? 8 : 4)
        return (bytes + 63) / 64 * 64
    }

    subscript(index: Int, lane: Int) -> Double {
        get {
            precondition(index >= 0 && index < count && lane >= 0 && lane < lanes, "an element of a lane array")
            let position = index * lanes + lane
            switch precision {
            case .double: return memory.load(fromByteOffset: 8 * position, as: Double.self)
            case .single: return Double(memory.load(fromByteOffset: 4 * position, as: Float.self))
            }
        }
        nonmutating set {
            precondition(index >= 0 && index < count && lane >= 0 && lane < lanes, "an element of a lane array")
            let position = index * lanes + lane
            switch precision {
            case .double: memory.storeBytes(of: newValue, toByteOffset: 8 * position, as: Double.self)
            case .single: memory.storeBytes(of: Float(newValue), toByteOffset: 4 * position, as: Float.self)
            }
        }
    }

    func start(of index: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(memory + index * lanes * (precision == .double ? 8 : 4))
    }

    /// One net's elements.
    func values(lane: Int) -> [Double] {
        guard precision == .double else { return (0..<count).map { self[$0, lane] } }
        precondition(lane >= 0 && lane < lanes, "a lane of the array")
        let first = memory.assumingMemoryBound(to: Double.self) + lane
        return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            for i in 0..<count { buffer[i] = first[i &* lanes] }
            filled = count
        }
    }
    func set(_ values: [Double], lane: Int) {
        precondition(values.count == count, "a lane takes as many numbers as the array has elements")
        guard precision == .double else {
            for i in 0..<count { self[i, lane] = values[i] }
            return
        }
        precondition(lane >= 0 && lane < lanes, "a lane of the array")
        let first = memory.assumingMemoryBound(to: Double.self) + lane
        values.withUnsafeBufferPointer { values in
            for i in 0..<count { first[i &* lanes] = values[i] }
        }
    }
}
