import Foundation
import OrderedCollections
import Support

/// A case of the 50-digit reference of deep linear nets: as a question to `predict`, and as the page's script takes it.
struct RidgeCase {
    let question: JSONValue
    private let id: String
    private let depth: Double
    private let gammas: [Double]
    private let inPage: OrderedDictionary<String, JSONValue>

    static func all() throws -> [RidgeCase] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../ModelsTests/Reference/weight-decay.json")
        let document = try JSONValue(parsing: String(contentsOf: file, encoding: .utf8))
        return (document["cases"]?.list ?? []).filter { $0["kind"] == "deep_linear" }.map(RidgeCase.init)
    }

    private init(_ entry: JSONValue) {
        let input = Self.numbers(entry["input"]!)
        func list(_ names: String...) -> [Double] {
            names.lazy.compactMap { input[$0] }.map { $0.numbers ?? [$0.number!] }.first ?? []
        }
        id = entry["id"]!.text!
        depth = input["D"]!.number!
        gammas = list("gamma", "gammas")
        let names = [
            ("D", "depth"), ("gamma", "gamma"), ("gammas", "gamma"), ("d0", "width"), ("widths", "width"),
            ("sigma2", "noise"), ("sigma2_layers", "noise"), ("eig_Exx", "inputVariances"),
            ("Exy_rot", "correlations"), ("Ey2", "targetSecondMoment"),
        ]
        question = .object(
            OrderedDictionary(
                uniqueKeysWithValues: names.compactMap { theirs, ours in input[theirs].map { (ours, $0) } }))
        let layers = Int(depth)
        func perLayer(_ values: [Double]) -> [Double] {
            values.count == 1 ? Array(repeating: values[0], count: layers) : values
        }
        let kappa = zip(perLayer(list("sigma2", "sigma2_layers")), perLayer(list("d0", "widths"))).reduce(1) {
            $0 * (1 + $1.0 / $1.1)
        }
        let modes = zip(list("eig_Exx"), list("Exy_rot")).filter { $0.1 != 0 }
        let decay = exp(gammas.map { log($0) }.reduce(0, +) / Double(gammas.count))
        inPage = [
            "id": .text(id), "depth": .number(depth), "alphas": .numbers(modes.map { $0.0 * kappa }),
            "weights": .numbers(modes.map { $0.1 * $0.1 }), "target": input["Ey2"]!, "decay": .number(decay),
        ]
    }

    /// The case with what `predict` says of it.
    func expecting(_ answer: JSONValue) -> JSONValue {
        let points = ((answer["minima"]?.list ?? []) + (answer["unstable"]?.list ?? []))
            .compactMap { point -> (norm: Double, loss: Double)? in
                let norm = point["layerSquaredNorm"]?.number ?? 0
                return norm > 0 ? (norm, point["freeEnergy"]!.number!) : nil
            }.sorted { $0.norm < $1.norm }
        var expected: OrderedDictionary<String, JSONValue> = [
            "loss": answer["freeEnergy"]!,
            "branches": .list(points.map { [.number($0.loss), .number((depth + 1) * $0.norm)] }),
            "transition": answer["transition"]?["order"] == "none" ? .null : answer["transition"]?["gamma"] ?? .null,
        ]
        // Where γ differs by layer, `predict` differentiates by something else.
        if Set(gammas).count == 1 {
            expected["slope"] = answer["freeEnergySlope"]!
            expected["curvature"] = answer["freeEnergyCurvature"]!
        } else {
            expected.removeValue(forKey: "transition")
        }
        return .object(inPage.merging(["expected": .object(expected)]) { $1 })
    }

    /// The file keeps numbers as texts of 25 digits.
    private static func numbers(_ value: JSONValue) -> JSONValue {
        switch value {
        case .text(let text): Double(text).map(JSONValue.number) ?? value
        case .list(let elements): .list(elements.map(numbers))
        case .object(let members): .object(members.mapValues(numbers))
        default: value
        }
    }
}
