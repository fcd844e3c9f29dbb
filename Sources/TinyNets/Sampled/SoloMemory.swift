import CLanes
import Kernels

/// The memory of a `SoloNet` in its kernel's precision, and what the kernel sees of it.
final class SoloMemory {
    /// Rows of a matrix without padding between them: where they start among plain and among padded numbers.
    struct Row {
        let plain: Int
        let padded: Int
        let count: Int
    }

    let description: UnsafeMutablePointer<cl_solo_net>
    let paddedCount: Int
    let rows: [Row]
    let precision: Precision
    let point: LaneArray
    let preactivations: LaneArray
    let values: LaneArray
    let outputAdjoints: LaneArray
    let coefficients: LaneArray
    /// A gradient, and where single precision needs them, copies of vectors that go in and out.
    let result: LaneArray
    private let input: LaneArray
    private let grams: LaneArray
    private let memory: UnsafeMutableRawPointer
    private let indices: UnsafeMutablePointer<Int>
    private let samples: Int
    let sampleStride: Int
    private let unitOffsets: [Int]

    init(shape: SampledNetShape, data: SampledData, kernel: SoloKernel) {
        let widths = shape.allWidths
        let layers = shape.layerCount
        precision = kernel.precision
        let grain = precision == .double ? 8 : 16
        func padded(_ count: Int) -> Int { (count + grain - 1) / grain * grain }
        func offsets(_ sizes: [Int]) -> [Int] { sizes.reduce(into: [0]) { $0.append($0.last! + $1) } }
        samples = data.count
        sampleStride = padded(data.count)
        let strides = widths.map(padded)
        let weightOffsets = offsets((0..<layers).map { strides[$0] * widths[$0 + 1] })
        unitOffsets = offsets(strides.map { [sampleStride] in $0 * sampleStride })
        paddedCount = weightOffsets[layers]
        rows = (0..<layers).reduce(into: []) { rows, l in
            for unit in 0..<widths[l + 1] {
                let row = Row(
                    plain: shape.layerOffsets[l] + unit * widths[l], padded: weightOffsets[l] + unit * strides[l],
                    count: widths[l])
                if let last = rows.last, last.padded + last.count == row.padded {
                    rows[rows.count - 1] = Row(plain: last.plain, padded: last.padded, count: last.count + row.count)
                } else {
                    rows.append(row)
                }
            }
        }

        let units = unitOffsets[layers + 1]
        let sizes =
            Array(repeating: paddedCount, count: 4) + Array(repeating: units, count: 11)
            + [sampleStride, 3 * samples * sampleStride]
        let bytes = sizes.map { [precision] in LaneArray.byteCount($0, lanes: 1, precision) }
        let total = bytes.reduce(0, +)
        memory = .allocate(byteCount: total, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: total)
        var cursor = memory
        var arrays: [LaneArray] = []
        for (size, byteCount) in zip(sizes, bytes) {
            arrays.append(LaneArray(memory: cursor, precision: precision, lanes: 1, count: size))
            cursor += byteCount
        }
        (point, result, input) = (arrays[0], arrays[2], arrays[3])
        (preactivations, values, outputAdjoints) = (arrays[4], arrays[5], arrays[7])
        (coefficients, grams) = (arrays[15], arrays[16])

        let all = widths + strides + weightOffsets + unitOffsets
        indices = .allocate(capacity: all.count)
        indices.initialize(from: all, count: all.count)
        let rule = shape.activation.kernelRule
        let places = indices + 2 * (layers + 1)
        description = .allocate(capacity: 1)
        description.initialize(
            to: cl_solo_net(
                layers: layers, widths: indices, strides: indices + (layers + 1), samples: samples,
                sample_stride: sampleStride, weight_offsets: places, unit_offsets: places + (layers + 1),
                turned_offsets: places + (layers + 1), activation: rule.code, upper_slope: rule.upper,
                lower_slope: rule.lower, point: point.memory, direction: arrays[1].memory,
                preactivations: preactivations.memory, values: values.memory, slopes: arrays[6].memory,
                output_adjoints: outputAdjoints.memory, adjoints: arrays[8].memory,
                curved_adjoints: shape.activation == .tanh ? arrays[9].memory : nil,
                value_tangents: arrays[10].memory, adjoint_tangents: arrays[11].memory,
                curved_tangents: arrays[12].memory, turned_values: arrays[13].memory,
                turned_tangents: arrays[14].memory, grams: grams.memory))

        for s in 0..<samples {
            for j in 0..<data.inputs {
                values[j * sampleStride + s, 0] = data.features[s * data.inputs + j]
                arrays[13][s * strides[0] + j, 0] = data.features[s * data.inputs + j]
            }
            outputAdjoints[unitOffsets[layers] + s, 0] = 1
        }
    }

