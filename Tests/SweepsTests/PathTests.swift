import Sweeps
import Testing

@Suite struct PathTests {
    @Test(arguments: [
        ("a", "", "a", "a", ""), ("a.yaml", "", "a.yaml", "a", "yaml"), ("x/a.b.yml", "x", "a.b.yml", "a.b", "yml"),
        ("/a", "/", "a", "a", ""), ("x/.hidden", "x", ".hidden", ".hidden", ""), ("", "", "", "", ""),
        ("x/", "x", "", "", ""), ("a.", "", "a.", "a", ""), ("../γ/b", "../γ", "b", "b", ""),
    ]) func pathsHaveTheirPieces(_ path: String, _ folder: String, _ name: String, _ stem: String, _ ending: String) {
        #expect(Path.folder(of: path) == folder)
        #expect(Path.name(of: path) == name)
        #expect(Path.stem(of: path) == stem)
        #expect(Path.ending(of: path) == ending)
    }
}
