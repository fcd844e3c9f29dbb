import Foundation
import PhaseSpace
import Support
import Synchronization

/// Starts the programs of one command: says where their logs and states go, and keeps what belongs to all of them.
package final class ProgramHost: Sendable {
    let landau: String
    /// The folder of logs, and of saved states below it, as an absolute path; nil where nothing is kept.
    let results: String?
    /// The number of workers where the command line says it.
    private let workers: Int?
    /// The folder of the helper for Python.
    private let helper: String?
    private let locks = Mutex<[Int: ProgramLock]>([:])
    private let families = Mutex<[ProgramSettings.Words: ModelFamily]>([:])

    package init(landau: String, results: String?, workers: Int? = nil, helper: String? = nil) {
        self.landau = landau
        self.results = results.map(ProgramCommand.absolute)
        self.workers = workers
        self.helper = helper
    }

    /// What the program says of itself, as a family of models; it is started once for a command.
    /// - Throws: `ProgramError`.
    package func family(of program: ProgramSettings) throws(ProgramError) -> ModelFamily {
        if let family = families.withLock({ $0[program.words] }) { return family }
        let command = try ProgramCommand(program)
        let session = try start(command, program, worker: 0)
        let declaration = try session.declare(
            landau: landau, within: program.startSeconds ?? ProgramSession.usualStart)
        let prepared = Mutex<ProgramSession?>(session)
        let theory = ProgramTheory(self, command, program, declaration)
        let family = ModelFamily(
            declaration.model(of: command),
            make: { [self] settings in
                let first =
                    try prepared.withLock { session in
                        defer { session = nil }
                        return session
                    } ?? start(command, program, worker: 0)
                return try ProgramModel(self, command, program, settings, first)
            },
            predict: { try theory.answer($0) })
        families.withLock { $0[program.words] = family }
        return family
    }

    /// Removes what was put into the folder of the results for a run that did not come to its store.
    package func forget() {
        guard let results, !FileManager.default.fileExists(atPath: results + "/store.sqlite") else { return }
        for number in locks.withLock({ Array($0.keys) }) {
            unlink("\(scratch)/worker-\(number).lock")
            unlink("\(results)/program-\(number).log")
        }
        rmdir(scratch)
        rmdir(results)
    }

    var scratch: String { (results ?? FileManager.default.temporaryDirectory.path) + "/scratch" }

    func workers(of program: ProgramSettings) -> Int { workers ?? program.workers }

    /// A child that nobody has spoken to yet.
    func start(
        _ command: ProgramCommand, _ program: ProgramSettings, worker number: Int
    ) throws(ProgramError) -> ProgramSession {
        var lock: ProgramLock?
        if results != nil {
            lock = locks.withLock { $0[number] }
            if lock == nil {
                let new = try ProgramLock(scratch: scratch, worker: number)
                locks.withLock { $0[number] = new }
                lock = new
            }
        }
        return try ProgramSession(
            command, environment: environment(of: program, worker: number),
            log: results.map { "\($0)/program-\(number).log" }, lock: lock)
    }

    private func environment(of program: ProgramSettings, worker number: Int) -> [String: String] {
        var variables = ["LANDAU_WORKER": "\(number)", "LANDAU_WORKERS": "\(workers(of: program))"]
        // One thread where nothing is said: sums in another order are other numbers, and small nets are no faster with more.
        let given = ProcessInfo.processInfo.environment
        for name in Self.threadVariables where program.threads != nil || given[name] == nil {
            variables[name] = "\(program.threads ?? 1)"
        }
        if !program.gpus.isEmpty { variables["CUDA_VISIBLE_DEVICES"] = program.gpus[number % program.gpus.count] }
        if let helper {
            let own = given["PYTHONPATH"] ?? ""
            variables["PYTHONPATH"] = own.isEmpty ? helper : own + ":" + helper
        }
        return variables
    }

    private static let threadVariables = [
        "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ]
}

extension ModelFamily {
    /// The family of a program as a store has kept it: it answers for everything that needs no training.
    /// - Throws: `ProgramError` where the record is none of this version's.
    package init(recorded record: JSONValue, of program: ProgramSettings) throws(ProgramError) {
        let model = try RecordedProgram(record, text: program.words.text)
        self.init(model.declaration, make: { _ in model }, predict: { _ in throw ProgramError.noTheory(model.text) })
    }
}

/// A program as a store has kept it; nothing is started.
struct RecordedProgram: Model {
    let declaration: ModelDeclaration
    let dataFingerprint: String
    let record: JSONValue?
    let text: String

    init(_ record: JSONValue, text: String) throws(ProgramError) {
        guard let json = record["declaration"] else { throw .unusable("the store does not say what its program is") }
        do throws(ProgramDeclaration.Mistake) { declaration = try ProgramDeclaration(json).model(text: text) } catch {
            throw .unusable("the store's declaration of its program cannot be read: \(error.text)")
        }
        dataFingerprint = record["fingerprint"]?.text ?? ""
        self.record = record
        self.text = text
    }

    func packKey(of chain: Chain) -> String { "" }
    func run(_ context: any RunContext) throws {
        throw ProgramError.unusable("\(text) was not started: only what its store holds is read here")
    }
}

extension ModelDeclaration {
    /// Of the program whose record a store keeps; nil where it is none.
    package init?(recorded record: JSONValue) {
        guard let model = try? RecordedProgram(record, text: "the program") else { return nil }
        self = model.declaration
    }
}
