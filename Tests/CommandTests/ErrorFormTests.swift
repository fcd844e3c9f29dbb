import Foundation
import Support
import Testing

/// `--errors json`.
@Suite struct ErrorFormTests {
    private static func error(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: String(try #require(text.split(separator: "\n").last)))
    }

    @Test func aSpecsErrorHasItsPlace() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write("model: weight-decay\nfixed: {dpth: 2}\naxes: {gamma: [0.1, 0.2]}\n", to: "mine.yaml")
        for verb in ["run", "status", "transitions", "plot", "export"] {
            let result = try landau.run(verb, "mine.yaml", "--errors", "json")
            #expect(result.status == 2)
            let error = try Self.error(result.errors)
            #expect(error["file"] == "mine.yaml" && error["line"] == 2 && error["column"] == 9)
            #expect(error["message"]?.text?.contains("did you mean `depth`") == true)
            #expect(error["message"]?.text?.contains("mine.yaml") == false)
        }
    }

    @Test func aTablesErrorHasItsPlace() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write("x,y\n1,2\n2,oops\n3,4\n4,5\n", to: "table.csv")
        let result = try landau.run("--errors=json", "transitions", "table.csv")
        #expect(result.status == 2)
        let error = try Self.error(result.errors)
        #expect(error["file"] == "table.csv" && error["line"] == 3 && error["column"]?.number != nil)
    }

    @Test func errorsWithoutAPlaceSaySo() throws {
        let landau = try Landau()
        defer { landau.remove() }
        for words in [["status", "nothing.yaml"], ["predict", "nonsense"], ["run"], ["export", "--nonsense"]] {
            let result = try landau.run(["--errors", "json"] + words)
            #expect(result.status == 2)
            #expect(try Self.error(result.errors)["message"]?.text?.isEmpty == false)
        }
        #expect(try Self.error(try landau.run("predict", "nonsense", "--errors", "json").errors)["file"] == .null)
        let wrong = try landau.run("models", "--errors", "xml")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("`--errors` is text or json"))
    }
}
