import Foundation

/// The files that ship with the command: gnuplot templates in `plots`, recipes in `sweeps`.
///
/// They are sought where the command was put, never where it is run: a foreign folder must not decide what is executed.
public struct SharedFiles: Sendable, Equatable {
    /// The folders that are looked at, in this order: the one named by the environment variable `LANDAU_SHARE`, and no
    /// other, where it is set; else `../share/landau` as seen from the executable's folder, and the package's root where
    /// the executable lies below its `.build`.
    public let places: [String]

    /// - Parameter executable: its path; symbolic links are followed.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment, executable: String? = Self.executable
    ) {
        if let named = environment["LANDAU_SHARE"], !named.isEmpty {
            places = [named]
            return
        }
        guard let executable, executable.hasPrefix("/") else {
            places = []
            return
        }
        let folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().appendingPathComponent("share/landau").path
        let parts = folder.pathComponents
        // The innermost: a package may be checked out below the `.build` of another.
        let root = parts.lastIndex(of: ".build").map { "/" + parts[1..<$0].joined(separator: "/") }
        places = [installed] + (root.map { [$0] } ?? [])
    }

    /// The running executable; nil where the system does not say.
    public static var executable: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// Where `name` is; nil where none of the places has it.
    public func path(of name: String) -> String? {
        places.lazy.map { "\($0)/\(name)" }.first(where: FileManager.default.fileExists(atPath:))
    }
}
