/// An array of numbers in the IDX format of the MNIST files: two zero bytes, a type code, the number of dimensions, the
/// dimensions as 32-bit numbers, then the elements; the most significant byte first.
/// Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", file formats.
package struct IDXFile: Sendable {
    package let dimensions: [Int]
    /// The last dimension varies fastest.
    package let values: [Double]

    /// Whether a file begins as one in this format does.
    static func isBegun(by bytes: [UInt8]) -> Bool { bytes.starts(with: [0, 0]) }
    private static let compressed: [UInt8] = [0x1F, 0x8B]

    /// - Throws: `DataFileError` with the offset of the first byte that is wrong.
    package init(_ bytes: [UInt8], file: String) throws(DataFileError) {
        func refusal(_ offset: Int, _ message: String) -> DataFileError {
            DataFileError(file: file, .byte(offset), message: message)
        }
        if bytes.starts(with: Self.compressed) {
            throw refusal(0, "the file is compressed; unpack it first (gunzip)")
        }
        guard Self.isBegun(by: bytes) else { throw refusal(0, "an IDX file begins with two zero bytes") }
        guard bytes.count >= 4, let type = ElementType(rawValue: bytes[2]) else {
            throw refusal(2, "no IDX element type; there are 8, 9, 11, 12, 13 and 14")
        }
        let rank = Int(bytes[3])
        guard (1...8).contains(rank) else { throw refusal(3, "the file has \(rank) dimensions; 1 to 8 are read") }
        let start = 4 + 4 * rank
        guard bytes.count >= start else { throw refusal(bytes.count, "the file ends within its list of dimensions") }
        var dimensions: [Int] = []
        var size = type.size
        for d in 0..<rank {
            let length = Int(Self.word(bytes, at: 4 + 4 * d, size: 4))
            let (product, overflow) = size.multipliedReportingOverflow(by: length)
            guard length > 0, !overflow else { throw refusal(4 + 4 * d, "no size of an array: \(length)") }
            dimensions.append(length)
            size = product
        }
        guard bytes.count - start >= size else {
            throw refusal(
                bytes.count,
                "the file ends too early: \(size) bytes of elements belong here, there are "
                    + "\(bytes.count - start)")
        }
        guard bytes.count - start == size else {
            throw refusal(start + size, "\(bytes.count - start - size) bytes follow the last element")
        }
        var values: [Double] = []
        values.reserveCapacity(size / type.size)
        for offset in stride(from: start, to: bytes.count, by: type.size) {
            let x = type.value(Self.word(bytes, at: offset, size: type.size))
            guard abs(x) <= DataFileError.largestNumber else {
                throw refusal(offset, "the element is not finite, or beyond ±\(DataFileError.largestNumber)")
            }
            values.append(x)
        }
        self.dimensions = dimensions
        self.values = values
    }

    private static func word(_ bytes: [UInt8], at offset: Int, size: Int) -> UInt64 {
        bytes[offset..<offset + size].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private enum ElementType: UInt8 {
        case unsignedByte = 0x08
        case signedByte = 0x09
        case short = 0x0B
        case int = 0x0C
        case float = 0x0D
        case double = 0x0E

        var size: Int {
            switch self {
            case .unsignedByte, .signedByte: 1
            case .short: 2
            case .int, .float: 4
            case .double: 8
            }
        }

        func value(_ word: UInt64) -> Double {
            switch self {
            case .unsignedByte: Double(word)
            case .signedByte: Double(Int8(truncatingIfNeeded: word))
            case .short: Double(Int16(truncatingIfNeeded: word))
            case .int: Double(Int32(truncatingIfNeeded: word))
            case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
            case .double: Double(bitPattern: word)
            }
        }
    }
}

extension RegressionTable {
    /// Images and their labels from two IDX files, one row per image.
    /// - Parameter pool: images are averaged over blocks of this many pixels squared, so that they fit a small net.
    /// - Throws: `DataFileError`.
    package init(
        images: [UInt8], file: String, labels: [UInt8], labelFile: String, pool: Int
    ) throws(DataFileError) {
        let pixels = try IDXFile(images, file: file)
        let marks = try IDXFile(labels, file: labelFile)
        guard marks.dimensions.count == 1 else {
            throw DataFileError(
                file: labelFile, .byte(3), message: "labels have one dimension, this file has \(marks.dimensions.count)"
            )
        }
        guard marks.dimensions[0] == pixels.dimensions[0] else {
            throw DataFileError(
                file: labelFile, .byte(4),
                message: "holds \(marks.dimensions[0]) labels for the \(pixels.dimensions[0]) rows of \(file)")
        }
        guard pixels.dimensions[0] >= 2 else {
            throw DataFileError(file: file, .byte(4), message: "holds one row only")
        }
        let shape = Array(pixels.dimensions.dropFirst())
        guard pool > 1 else {
            let columns = shape.reduce(1, *)
            self.init(
                inputNames: (0..<columns).map { "pixel \($0)" }, inputs: pixels.values, targets: marks.values)
            return
        }
        guard shape.count == 2, shape.allSatisfy({ $0 % pool == 0 }) else {
            let size = shape.map(String.init).joined(separator: " × ")
            throw DataFileError(
                file: file, .byte(4),
                message: "`pool` \(pool) must divide the sides of the images, which are \(size)")
        }
        let (height, width) = (shape[0] / pool, shape[1] / pool)
        var inputs: [Double] = []
        inputs.reserveCapacity(pixels.dimensions[0] * height * width)
        for image in 0..<pixels.dimensions[0] {
            for row in 0..<height {
                for column in 0..<width {
                    var sum = 0.0
                    for y in row * pool..<(row + 1) * pool {
                        let first = (image * shape[0] + y) * shape[1] + column * pool
                        for value in pixels.values[first..<first + pool] { sum += value }
                    }
                    inputs.append(sum / Double(pool * pool))
                }
            }
        }
        self.init(
            inputNames: (0..<height * width).map { "pixel \($0)" }, inputs: inputs, targets: marks.values)
    }
}
