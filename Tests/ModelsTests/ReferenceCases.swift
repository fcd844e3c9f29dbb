import Foundation
import PhaseSpace
import Support
import Testing

/// Cases of `Reference/weight-decay.json`: 50-digit results of two independent methods.
struct ReferenceCase: Sendable, CustomTestStringConvertible {
    let id: String
    let kind: String
    let input: JSONValue
    let expected: JSONValue
    var testDescription: String { id }

    static let all: [ReferenceCase] = {
        let url = Bundle.module.url(forResource: "weight-decay", withExtension: "json", subdirectory: "Reference")!
        let document = try! JSONValue(parsing: String(contentsOf: url, encoding: .utf8))
        return document["cases"]!.list!.map {
            ReferenceCase(
                id: $0["id"]!.text!, kind: $0["kind"]!.text!, input: $0["input"]!.withNumbers,
                expected: $0["expected"]!.withNumbers)
        }
    }()
    static let deepLinear = all.filter { $0.kind == "deep_linear" }
    static let reluThresholds = all.filter { $0.kind == "relu_one_hidden_threshold" }

    /// The question that `predict` is asked for the case.
    var query: JSONValue {
        var members: [(String, JSONValue)] = [("depth", input["D"]!)]
        let names = [
            ("gamma", "gamma"), ("gammas", "gamma"), ("d0", "width"), ("widths", "width"), ("sigma2", "noise"),
            ("sigma2_layers", "noise"), ("eig_Exx", "inputVariances"), ("Exy_rot", "correlations"),
            ("Ey2", "targetSecondMoment"),
        ]
        for (theirs, ours) in names { if let value = input[theirs] { members.append((ours, value)) } }
        return .object(.init(uniqueKeysWithValues: members))
    }
}

extension JSONValue {
    /// The file keeps numbers as texts of 25 digits.
    var withNumbers: JSONValue {
        switch self {
        case .text(let s): Double(s).map(JSONValue.number) ?? self
        case .list(let elements): .list(elements.map(\.withNumbers))
        case .object(let members): .object(members.mapValues(\.withNumbers))
        default: self
        }
    }
}

func relativeDeviation(_ a: Double, _ b: Double) -> Double {
    a == b ? 0 : abs(a - b) / max(abs(a), abs(b))
}
