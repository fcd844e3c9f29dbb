import Explorer
import Foundation
import PhaseSpace
import Support
import Testing

@Suite struct PageTests {
    static let hostile =
        "</script><script>window.intruder = 1; alert(1)</script><img src=x onerror=alert(2)>\u{2028}'\"&`${1}"

    @Test func policyNamesEveryScriptByItsHashAndNothingElse() throws {
        let html = ExplorerPage(title: "t", .sweeps(ExplorerData([SmallSweep().sweep]))).html(d3: "const d3 = {};")
        let policy = try #require(html.firstMatch(of: /Content-Security-Policy" content="([^"]+)"/)?.1)
        #expect(policy.hasPrefix("default-src 'none';"))
        #expect(!policy.contains("unsafe") && !policy.contains("http") && policy.contains("img-src data:"))
        let scripts = html.matches(of: /<script>([\s\S]*?)<\/script>/).map { String($0.1) }
        #expect(scripts.count == PageScripts.all.count + 1)
        for script in scripts { #expect(policy.contains("'sha256-\(ExplorerPage.hash(script))'")) }
        let style = try #require(html.firstMatch(of: /<style>([\s\S]*?)<\/style>/)?.1)
        #expect(policy.contains("style-src 'sha256-\(ExplorerPage.hash(String(style)))'"))
    }

    /// FIPS 180-2's example, in base64.
    @Test func hashesAreThoseOfThePolicysStandard() {
        #expect(ExplorerPage.hash("abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
    }

    @Test func hostileTextsEndNoElement() throws {
        var small = SmallSweep()
        (small.title, small.path, small.reason) = (Self.hostile, Self.hostile + ".yaml", Self.hostile)
        (small.dimension, small.label) = (Self.hostile, .text(Self.hostile))
        let html = ExplorerPage(title: Self.hostile, .sweeps(ExplorerData([small.sweep]))).html(d3: "const d3 = {};")
        #expect(!html.contains("<img") && !html.contains("<script>window.intruder"))
        // What the script reads is what was written.
        let json = try #require(html.firstMatch(of: /id="landau-data">([\s\S]*?)<\/script>/)?.1)
        #expect(try JSONValue(parsing: String(json))["sweeps"]?.list?.first?["title"]?.text == Self.hostile)
    }

    @Test func aPageWithoutDataIsSmall() throws {
        let scripts = PageScripts.all.reduce(PageScripts.style.utf8.count) { $0 + $1.text.utf8.count }
        // D3 is 260 kB.
        #expect(scripts + 260_000 < 600_000)
        for (name, text) in PageScripts.all { #expect(text.hasPrefix("\"use strict\";"), "\(name)") }
    }

    @Test func hundredThousandPointsOfEightColumnsStayBelowFiveMegabytes() throws {
        var small = SmallSweep()
        (small.count, small.replicas, small.hasFailure) = (1_000, 50, false)
        small.observables = ["squaredNorm", "a", "b", "c", "d", "e", "f", "g"]
        let sweep = small.sweep
        #expect(sweep.curves.reduce(0) { $0 + $1.samples.count } == 100_000)
        let html = ExplorerPage(title: "t", .sweeps(ExplorerData([sweep]))).html(
            d3: String(repeating: " ", count: 260_000))
        #expect(html.utf8.count < 5_000_000, "\(html.utf8.count)")
    }

    @Test func aboveTwoHundredThousandPointsThereAreSummariesAndThePageSaysSo() throws {
        var small = SmallSweep()
        (small.count, small.replicas) = (2_000, 51)
        let json = ExplorerData([small.sweep]).json["sweeps"]!.list![0]
        #expect(json["points"] == .null)
        #expect(json["notes"]?.list?.contains { $0.text?.contains("204000 points") ?? false } ?? false)
        #expect(json["places"]?["x"]?["n"] == 4_000)
    }

    @Test func missingD3SaysHowToInstallIt() throws {
        let nowhere = SharedFiles(environment: ["LANDAU_SHARE": "/nonexistent"], executable: nil)
        #expect {
            try D3Library.text(sharedFiles: nowhere, debian: "/nonexistent/d3.js")
        } throws: { error in
            "\(error)".contains("apt-get install --no-install-recommends node-d3")
                && "\(error)".contains("/nonexistent/d3")
        }
    }

    @Test func aFileThatIsNotD3IsRefused() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("not-d3-\(UUID().uuidString).js")
        defer { try? FileManager.default.removeItem(at: file) }
        try "alert(1)".write(to: file, atomically: true, encoding: .utf8)
        let nowhere = SharedFiles(environment: ["LANDAU_SHARE": "/nonexistent"], executable: nil)
        #expect(throws: D3Library.Missing.self) { try D3Library.text(sharedFiles: nowhere, debian: file.path) }
    }
}

@Suite struct PlaceTests {
    private func places(_ small: SmallSweep) throws -> JSONValue {
        try #require(ExplorerData([small.sweep]).json["sweeps"]?.list?.first?["places"])
    }

    private func doubles(_ column: JSONValue, _ blobs: [JSONValue]) throws -> [Double] {
        let data = try #require(Data(base64Encoded: blobs[Int(column["b"]!.number!)].text!))
        return words(data, as: UInt64.self).map { Double(bitPattern: $0) }
    }

    @Test func differencesAreMeansOverReplicasInTheirErrors() throws {
        var small = SmallSweep()
        small.hasFailure = false
        let json = ExplorerData([small.sweep]).json
        let table = try #require(json["sweeps"]?.list?.first?["places"])
        let blobs = try #require(json["blobs"]?.list)
        // Replicas at 0.99, 1 and 1.01 of the exact norm: their mean is exact, to rounding.
        let differences = try doubles(#require(table["difference"]), blobs)
        #expect(differences.count == 40 && differences.allSatisfy { abs($0) < 1e-15 })
        small.replicas = 2
        let two = ExplorerData([small.sweep]).json
        let errors = try doubles(
            #require(two["sweeps"]?.list?.first?["places"]?["differenceInErrors"]), #require(two["blobs"]?.list))
        // Replicas at 0.99 and 1: half a hundredth low, with a standard error of as much.
        #expect(abs(errors[0] + 1) < 1e-9)
    }

    @Test func failuresAreCountedAtTheirPlace() throws {
        let json = try places(SmallSweep())
        #expect(json["failures"]?["t"] == "u8" && json["failures"]?["n"] == 40)
    }

    @Test func axesAreLogarithmicWhereTheirValuesAreSpacedSo() {
        let evenly = (0..<20).map { 0.1 + 0.1 * Double($0) }
        let byFactors = (0..<20).map { 0.01 * pow(1.4, Double($0)) }
        #expect(!AxisSpacing.isLogarithmic(evenly) && AxisSpacing.isLogarithmic(byFactors))
        // Refinement near one place changes nothing.
        #expect(AxisSpacing.isLogarithmic(byFactors + [0.2, 0.2001, 0.2002]))
        #expect(!AxisSpacing.isLogarithmic([-1, 0, 1, 2, 3]) && !AxisSpacing.isLogarithmic([1, 2]))
    }
}
