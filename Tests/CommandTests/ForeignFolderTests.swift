import Foundation
import Support
import Testing

/// What a foreign working directory may decide, and what it may not.
@Suite struct ForeignFolderTests {
    private func folder(_ landau: Landau, _ name: String) throws -> URL {
        let url = landau.folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    @Test func templatesOfAForeignFolderAreNotExecuted() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let plots = Landau.root.appendingPathComponent("plots")
        let planted = try folder(landau, "plots")
        for name in try FileManager.default.contentsOfDirectory(atPath: plots.path) {
            try FileManager.default.copyItem(
                at: plots.appendingPathComponent(name), to: planted.appendingPathComponent(name))
        }
        let common = try landau.text(of: "plots/common.gp")
        try landau.write("system('touch \(landau.folder.path)/canary')\n" + common, to: "plots/common.gp")
        try landau.spec()
        #expect(try landau.run("run", "small.yaml", "depth=2").status == 0)
        #expect(try landau.run("plot", "small.yaml", "depth=2", "--format", "svg").status == 0)
        #expect(try landau.run("plot", "small.yaml", "depth=2", "--show").status == 0)
        #expect(landau.exists("results/small/figures/order-parameter/order-parameter.svg"))
        #expect(!landau.exists("canary"))
        // Who names them means them.
        let named = try landau.run("plot", "small.yaml", "depth=2", "--format", "svg", "--plots", "plots")
        #expect(named.status == 0 && landau.exists("canary"), "\(named.errors)")
    }

    @Test func aFolderWithoutTemplatesIsRefusedBeforeTraining() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        for arguments in [["run", "small.yaml"], ["reproduce", "weight-decay/depth"], ["gallery"]] {
            let result = try landau.run(arguments + ["--plots", "nowhere"])
            #expect(result.status == 2 && result.errors.contains("not found in nowhere"), "\(result.errors)")
        }
        #expect(!landau.exists("results"))
    }

    @Test func recipesThatShipRunFromAnywhereAndSayWhereTheirFiguresAre() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let names = try landau.run("reproduce").output.split(separator: "\n")
        #expect(names.contains("weight-decay/depth") && names.contains("edge-of-chaos/map-plane"))
        let result = try landau.run("reproduce", "edge-of-chaos/map-decay", "--quick")
        #expect(result.status == 0, "\(result.errors)")
        let line = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("figures in ") })
        let figures = String(line.dropFirst("figures in ".count))
        #expect(figures.hasPrefix("results/") && landau.exists(figures))
        let page = try landau.run("gallery", "edge-of-chaos/map-decay", "--out", "shown")
        #expect(page.status == 0, "\(page.errors)")
        #expect(try landau.text(of: "shown/gallery.md").contains("landau reproduce edge-of-chaos/map-decay"))
        let none = try landau.run("reproduce", environment: ["LANDAU_SHARE": landau.folder.path])
        #expect(none.status == 2 && none.errors.contains("set LANDAU_SHARE"))
    }

    @Test func recipesOfOnesOwnComeBeforeThoseThatShip() throws {
        let landau = try Landau()
        defer { landau.remove() }
        _ = try folder(landau, "sweeps/weight-decay")
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[]"])
        let text =
            try landau.text(of: "small.yaml")
            + "\nexpect: [{transition: count, curve: {depth: 1}, value: 1, tolerance: 0}]\n"
        for name in ["depth", "mine"] { try landau.write(text, to: "sweeps/weight-decay/\(name).yaml") }
        let listed = try landau.run("reproduce")
        #expect(listed.output == "weight-decay/depth\nweight-decay/mine\n")
        #expect(listed.errors.contains("more ship with Landau, such as "))
        let result = try landau.run("reproduce", "weight-decay/depth")
        #expect(result.status == 0 && result.output.contains("weight-decay/depth"), "\(result.errors)")
        #expect(result.errors.contains("96 points"))
    }
}
