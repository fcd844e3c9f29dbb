import Foundation
import Testing

/// What `Package.swift` declares of each room and what its files import: they agree, and no room imports one above it.
@Suite struct RoomsTests {
    struct Room: Sendable, CustomTestStringConvertible {
        let name: String
        let declared: Set<String>
        let imported: Set<String>
        var testDescription: String { name }
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        .standardizedFileURL
    static let rooms = (try? readRooms()) ?? []

    @Test func roomsAreFound() throws {
        let names = Set(Self.rooms.map(\.name))
        for name in ["LandauCommand", "Studies", "Figures", "Sweeps", "Models", "PhaseSpace", "SupportTests"] {
            #expect(names.contains(name), "\(name)")
        }
    }

    @Test(arguments: rooms) func dependenciesThatARoomDeclaresAreThoseThatItImports(_ room: Room) {
        let known = Set(Self.rooms.flatMap { [$0.name] + Array($0.declared) })
        let imported = room.imported.intersection(known).filter { !$0.hasPrefix("Kernel") || $0 == "Kernels" }
        // Executables that tests run are not imported.
        let declared = room.declared.subtracting(["landau", "tied-autoencoder"])
        #expect(declared.subtracting(imported).sorted() == [], "declared and not imported")
        #expect(imported.subtracting(declared).sorted() == [], "imported and not declared")
    }

    /// Each line's rooms may import those of the lines below.
    private static let storeys: [Set<String>] = [
        ["landau", "tied-autoencoder"], ["LandauCommand"], ["Studies"], ["Figures", "Explorer"],
        ["Sweeps", "Transitions", "Programs"], ["Models"], ["TinyNets", "Expressions"], ["PhaseSpace"],
        ["Support", "Kernels"], ["Lanes", "GSLNumerics"],
    ]

    @Test(arguments: rooms.filter { !$0.name.hasSuffix("Tests") })
    func aRoomImportsOnlyRoomsBelowIt(_ room: Room) throws {
        guard let storey = Self.storeys.firstIndex(where: { $0.contains(room.name) }) else { return }
        for above in Self.storeys[...storey].joined() where room.imported.contains(above) {
            Issue.record("\(room.name) imports \(above)")
        }
        let apart: [String: Set<String>] = [
            "Sweeps": ["Models", "TinyNets"], "Models": ["Sweeps"], "Transitions": ["Models", "TinyNets", "Sweeps"],
            "Figures": ["Models", "TinyNets", "Sweeps"], "Explorer": ["Models", "TinyNets", "Sweeps"],
        ]
        #expect(room.imported.isDisjoint(with: apart[room.name] ?? []))
    }

    /// Another system needs other answers to the same questions: they are asked in one room.
    @Test func whatOnlyLinuxHasIsAskedInSupport() throws {
        let sources = Self.root.appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var count = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            count += 1
            // Indented it stands under `#if canImport(Glibc)`, with another line for other systems.
            let isBound = text.split(separator: "\n").contains { $0.hasSuffix("import Glibc") && !$0.hasPrefix(" ") }
            #expect(!isBound, "\(file.lastPathComponent)")
            if !file.path.contains("/Support/") { #expect(!text.contains("\"/proc/"), "\(file.lastPathComponent)") }
        }
        #expect(count > 300)
    }

    @Test func thePageOnArchitectureNamesFilesThatExist() throws {
        let page = try String(contentsOf: Self.root.appendingPathComponent("docs/architecture.md"), encoding: .utf8)
        let named = page.matches(of: /`([A-Za-z]+\/[A-Za-z\/+]+(?:\.swift)?)`/).map { String($0.1) }
        #expect(named.count > 20)
        for name in named {
            let places = ["Sources/\(name)", name].map { Self.root.appendingPathComponent($0).path }
            #expect(places.contains(where: FileManager.default.fileExists(atPath:)), "\(name)")
        }
    }

    // MARK: - Reading

    private static func readRooms() throws -> [Room] {
        let text = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
        return try text.matches(of: /\.(target|executableTarget|testTarget)\(/).compactMap { match -> Room? in
            let body = balanced(text[text.index(before: match.range.upperBound)...], "(", ")")
            guard let name = body.firstMatch(of: /name: "([^"]+)"/)?.1 else { return nil }
            let list = body.firstMatch(of: /dependencies: \[/).map {
                balanced(body[body.index(before: $0.range.upperBound)...], "[", "]")
            }
            let products = (list ?? "").matches(of: /\.product\(name: "([^"]+)"/).map { String($0.1) }
            let plain = (list ?? "").replacing(/\.product\([^)]*\)/, with: "").matches(of: /"([^"]+)"/)
                .map { String($0.1) }
            let isTest = match.output.1 == "testTarget"
            let path = body.firstMatch(of: /path: "([^"]+)"/).map { String($0.1) }
            return Room(
                name: String(name), declared: Set(products + plain),
                imported: try imports(below: path ?? "\(isTest ? "Tests" : "Sources")/\(name)"))
        }.filter { !$0.imported.isEmpty }
    }

    /// From an opening bracket to the one that closes it.
    private static func balanced(_ text: Substring, _ open: Character, _ close: Character) -> Substring {
        var depth = 0
        for index in text.indices {
            if text[index] == open { depth += 1 }
            if text[index] == close {
                depth -= 1
                if depth == 0 { return text[...index] }
            }
        }
        return text
    }

    private static let beforeImport: Set<Substring> = ["package", "public", "private", "internal"]

    private static func imports(below path: String) throws -> Set<String> {
        let folder = root.appendingPathComponent(path)
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        var found: Set<String> = []
        for file in files where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            // Programs in other languages stand indented in texts.
            for line in text.split(separator: "\n") where line.first != " " {
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"), words.count > place + 1,
                    words[..<place].allSatisfy({ Self.beforeImport.contains($0) || $0.hasPrefix("@") })
                else { continue }
                found.insert(String(words[words.count - 1]))
            }
        }
        return found
    }
}
