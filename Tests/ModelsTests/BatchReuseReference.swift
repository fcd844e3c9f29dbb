import Foundation
import Models
import PhaseSpace
import Support
import Testing

/// Tables of `Reference/batch-reuse.json`, computed by an independent implementation.
enum BatchReuseReference {
    static let document: JSONValue = {
        let url = Bundle.module.url(forResource: "batch-reuse", withExtension: "json", subdirectory: "Reference")!
        return try! JSONValue(parsing: String(contentsOf: url, encoding: .utf8))
    }()

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let row: JSONValue
        var testDescription: String { name }
        func number(_ key: String) -> Double { row[key]!.number! }
        func matrices(_ key: String) -> [[[Double]]] { row[key]!.list!.map { $0.list!.map { $0.numbers! } } }
    }

    static func table(_ name: String, named key: String = "target") -> [Case] {
        document[name]!.list!.enumerated().map { i, row in Case(name: row[key]?.text ?? "\(name) \(i + 1)", row: row) }
    }

    static let polynomials = table("polynomials")
    static let functions = table("functions")
    static let meanField = table("meanField", named: "name")
    static let quadrature = table("quadrature")
    static let quadratureGrid = table("quadratureGrid")
}
