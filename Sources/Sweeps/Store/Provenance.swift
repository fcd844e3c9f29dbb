import Foundation
import PhaseSpace
import Support

/// Where a run's results come from.
public struct Provenance: Sendable, Hashable {
    /// The spec's text and the overrides of the command line.
    public let spec: String
    public let overrides: [String]
    /// SHA-256 of the spec's text.
    public let specHash: String
    /// What the results rest on, as JSON.
    public let physics: String
    public let toolVersion: String
    public let seed: UInt64
    /// The random number generator with its version.
    public let generator: String
    /// Which build of the training kernel ran.
    public let kernel: String
    public let host: String
    public let commandLine: String
    public let started: Date
    /// Where the spec's file is, from the root; nil in what is read back, since a store keeps the last one alone.
    let specPath: String?

    public init(
        of plan: SweepPlan, toolVersion: String, kernel: String, commandLine: String, started: Date = Date()
    ) {
        spec = plan.spec.text
        overrides = plan.spec.overrides
        specHash = sha256(plan.spec.text)
        physics = plan.constants.canonical
        self.toolVersion = toolVersion
        seed = plan.spec.seed
        generator = "Philox4x32-10"
        self.kernel = kernel
        host = hostName()
        self.commandLine = commandLine
        self.started = started
        let path = plan.spec.path
        specPath = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}

// MARK: - As a row

extension Provenance {
    static let columns = [
        "spec", "spec_hash", "overrides", "physics", "tool_version", "seed", "generator", "kernel", "host",
        "command_line", "started",
    ]

    /// As rows: where the file is stands in no row.
    public static func == (a: Provenance, b: Provenance) -> Bool { a.texts == b.texts }
    public func hash(into hasher: inout Hasher) { hasher.combine(texts) }

    /// In the order of `columns`.
    var texts: [String] {
        [
            spec, specHash, JSONValue.list(overrides.map(JSONValue.text)).serialized(), physics, toolVersion,
            String(seed), generator, kernel, host, commandLine, ISO8601DateFormatter().string(from: started),
        ]
    }

    init?(texts: [String]) {
        guard texts.count == Self.columns.count, let seed = UInt64(texts[5]),
            let started = ISO8601DateFormatter().date(from: texts[10]),
            let overrides = (try? JSONValue(parsing: texts[2]))?.list
        else { return nil }
        spec = texts[0]
        specHash = texts[1]
        self.overrides = overrides.compactMap(\.text)
        physics = texts[3]
        toolVersion = texts[4]
        self.seed = seed
        generator = texts[6]
        kernel = texts[7]
        host = texts[8]
        commandLine = texts[9]
        self.started = started
        specPath = nil
    }
}