    deinit {
        description.deallocate()
        indices.deallocate()
        memory.deallocate()
    }

    /// Where a unit's samples start in an array of units; l = 0 is the input.
    func start(layer l: Int, unit: Int) -> Int { unitOffsets[l] + unit * sampleStride }

    func setCoefficients(_ numbers: [Double]) {
        precondition(numbers.count == samples, "one coefficient for each sample")
        for s in 0..<samples { coefficients[s, 0] = numbers[s] }
    }

    // MARK: - Padded vectors of doubles

    /// What the kernel reads for a vector.
    func source(_ vector: UnsafePointer<Double>) -> UnsafeRawPointer {
        guard precision == .single else { return UnsafeRawPointer(vector) }
        for i in 0..<paddedCount { input[i, 0] = vector[i] }
        return UnsafeRawPointer(input.memory)
    }

    /// Where the kernel writes one; `finish` then has it there.
    func target(_ vector: UnsafeMutablePointer<Double>) -> UnsafeMutableRawPointer {
        precision == .single ? result.memory : UnsafeMutableRawPointer(vector)
    }

    func finish(_ vector: UnsafeMutablePointer<Double>) {
        guard precision == .single else { return }
        for i in 0..<paddedCount { vector[i] = result[i, 0] }
    }

    // MARK: - Plain numbers

    func setPoint(_ weights: [Double]) {
        guard precision == .double else {
            for row in rows { for i in 0..<row.count { point[row.padded + i, 0] = weights[row.plain + i] } }
            return
        }
        let to = point.memory.assumingMemoryBound(to: Double.self)
        weights.withUnsafeBufferPointer { from in
            for row in rows { (to + row.padded).update(from: from.baseAddress! + row.plain, count: row.count) }
        }
    }

    /// The result in the shape's layout.
    func plainResult(count: Int) -> [Double] {
        guard precision == .double else {
            return rows.flatMap { row in (0..<row.count).map { result[row.padded + $0, 0] } }
        }
        let from = result.memory.assumingMemoryBound(to: Double.self)
        return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            for row in rows {
                (buffer.baseAddress! + row.plain).update(from: from + row.padded, count: row.count)
            }
            filled = count
        }
    }

    /// Where the kernel leaves a matrix of samples × samples, after the scratch that it needs.
    var kernelResult: UnsafeMutableRawPointer {
        grams.memory + 2 * samples * sampleStride * (precision == .double ? 8 : 4)
    }

    /// That matrix without its padding.
    func samplesBySamples() -> [Double] {
        let first = 2 * samples * sampleStride
        return [Double](unsafeUninitializedCapacity: samples * samples) { buffer, filled in
            if precision == .double {
                let from = grams.memory.assumingMemoryBound(to: Double.self) + first
                let to = buffer.baseAddress!
                for s in 0..<samples { (to + s * samples).update(from: from + s * sampleStride, count: samples) }
            } else {
                for s in 0..<samples {
                    for t in 0..<samples { buffer[s * samples + t] = grams[first + s * sampleStride + t, 0] }
                }
            }
            filled = samples * samples
        }
    }
}
