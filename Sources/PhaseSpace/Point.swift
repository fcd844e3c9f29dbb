import Foundation
import Support

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
    // Four words and no text: a sweep has millions of points.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// 64 hexadecimal digits.
    public var hex: String {
        let digits = StaticString("0123456789abcdef").utf8Start
        return String(unsafeUninitializedCapacity: 64) { text in
            var at = 0
            for word in [first, second, third, fourth] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    text[at] = digits[Int(word >> UInt64(shift) & 15)]
                    at += 1
                }
            }
            return 64
        }
    }
    public var description: String { hex }

    /// - Precondition: 64 hexadecimal digits.
    public init(hex: String) {
        guard let identity = PointIdentity(ifHex: hex) else { preconditionFailure("an identity has 64 digits: \(hex)") }
        self = identity
    }

    /// An identity read back from a store; nil where the text is not 64 lower-case hexadecimal digits.
    public init?(ifHex hex: String) {
        var hex = hex
        guard let identity = hex.withUTF8({ PointIdentity(hexDigits: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = identity
    }

    /// The same from bytes of ASCII.
    public init?(hexDigits digits: UnsafeRawBufferPointer) {
        guard digits.count == 64, let start = digits.baseAddress else { return nil }
        // Once for every row of a large store: random digits would make a processor guess wrong at each branch.
        var faults: UInt8 = 0
        func word(_ index: Int) -> UInt64 {
            var word: UInt64 = 0
            for position in 16 * index..<16 * (index + 1) {
                let character = start.load(fromByteOffset: position, as: UInt8.self)
                let (digit, letter) = (character &- 0x30, character &- 0x61)
                let (isDigit, isLetter) = (UInt8(digit < 10 ? 1 : 0), UInt8(letter < 6 ? 1 : 0))
                faults |= 1 &- isDigit &- isLetter
                word = word << 4 | UInt64(digit &* isDigit &+ (letter &+ 10) &* isLetter)
            }
            return word
        }
        (first, second, third, fourth) = (word(0), word(1), word(2), word(3))
        guard faults == 0 else { return nil }
    }

    /// The identity of what some bytes describe.
    public init(hashing bytes: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bytes)
        let words = hash.finalized().map(UInt64.init)
        (first, second) = (words[0] << 32 | words[1], words[2] << 32 | words[3])
        (third, fourth) = (words[4] << 32 | words[5], words[6] << 32 | words[7])
    }

    /// The key of the point's random numbers: the first 64 bits of the hash.
    public var randomKey: UInt64 { first }

    public static func < (a: PointIdentity, b: PointIdentity) -> Bool {
        (a.first, a.second, a.third, a.fourth) < (b.first, b.second, b.third, b.fourth)
    }

    // A hash is as good as its first word.
    public func hash(into hasher: inout Hasher) { hasher.combine(first) }
}

/// The part of a spec that decides results and is common to all points of a sweep.
public struct Physics: Sendable, Hashable {
    public let model: String
    /// Of the model's numbers; the first one stands in no identity.
    public let revision: Int
    public let seed: UInt64
    /// The `data:` section with the model's defaults filled in; a file stands in it by the hash of its content.
    public let data: JSONValue
    /// Precision, optimiser and convergence settings.
    public let settings: JSONValue

    public init(model: String, revision: Int = 1, seed: UInt64, data: JSONValue, settings: JSONValue) {
        self.model = model
        self.revision = revision
        self.seed = seed
        self.data = data
        self.settings = settings
    }

    public var json: JSONValue {
        let plain: JSONValue = [
            "model": .text(model), "seed": .text(String(seed)), "data": data, "settings": settings,
        ]
        guard revision > 1, case .object(var members) = plain else { return plain }
        members["revision"] = .number(Double(revision))
        return .object(members)
    }

    /// The revision of a model that results rest on which describe their physics so.
    public static func revision(in physics: JSONValue) -> Int {
        physics["revision"]?.number.flatMap { Int(exactly: $0) } ?? 1
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
    /// Names of controls in canonical order.
    public let controls: [String]
    private let head: [UInt8]
    private let tail: [UInt8]
    /// The JSON that stands before each control's value.
    private let keys: [[UInt8]]

    /// - Parameters: as for `Physics.identity`.
    /// - Parameter controls: the names of the controls that every point has.
    public init(_ physics: Physics, grid: [Double]?, along: String?, controls: some Sequence<String>) {
        self.controls = controls.sorted()
        keys = self.controls.enumerated().map { i, name in
            Array(((i > 0 ? "," : "") + JSONValue.text(name).canonical + ":").utf8)
        }
        let head = "{" + (along.map { "\"along\":" + JSONValue.text($0).canonical + "," } ?? "") + "\"controls\":{"
        let grid = grid.map(JSONValue.numbers) ?? .null
        let tail = "\",\"grid\":" + grid.canonical + ",\"physics\":" + physics.json.canonical + ",\"replica\":"
        self.head = Array(head.utf8)
        self.tail = Array(tail.utf8)
    }

    public func identity(controls: [String: ControlValue], replica: Int, direction: Direction) -> PointIdentity {
        precondition(keys.count == controls.count, "every point has the same controls")
        let frame = frame(direction: direction) { Array(controls[self.controls[$0]]!.json.canonical.utf8) }
        var text: [UInt8] = []
        return Self.identity(frame, replica: replica, text: &text) { _ in preconditionFailure("all values are known") }
    }

    /// What the text of many points has in common: the bytes before each value that changes from point to point.
    public struct Frame: Sendable {
        fileprivate var pieces: [[UInt8]] = [[]]
        /// Indices into `controls` of the values that stand between the pieces.
        public fileprivate(set) var open: [Int] = []
    }

    /// - Parameter value: the canonical JSON of the control of an index into `controls`; nil where it changes.
    public func frame(direction: Direction, value: (Int) -> [UInt8]?) -> Frame {
        var frame = Frame()
        frame.pieces[0] += head
        for (index, key) in keys.enumerated() {
            frame.pieces[frame.open.count] += key
            if let value = value(index) {
                frame.pieces[frame.open.count] += value
            } else {
                frame.open.append(index)
                frame.pieces.append([])
            }
        }
        frame.pieces[frame.open.count] += "},\"direction\":\"".utf8
        frame.pieces[frame.open.count] += direction.rawValue.utf8
        frame.pieces[frame.open.count] += tail
        return frame
    }

    /// The identity of a point in a frame.
    /// - Parameters:
    ///   - text: room that is used again and again.
    ///   - value: the canonical JSON of the frame's open value of an index into `Frame.open`.
    public static func identity(
        _ frame: Frame, replica: Int, text: inout [UInt8], value: (Int) -> [UInt8]
    ) -> PointIdentity {
        text.removeAll(keepingCapacity: true)
        for index in frame.open.indices {
            text += frame.pieces[index]
            text += value(index)
        }
        text += frame.pieces[frame.open.count]
        text += String(replica).utf8
        text.append(UInt8(ascii: "}"))
        return text.withUnsafeBytes { PointIdentity(hashing: $0) }
    }
}
