/// What a sweep file says of the program that trains it: how it is started, how often, and how long it may take.
public struct ProgramSettings: Sendable {
    /// How the program is named.
    public enum Words: Sendable, Hashable {
        /// A file, such as `./net.py`.
        case file(String)
        /// An argument list, never read by a shell.
        case run([String])
    }

    public let words: Words
    /// The sweep file's folder: relative names start there.
    public let folder: String
    /// Processes that train at once.
    public let workers: Int
    /// What `OMP_NUM_THREADS` and its like are set to; where nil, 1 unless the environment sets them.
    public let threads: Int?
    /// Graphics cards, dealt out to the workers in turn; empty leaves `CUDA_VISIBLE_DEVICES` as it is.
    public let gpus: [String]
    /// Seconds until the program must be ready; nil for the usual ones.
    public let startSeconds: Int?
    /// Seconds without a word after which a point has failed; nil for any time.
    public let pointSeconds: Int?
    /// Files beside the program's own whose change counts as a change of the program.
    public let watch: [String]

    public init(
        words: Words, folder: String, workers: Int = 1, threads: Int? = nil, gpus: [String] = [],
        startSeconds: Int? = nil, pointSeconds: Int? = nil, watch: [String] = []
    ) {
        self.words = words
        self.folder = folder
        self.workers = workers
        self.threads = threads
        self.gpus = gpus
        self.startSeconds = startSeconds
        self.pointSeconds = pointSeconds
        self.watch = watch
    }
}
