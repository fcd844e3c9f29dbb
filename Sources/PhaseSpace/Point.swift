import Crypto
import Foundation

/// How a point is reached.
public enum Direction: String, Sendable, CaseIterable, Hashable {
    /// From fresh initial weights.
    case cold
    /// From the minimum found at the next lower value of the swept control.
    case up
    /// From the minimum found at the next higher value of the swept control.
    case down
    /// Followed along a branch of stationary points.
    case branch

    /// Whether points hang together in one chain along the swept axis.
    public var isWarm: Bool { self == .up || self == .down }
}

/// One value for every control parameter, a replica number and a direction.
public struct Point: Sendable, Hashable {
    /// Every control of the model, defaults filled in.
    public let controls: [String: ControlValue]
    /// From 0. A replica has its own initial weights and, where the model draws data, its own data.
    public let replica: Int
    public let direction: Direction
    public let identity: PointIdentity

    public init(controls: [String: ControlValue], replica: Int, direction: Direction, identity: PointIdentity) {
        self.controls = controls
        self.replica = replica
        self.direction = direction
        self.identity = identity
    }

    /// The value of a control that is a single number.
    /// - Throws: `ControlError` where the control is missing or no number.
    public func number(_ name: String) throws(ControlError) -> Double {
        guard let x = controls[name]?.number else {
            throw ControlError(control: name, message: "`\(name)` must be a single number here")
        }
        return x
    }
}

/// SHA-256 over everything that decides a point's result. Equal identities mean bit-identical observations.
public struct PointIdentity: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 64 hexadecimal digits.
    public let hex: String
    public var description: String { hex }

    /// An identity read back from a store.
    public init(hex: String) { self.hex = hex }

    /// The key of the point's random numbers: the first 64 bits of the hash.
    public var randomKey: UInt64 { UInt64(hex.prefix(16), radix: 16)! }

    public static func < (a: PointIdentity, b: PointIdentity) -> Bool { a.hex < b.hex }
}

/// The part of a spec that decides results and is common to all points of a sweep.
public struct Physics: Sendable, Hashable {
    public let model: String
    public let seed: UInt64
    /// The `data:` section with the model's defaults filled in; a file stands in it by the hash of its content.
    public let data: JSONValue
    /// Precision, optimiser and convergence settings.
    public let settings: JSONValue

    public init(model: String, seed: UInt64, data: JSONValue, settings: JSONValue) {
        self.model = model
        self.seed = seed
        self.data = data
        self.settings = settings
    }

    public var json: JSONValue {
        ["model": .text(model), "seed": .text(String(seed)), "data": data, "settings": settings]
    }

    /// - Parameter grid: the values of the swept axis for a point of a warm chain (the chain's history decides the
    ///   result, so the grid is part of the identity); nil for a point on its own.
    /// - Parameter along: the swept axis of a warm chain: two axes may have equal grids.
    public func identity(
        controls: [String: ControlValue], replica: Int, direction: Direction, grid: [Double]?, along: String? = nil
    ) -> PointIdentity {
        IdentityForm(self, grid: grid, along: along, controls: controls.keys)
            .identity(controls: controls, replica: replica, direction: direction)
    }
}

/// What the identities of many points have in common, written once: a sweep has millions of points.
///
/// The text that is hashed is the canonical JSON of `{along, controls, direction, grid, physics, replica}`.
public struct IdentityForm: Sendable {
    private let head: String
    private let tail: String
    /// Names of controls in canonical order, with the JSON that stands before their values.
    private let keys: [(name: String, text: String)]

    /// - Parameters: as for `Physics.identity`.
    /// - Parameter controls: the names of the controls that every point has.
    public init(_ physics: Physics, grid: [Double]?, along: String?, controls: some Sequence<String>) {
        keys = controls.sorted().enumerated().map { i, name in
            (name, (i > 0 ? "," : "") + JSONValue.text(name).canonical + ":")
        }
        head = "{" + (along.map { "\"along\":" + JSONValue.text($0).canonical + "," } ?? "") + "\"controls\":{"
        let grid = grid.map(JSONValue.numbers) ?? .null
        tail = "\",\"grid\":" + grid.canonical + ",\"physics\":" + physics.json.canonical + ",\"replica\":"
    }

    public func identity(controls: [String: ControlValue], replica: Int, direction: Direction) -> PointIdentity {
        var text = head
        text.reserveCapacity(head.utf8.count + tail.utf8.count + 40 * controls.count + 40)
        precondition(keys.count == controls.count, "every point has the same controls")
        for key in keys {
            text += key.text
            text += controls[key.name]!.json.canonical
        }
        text += "},\"direction\":\""
        text += direction.rawValue
        text += tail
        text += String(replica)
        text += "}"
        return PointIdentity(hex: sha256(text))
    }
}

/// SHA-256 of a text as 64 hexadecimal digits.
public func sha256(_ text: String) -> String {
    var text = text
    return text.withUTF8 { bytes in
        var hash = SHA256()
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        return hexadecimal(hash.finalize())
    }
}

private func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 64) { text in
        for (i, byte) in digest.enumerated() {
            text[2 * i] = digits[Int(byte >> 4)]
            text[2 * i + 1] = digits[Int(byte & 15)]
        }
        return 64
    }
}

/// SHA-256 of some bytes as 64 hexadecimal digits.
public func sha256(_ bytes: Data) -> String {
    hexadecimal(SHA256.hash(data: bytes))
}
