import Foundation
import Support

/// A message of a program, as far as Landau knows its members; others are ignored, so that messages may grow.
enum ProgramMessage {
    case model(JSONValue)
    case unavailable(String)
    case ready(Ready)
    case refused(key: String, message: String)
    case point(PointAnswer)
    case progress(Progress)
    case save(Save)
    case log(level: String, message: String)
    case failed(Failure)
    case done(batch: Int)
    case theory(id: String, values: [String: Double])
    case values(Evaluation)
    case stopped
    /// Of a type that this version does not know.
    case unknown(String)

    struct Ready: Decodable {
        var fingerprint: String?
        var device: String?
        var versions: [String: String]?
    }
    struct PointAnswer: Decodable {
        let id: String
        var outcome: String
        var reason: String?
        var values: [String: Double?]?
        var series: [String: [Double?]]?
        var theta: String?
        var seconds: Double?
    }
    struct Progress: Decodable {
        let id: String
        var step: Double?
        var of: Double?
        var values: [String: Double?]?
    }
    struct Save: Decodable {
        let chain: String
        let done: Double
        let state: String
    }
    struct Failure: Decodable {
        let points: [String]
        let message: String
        var traceback: String?
    }
    struct Evaluation: Decodable {
        let id: Double
        var loss: Double?
        var controlDerivative: Double?
        var gradient: String?
        var hessianAction: [String]?
        var controlGradient: String?
        var observables: [String: Double?]?
    }
    private struct Theory: Decodable {
        let id: String
        var values: [String: Double?]?
    }
    private struct Head: Decodable {
        let type: String
        var message: String?
        var key: String?
        var level: String?
        var batch: Double?
    }

    /// Nil for a line that is no object with a `type`: it belongs to the log.
    /// - Throws: `Mistake` for an object that is no JSON, or a message with a member of the wrong kind.
    init?(line: [UInt8]) throws(Mistake) {
        guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }), first == UInt8(ascii: "{") else {
            return nil
        }
        let data = Data(line)
        let head: Head
        do { head = try Self.decoder.decode(Head.self, from: data) } catch {
            // An object without a text as its `type` is somebody's print; what is no JSON is most likely meant for us.
            if (try? JSONSerialization.jsonObject(with: data)) != nil { return nil }
            throw Mistake(text: Self.whyNoJSON(line, error))
        }
        func decoded<T: Decodable>(_ kind: T.Type) throws(Mistake) -> T {
            do { return try Self.decoder.decode(kind, from: data) } catch {
                throw Mistake(text: "a message of type `\(head.type)` \(Self.fault(error))")
            }
        }
        switch head.type {
        case "model":
            do throws(JSONError) { self = .model(try JSONValue(parsing: String(decoding: line, as: UTF8.self))) } catch
            {
                throw Mistake(text: error.description)
            }
        case "unavailable": self = .unavailable(head.message ?? "no reason given")
        case "ready": self = .ready(try decoded(Ready.self))
        case "refused": self = .refused(key: head.key ?? "", message: head.message ?? "no reason given")
        case "point": self = .point(try decoded(PointAnswer.self))
        case "progress": self = .progress(try decoded(Progress.self))
        case "save": self = .save(try decoded(Save.self))
        case "log": self = .log(level: head.level ?? "warning", message: head.message ?? "")
        case "failed": self = .failed(try decoded(Failure.self))
        case "done": self = .done(batch: try Self.whole(head.batch, "batch", type: "done"))
        case "theory":
            let theory = try decoded(Theory.self)
            self = .theory(id: theory.id, values: (theory.values ?? [:]).compactMapValues { $0 })
        case "values": self = .values(try decoded(Evaluation.self))
        case "stopped": self = .stopped
        default: self = .unknown(head.type)
        }
    }

    /// What is wrong with a line, as a sentence without its subject.
    struct Mistake: Error {
        let text: String
    }

    private static let decoder = JSONDecoder()

    /// - Throws: `Mistake` for a number that is missing, no whole number, or 2⁵³ and beyond, where doubles have gaps.
    static func whole(_ x: Double?, _ member: String, type: String) throws(Mistake) -> Int {
        guard let x, x == x.rounded(), abs(x) < 0x1p53 else {
            let found = x.map { "\($0)" } ?? "missing"
            throw Mistake(
                text: "a message of type `\(type)` needs `\(member)`, a whole number below 2^53; it is \(found)")
        }
        return Int(x)
    }

    private static func whyNoJSON(_ line: [UInt8], _ error: any Error) -> String {
        let text = String(decoding: line, as: UTF8.self)
        for word in ["NaN", "Infinity", "inf", "nan"] {
            if let place = text.range(of: word) {
                let column = text.distance(from: text.startIndex, to: place.lowerBound) + 1
                return "a line is no JSON: `\(word)` at column \(column); leave out what is not finite"
            }
        }
        if String(validating: line, as: UTF8.self) == nil { return "a line is not text in UTF-8" }
        let detail = ((error as? DecodingError)?.underlying as NSError?)?.userInfo["NSDebugDescription"] as? String
        return "a line begins with `{` and is no JSON: \(detail ?? "\(error)")"
    }

    private static func fault(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "cannot be read: \(error)" }
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, _): return "lacks `\(key.stringValue)`"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "has a value of the wrong kind at `\(path(context))`"
        case .dataCorrupted(let context): return "cannot be read: \(context.debugDescription)"
        @unknown default: return "cannot be read"
        }
    }
}

extension DecodingError {
    fileprivate var underlying: (any Error)? {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context.underlyingError
        @unknown default: nil
        }
    }
}
