import PhaseSpace
import Programs
import Support
import Sweeps

/// Where a verb learns what a sweep's program is: whoever trains starts it, whoever reads asks the store.
enum ProgramSource {
    /// Starts the program.
    case started(ProgramHost)
    /// Reads what the sweep's store, or one of its shards', has kept; without a store there is nothing to read.
    case stored
    /// The same, and starts the program where there is no store yet.
    case storedOrStarted
    /// Takes no program: its sweep is left out.
    case none

    /// Starts the program and keeps nothing.
    static var startedForAWhile: ProgramSource { .started(host()) }

    /// - Parameters:
    ///   - results: the folder of logs and saved states; nil where nothing is to be kept.
    ///   - workers: their number where the command line says it.
    static func host(results: String? = nil, workers: Int? = nil) -> ProgramHost {
        ProgramHost(
            landau: toolVersion, results: results, workers: workers, helper: SharedFiles().path(of: "python"))
    }

    /// - Parameter folder: of the sweep's results.
    func starter(folder: String) -> ProgramStarter {
        { program, place in
            do {
                switch self {
                case .started(let host):
                    return try host.family(of: program)
                case .stored, .storedOrStarted:
                    if let record = Self.record(below: folder) {
                        return try ModelFamily(recorded: record, of: program)
                    }
                    if case .stored = self { throw StoreError.missing(path: folder + "/store.sqlite") }
                    return try Self.host().family(of: program)
                case .none: throw Failure("a program trains it, and is started with --programs only", leavesOut: true)
                }
            } catch let error as ProgramError {
                throw Self.failure(of: error, at: place)
            }
        }
    }

    private static func record(below folder: String) -> JSONValue? {
        let stores = [folder] + Shard.shards(in: folder).map { "\(folder)/\($0.folder)" }
        return stores.lazy.compactMap { Store.record(of: $0 + "/store.sqlite")?.record }.first
    }

    /// An error of a program as the command says it: a library that is missing is a missing tool.
    static func failure(of error: ProgramError, at place: SpecPlace) -> any Error {
        if case .unavailable = error { return Failure("\(place): \(error)", status: .missingTool, leavesOut: true) }
        return SpecError(place, "\(error)")
    }
}
