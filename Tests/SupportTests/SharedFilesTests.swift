import Foundation
import Support
import Testing

@Suite struct SharedFilesTests {
    private func places(_ executable: String?, _ environment: [String: String] = [:]) -> [String] {
        SharedFiles(environment: environment, executable: executable).places
    }

    @Test func sharedFilesAreSoughtBesideTheExecutableAndNowhereElse() {
        #expect(places("/opt/landau/bin/landau") == ["/opt/landau/share/landau"])
        #expect(places("/home/a/b/c/landau") == ["/home/a/b/share/landau"])
        #expect(
            places("/src/Landau/.build/x86_64/release/landau")
                == ["/src/Landau/.build/x86_64/share/landau", "/src/Landau"])
        #expect(places("/a/.build/checkouts/b/.build/release/landau").last == "/a/.build/checkouts/b")
        #expect(places("/.build/landau").last == "/")
        for executable in [nil, "", "landau", "./plots/landau"] { #expect(places(executable).isEmpty) }
    }

    @Test func aNamedFolderStandsAlone() {
        #expect(places("/opt/bin/landau", ["LANDAU_SHARE": "/mine"]) == ["/mine"])
        #expect(places("/opt/bin/landau", ["LANDAU_SHARE": ""]) == ["/opt/share/landau"])
    }

    @Test func linksToTheExecutableAreFollowed() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shared-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["real/bin", "links", "real/share/landau/plots"] {
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
        }
        let real = folder.appendingPathComponent("real/bin/landau")
        try Data().write(to: real)
        let link = folder.appendingPathComponent("links/landau")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
        let shared = SharedFiles(environment: [:], executable: link.path)
        #expect(shared.path(of: "plots") == folder.path + "/real/share/landau/plots")
        #expect(shared.path(of: "sweeps") == nil)
    }
}
