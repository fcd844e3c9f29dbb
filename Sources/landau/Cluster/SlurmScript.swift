import Foundation

/// The batch scripts of a sweep on a Slurm cluster. Every word from the user stands in single quotes.
struct SlurmScript {
    /// The executable, with its full path.
    let landau: String
    /// Arguments of `landau run` after the verb: the sweep file, overrides, options.
    let sweep: [String]
    /// The folder of the results.
    let folder: String
    let shards: Int
    /// Tasks of the job array; with fewer tasks than shards each runs several, one after another.
    let tasks: Int
    /// What the environment says of where files are.
    let variables: [(name: String, path: String)]

    /// Seconds before a job's end at which Slurm signals it.
    static let warning = 60

    private static let arrayHeader = "#!/bin/sh\n# One task of a job array"
    private static let mergeHeader =
        "#!/bin/sh\n# After the job array: joins its shards, then judges and draws the whole sweep."
    /// What the scripts begin with, by file name.
    static let headers = ["submit.sh": arrayHeader, "merge.sh": mergeHeader]

    /// Whether a file is one of these scripts, and not a namesake.
    static func isOwn(_ path: String, _ name: String) -> Bool {
        guard let header = headers[name], let file = FileHandle(forReadingAtPath: path) else { return false }
        return (try? file.read(upToCount: header.utf8.count)) == Data(header.utf8)
    }

    /// Runs the shards of one task. A signal is passed on; a clean stop puts the task back into the queue.
    var array: String {
        """
        \(Self.arrayHeader)
        # Runs every \(tasks)-th of \(shards) shards, from its own number on.
        # The same shard run again goes on where it was stopped.
        \(exports)child=
        trap 'test -z "$child" || kill -USR1 "$child"' USR1 TERM
        shard=${SLURM_ARRAY_TASK_ID:?runs as a task of a job array}
        worst=0
        while [ "$shard" -le \(shards) ]; do
            \(words([landau, "run"])) --shard "$shard/\(shards)" \(words(sweep)) &
            child=$!
            # A trapped signal ends `wait`, not the run: it is waited for until it has ended.
            while :; do
                wait "$child"
                status=$?
                kill -0 "$child" 2>/dev/null || break
            done
            child=
            if [ "$status" -eq 75 ]; then
                scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" && exit 0
                exit 75
            fi
            [ "$status" -le "$worst" ] || worst=$status
            shard=$((shard + \(tasks)))
        done
        exit "$worst"

        """
    }

    /// Joins the shards, trains what a failed task has left, judges and draws.
    var merge: String {
        """
        \(Self.mergeHeader)
        \(exports)\(words([landau, "merge"])) \(words([folder]))/shard-*-of-\(shards) --into \(words([folder])) || exit
        exec \(words([landau, "run"] + sweep))

        """
    }

    private var exports: String {
        variables.map { "export \($0.name)=\(Self.quoted($0.path))\n" }.joined()
    }

    private func words(_ words: [String]) -> String { words.map(Self.quoted).joined(separator: " ") }

    /// A word that the shell takes literally, whatever it holds.
    static func quoted(_ word: String) -> String { "'" + word.replacing("'", with: "'\\''") + "'" }

    /// A path in which Slurm finds no patterns such as `%j`.
    static func literalPath(_ path: String) -> String { path.replacing("%", with: "%%") }
}
