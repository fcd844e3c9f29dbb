import Foundation
import Support
import Testing

/// A results folder knows its sweep.
@Suite struct RecordedSweepTests {
    @Test func aFolderStandsForItsSweepAndOverrides() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml", "replicas=3", "--out", "elsewhere/mine").status == 0)
        for verb in [["status", "--json"], ["transitions", "--json"], ["export"]] {
            let words = [verb[0], "small.yaml", "replicas=3", "--out", "elsewhere/mine"] + verb.dropFirst()
            let whole = try landau.run(words)
            #expect(whole.status == 0, "\(whole.errors)")
            for folder in [["elsewhere/mine"], ["elsewhere/mine/"], ["--out", "elsewhere/mine"]] {
                let short = try landau.run([verb[0]] + folder + verb.dropFirst())
                #expect(short.status == 0, "\(short.errors)")
                #expect(short.output == whole.output)
            }
        }
        // The sweep file is not needed any more, nor is the working directory.
        try FileManager.default.removeItem(at: landau.folder.appendingPathComponent("small.yaml"))
        let place = landau.folder.appendingPathComponent("elsewhere/mine").path
        let other = try Landau()
        defer { other.remove() }
        #expect(try other.run("status", place).status == 0)
        #expect(try other.run("transitions", place).status == 0)
        #expect(try other.run("run", place).status == 0)
        // An override of the folder's takes the place of the recorded one.
        let more = try other.run("status", place, "replicas=4", "--json")
        #expect(more.status == 1)
        let status = try JSONValue(parsing: more.output)
        #expect(status["planned"]?.number == (status["done"]?.number ?? 0) / 3 * 4)
    }

    @Test func dataBesideTheSweepFileAreFound() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try FileManager.default.createDirectory(
            at: landau.folder.appendingPathComponent("inside"), withIntermediateDirectories: true)
        try landau.write("a,b,y\n1,0,1\n0,1,2\n1,1,3\n2,1,4.5\n", to: "inside/data.csv")
        try landau.write(
            """
            model: weight-decay
            fixed: {depth: 1, width: 2}
            data: {file: data.csv, target: y}
            axes: {gamma: [0.1, 0.2, 0.3, 0.4]}
            figures: []
            """, to: "inside/mine.yaml")
        #expect(try landau.run("run", "inside/mine.yaml").status == 0)
        let result = try landau.run("transitions", "results/mine", "--json")
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func foldersWithoutResultsAreRefused() throws {
        let landau = try Landau()
        defer { landau.remove() }
        for words in [["status", "."], ["status", "--out", "nowhere"], ["status"], ["transitions", "."]] {
            let result = try landau.run(words)
            #expect(result.status == 2)
            #expect(!result.errors.isEmpty)
        }
    }

    @Test func verdictsAreTablesForOthers() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml").status == 0)
        let verdicts = try JSONValue(parsing: try landau.run("transitions", "small.yaml", "--json").output).list ?? []
        let csv = try landau.run("transitions", "results/small", "--format", "csv").output.split(separator: "\n")
        #expect(csv.count == verdicts.count + 1)
        let head = csv[0].split(separator: ",").map(String.init)
        let place = try #require(head.firstIndex(of: "location"))
        for (row, verdict) in zip(csv.dropFirst(), verdicts) {
            let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            #expect(Double(cells[place]) == verdict["location"]?.number)
            #expect(cells[try #require(head.firstIndex(of: "order"))] == verdict["order"]?.text)
        }
        let latex = try landau.run("transitions", "results/small", "--format", "latex").output
        #expect(latex.hasPrefix("\\begin{tabular}"))
        #expect(latex.contains("$\\gamma$$^{*}$"))
        #expect(latex.split(separator: "\n").filter { $0.hasSuffix("\\\\") }.count == verdicts.count + 1)
        let both = try landau.run("transitions", "small.yaml", "--json", "--format", "csv")
        #expect(both.status == 2)
    }

    @Test func anyObservableIsAFiguresCurve() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml").status == 0)
        let drawn = try landau.run("plot", "results/small", "--observable", "gradientNorm", "--format", "svg")
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect(drawn.output.contains("observable=gradientNorm/order-parameter"), "\(drawn.output)")
        #expect(
            try landau.text(of: "results/small/figures/observable=gradientNorm/order-parameter/points.tsv")
                .contains("gradientNorm"))
        let wrong = try landau.run("plot", "results/small", "--observable", "gradientnorm")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("did you mean `gradientNorm`"))
        let other = try landau.run("plot", "results/small", "--observable", "loss", "--figure", "loss-derivatives")
        #expect(other.status == 2)
        #expect(try landau.run("delete", "small").output.contains("removed"))
        #expect(!landau.exists("results/small"))
    }
}
