import Foundation

/// Named arrays as NumPy's `.npz`: a zip of `.npy` files, nothing compressed. Equal arrays give equal bytes.
///
/// Format: numpy.lib.format, version 1.0; zip without extensions, so that the whole must stay below 4 GB and 65,535
/// arrays.
public struct NumPyArchive: Sendable {
    public enum Content: Sendable {
        case numbers([Double])
        case integers([Int])
        case texts([String])
    }

    private var bytes = Data()
    private var directory = Data()
    private var count = 0

    public init() {}

    /// - Parameter shape: row-major; its product is the number of elements.
    /// - Throws: `NumPyArchiveError` where the archive would be too large.
    public mutating func add(_ name: String, shape: [Int], _ content: Content) throws(NumPyArchiveError) {
        let entry = Self.file(shape: shape, content)
        let file = Data((name + ".npy").utf8)
        guard bytes.count + entry.count + file.count + directory.count < Int(UInt32.max) - (1 << 20), count < 0xFFFE
        else { throw NumPyArchiveError() }
        // Version 2.0, no flags but UTF-8 names, stored, 1980-01-01.
        var common = Data()
        common.append(little: [20, 0x0800, 0, 0, 0x0021] as [UInt16])
        common.append(little: [crc32(entry), UInt32(entry.count), UInt32(entry.count)] as [UInt32])
        common.append(little: [UInt16(file.count), 0] as [UInt16])
        directory.append(little: [0x0201_4B50] as [UInt32])
        directory.append(little: [20] as [UInt16])
        directory.append(common)
        directory.append(little: [0, 0, 0] as [UInt16])
        directory.append(little: [0, UInt32(bytes.count)] as [UInt32])
        directory.append(file)
        bytes.append(little: [0x0403_4B50] as [UInt32])
        bytes.append(common)
        bytes.append(file)
        bytes.append(entry)
        count += 1
    }

    /// The archive with all that was added.
    public var data: Data {
        var end = Data()
        end.append(little: [0x0605_4B50] as [UInt32])
        end.append(little: [0, 0, UInt16(count), UInt16(count)] as [UInt16])
        end.append(little: [UInt32(directory.count), UInt32(bytes.count)] as [UInt32])
        end.append(little: [0] as [UInt16])
        return bytes + directory + end
    }

    private static func file(shape: [Int], _ content: Content) -> Data {
        var body = Data()
        let kind: String
        switch content {
        case .numbers(let values):
            kind = "<f8"
            body.append(little: values.map(\.bitPattern))
        case .integers(let values):
            kind = "<i8"
            body.append(little: values.map { UInt64(bitPattern: Int64($0)) })
        case .texts(let values):
            let scalars = values.map { $0.unicodeScalars.map(\.value) }
            let width = max(1, scalars.map(\.count).max() ?? 1)
            kind = "<U\(width)"
            for text in scalars { body.append(little: text + Array(repeating: 0, count: width - text.count)) }
        }
        let sizes = shape.map { "\($0)," }.joined(separator: " ")
        let text = "{'descr': '\(kind)', 'fortran_order': False, 'shape': (\(sizes)), }"
        // The header ends at a multiple of 64 bytes.
        let padded = text + String(repeating: " ", count: (64 - (10 + text.utf8.count + 1) % 64) % 64) + "\n"
        var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
        data.append(little: [UInt16(padded.utf8.count)])
        return data + Data(padded.utf8) + body
    }
}

/// An archive of more than 4 GB or 65,535 arrays.
public struct NumPyArchiveError: Error, CustomStringConvertible {
    public var description: String { "an .npz holds at most 4 GB and 65,534 arrays; choose fewer points" }
}

extension Data {
    fileprivate mutating func append(little numbers: [some FixedWidthInteger]) {
        numbers.map(\.littleEndian).withUnsafeBytes { append(contentsOf: $0) }
    }
}

/// The checksum of zip archives (ISO 3309).
private func crc32(_ data: Data) -> UInt32 {
    ~data.reduce(~0) { sum, byte in crcTable[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
}

private let crcTable: [UInt32] = (0..<256).map { start in
    (0..<8).reduce(UInt32(start)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
}
