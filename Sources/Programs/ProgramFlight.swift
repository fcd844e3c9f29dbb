import Foundation
import OrderedCollections
import PhaseSpace
import Support

/// A chain that a program trains: which points were answered, what was saved, what is to be skipped.
struct ProgramFlight {
    let chain: Chain
    /// Short and unique within a store; names of saved states begin with it.
    let name: String
    private(set) var answered: Set<Int> = []
    /// Points that an earlier run recorded: to hear of them again is no fault.
    private(set) var known: Set<Int> = []
    /// Points that the program is to walk over without training.
    var skipped: Set<Int> = []
    /// How often the program has ended at a point.
    var crashes: [Int: Int] = [:]
    /// The newest saved state, and how many points it is past.
    var state: (name: String, done: Int)?
    /// Values of the swept control behind which the chain went on without having trained there.
    private(set) var gaps: [ControlValue] = []
    /// Answers with weights, whose minima are sought when the program has said all: it answers one thing at a time.
    private(set) var pending: [Int: ProgramMessage.PointAnswer] = [:]
    /// Whether somebody else takes the pending answers.
    var isHeld = false

    /// - Parameter folder: where states are saved.
    init(_ chain: Chain, checkpoint: [UInt8]?, folder: String) {
        self.chain = chain
        name = String(chain.identity.hex.prefix(16))
        guard let checkpoint, let json = try? JSONValue(parsing: String(decoding: checkpoint, as: UTF8.self)),
            let state = json["state"]?.text, let done = json["done"]?.number.flatMap({ Int(exactly: $0) }),
            (1...chain.points.count).contains(done)
        else { return }
        // Without the file the chain is trained from its beginning; what was recorded stands.
        if FileManager.default.fileExists(atPath: folder + "/" + state) { self.state = (state, done) }
        answered = Set(0..<done)
        known = answered
        gaps = (json["gaps"]?.list ?? []).compactMap(ControlValue.init)
    }

    var checkpoint: [UInt8] {
        guard let state else { return [] }
        let json: JSONValue = [
            "state": .text(state.name), "done": .number(Double(state.done)), "gaps": .list(gaps.map(\.json)),
        ]
        return Array(json.serialized(numbers: .shortest).utf8)
    }

    /// A new process begins: what it answers once more is no fault.
    mutating func begin() { known.formUnion(answered.union(pending.keys)) }

    var isFinished: Bool { answered.count + (isHeld ? pending.count : 0) == chain.points.count }
    /// The first point without an answer: where the program is, or was when it ended. When all are answered, the first one
    /// whose minimum is being sought.
    var current: Int? {
        chain.points.indices.first { !answered.contains($0) && pending[$0] == nil } ?? pending.keys.min()
    }

    func value(at index: Int) -> ControlValue { chain.points[index].controls[chain.axis] ?? .number(0) }

    /// - Returns: false where the point had been answered before.
    mutating func answer(_ index: Int, failed: Bool) -> Bool {
        if failed { gaps.append(value(at: index)) }
        pending[index] = nil
        return answered.insert(index).inserted
    }

    /// - Returns: false where the point had been answered before.
    mutating func postpone(_ index: Int, _ answer: ProgramMessage.PointAnswer) -> Bool {
        guard !answered.contains(index), pending[index] == nil else { return false }
        pending[index] = answer
        return true
    }

    /// `continued past γ = …` behind a point that failed; empty in chains of one point and before it.
    func gapReason(at index: Int) -> String {
        guard chain.points.count > 1, let gap = gaps.last else { return "" }
        return "continued past \(chain.axis) = \(gap)"
    }

    func id(of index: Int) -> String { "\(name).\(index)" }

    /// The index of a point's id in this chain; nil for an id that is none of its points'.
    func index(ofPoint id: String) -> Int? {
        guard id.hasPrefix(name + "."), let index = Int(id.dropFirst(name.count + 1)),
            chain.points.indices.contains(index)
        else { return nil }
        return index
    }

    // MARK: - The message

    /// Branches are Landau's own affair: their points are fresh starts.
    private var direction: Direction { chain.direction == .branch ? .cold : chain.direction }

    /// - Parameter flags: names of the controls that are truth values in the protocol.
    func json(seed: UInt64, flags: Set<String> = []) -> JSONValue {
        var members: OrderedDictionary<String, JSONValue> = [
            "id": .text(name), "direction": .text(direction.rawValue), "along": .text(chain.axis),
            "skip": .list(skipped.sorted().map { .text(id(of: $0)) }),
            "points": .list(
                chain.points.indices.map { index in
                    let point = chain.points[index]
                    return [
                        "id": .text(id(of: index)),
                        "controls": .object(
                            OrderedDictionary(
                                uniqueKeysWithValues: point.controls.sorted { $0.key < $1.key }.map {
                                    ($0.key, flags.contains($0.key) ? .bool($0.value.text == "true") : $0.value.json)
                                })),
                        "replica": .number(Double(point.replica)), "seeds": Self.seeds(of: point, seed: seed),
                    ]
                }),
        ]
        if let state { members["resume"] = ["state": .text(state.name), "done": .number(Double(state.done))] }
        return .object(members)
    }

    /// `data` and `init` are the same along a curve: one replica is one data set and one beginning.
    static func seeds(of point: Point, seed: UInt64) -> JSONValue {
        func key(_ purpose: String) -> JSONValue {
            let identity = "\(purpose) \(seed) \(point.replica)".utf8.withContiguousStorageIfAvailable {
                PointIdentity(hashing: UnsafeRawBufferPointer($0))
            }
            return whole(identity?.randomKey ?? 0)
        }
        return ["data": key("data"), "init": key("init"), "point": whole(point.identity.randomKey)]
    }

    /// Whole numbers of JSON are exact below 2⁵³ only, and written without an exponent or a decimal point below 10¹⁵:
    /// 49 bits are left, of which generators of other languages often take 32 and fold the rest.
    private static func whole(_ x: UInt64) -> JSONValue { .number(Double(x >> 15)) }
}
