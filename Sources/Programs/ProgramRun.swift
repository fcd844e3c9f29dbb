import PhaseSpace
import Support
import Synchronization

/// What all workers of a run share.
package final class ProgramRun: Sendable {
    let command: ProgramCommand
    let host: ProgramHost
    let program: ProgramSettings
    let seed: UInt64
    let precision: TrainingPrecision
    let effort: Int
    /// The sections data, net, training, measure.
    let settings: JSONValue
    let fuse = ProgramFuse()
    /// A child that is ready already: that of the first worker.
    let first = Mutex<ProgramSession?>(nil)

    package init(
        command: ProgramCommand, host: ProgramHost, program: ProgramSettings, seed: UInt64,
        precision: TrainingPrecision, effort: Int, settings: JSONValue
    ) {
        self.command = command
        self.host = host
        self.program = program
        self.seed = seed
        self.precision = precision
        self.effort = effort
        self.settings = settings
    }

    private var startSeconds: Int { program.startSeconds ?? ProgramSession.usualStart }

    /// A child that is ready for chains.
    /// - Throws: `ProgramError`.
    func session(
        _ number: Int, isCancelled: () -> Bool
    ) throws(ProgramError) -> (ProgramSession, ProgramDeclaration) {
        if number == 0 {
            let ready = first.withLock { session in
                defer { session = nil }
                return session
            }
            if let ready, let declaration = ready.declaration { return (ready, declaration) }
        }
        let session = try host.start(command, program, worker: number)
        let declaration = try session.declare(
            landau: host.landau, within: startSeconds, isCancelled: isCancelled)
        try open(session, isCancelled: isCancelled)
        fuse.noteStarted()
        return (session, declaration)
    }

    func open(_ session: ProgramSession, isCancelled: () -> Bool = { false }) throws(ProgramError) {
        try session.open(
            seed: seed, precision: precision, effort: effort, settings: settings, folder: command.folder,
            scratch: host.scratch, within: startSeconds, isCancelled: isCancelled)
    }
}
