import ArgumentParser
import Foundation
import Kernels
import PhaseSpace
import Support
import Sweeps
import Synchronization

struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Runs a sweep's shards as a Slurm job array, and merges them at the end.",
        discussion: """
            Writes submit.sh and merge.sh into the folder of the results, submits them and returns. The tasks stop \
            cleanly before their time limit and are put back into the queue; `landau status` tells how far they are.
            """)

    @OptionGroup var options: SweepOptions
    @OptionGroup var templates: TemplateOptions
    @Option(help: "Parts that the sweep is split into.") var shards: Int
    @Option(help: "Time limit of a task, as Slurm takes it: 30, 2:00:00, 1-12.") var time: String?
    @Option(help: "Partition.") var partition: String?
    @Option(help: "Processors per task.") var cpus = 1
    @Option(help: "Account.") var account: String?
    @Flag(help: "Write the scripts, and submit nothing.") var dryRun = false

    func run() throws {
        guard Shard(index: 1, of: shards) != nil else {
            throw Failure("`--shards` must be in 1…\(Shard.limit), not \(shards)")
        }
        guard cpus >= 1, cpus <= 4096 else { throw Failure("`--cpus` must be in 1…4096, not \(cpus)") }
        try templates.check()
        let plan = try SweepPlan(options.spec(programs: .startedForAWhile))
        let count = min(shards, plan.largestShardCount)
        let parts = plan.spec.replicaRule == nil ? "chains" : "chains, all replicas taken together"
        if count < shards { complain("landau: the sweep has \(count) \(parts), so that \(count) shards are enough") }
        let tasks = dryRun ? count : min(count, try Slurm.largestArray())
        let folder = Self.absolute(options.folder(of: plan.spec))
        let script = SlurmScript(
            landau: Self.executable, sweep: sweepWords(folder), folder: folder, shards: count, tasks: tasks,
            variables: ["LANDAU_PLOTS", "LANDAU_SHARE"].compactMap { name in
                let named = name == "LANDAU_PLOTS" ? templates.plots : nil
                return (named ?? ProcessInfo.processInfo.environment[name]).map {
                    (name, $0.isEmpty ? "" : Self.absolute($0))
                }
            })
        let array = try write(script.array, "submit.sh", folder)
        let merge = try write(script.merge, "merge.sh", folder)
        guard !dryRun else {
            print("wrote \(array) and \(merge)")
            return
        }
        let logs = SlurmScript.literalPath(folder)
        let job = try Slurm.submit(
            common(plan) + [
                "--array=1-\(tasks)", "--output=\(logs)/shards-%A-%a.log", "--open-mode=append", "--requeue",
                "--signal=B:USR1@\(SlurmScript.warning)", "--cpus-per-task=\(cpus)",
            ] + (time.map { ["--time=\($0)"] } ?? []), array)
        let last = try Slurm.submit(
            common(plan) + [
                "--dependency=afterany:\(job)", "--output=\(logs)/merge-%j.log", "--cpus-per-task=\(cpus)",
            ], merge)
        print("job \(job): \(count) shards in \(tasks) tasks; job \(last) merges them; logs in \(folder)")
    }

    private func common(_ plan: SweepPlan) -> [String] {
        var words = ["--job-name=landau", "--chdir=\(FileManager.default.currentDirectoryPath)"]
        if let partition { words.append("--partition=\(partition)") }
        if let account { words.append("--account=\(account)") }
        return words
    }

    /// What every `landau run` of the job is told.
    private func sweepWords(_ folder: String) -> [String] {
        ["--out", folder, "--", Self.absolute(options.sweep)] + options.overrides
    }

    private func write(_ text: String, _ name: String, _ folder: String) throws -> String {
        let path = folder + "/" + name
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        } catch {
            throw Failure("\(path): cannot be written: \(error.localizedDescription)")
        }
        return path
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private static var executable: String {
        SharedFiles.executable ?? absolute(CommandLine.arguments[0])
    }
}

/// Slurm's commands, started without a shell.
enum Slurm {
    /// The number of tasks that a job array may have here.
    static func largestArray() throws -> Int {
        let answer = try run("scontrol", ["show", "config"])
        let line = answer.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
        // Indices run from 0 to one below the limit, and ours from 1.
        guard let number = line?.split(separator: "=").last.flatMap({ Int($0.filter(\.isNumber)) }) else { return 1000 }
        guard number > 1 else { throw Failure("this cluster allows no job arrays (MaxArraySize \(number))") }
        return number - 1
    }

    /// - Returns: the job's number.
    static func submit(_ options: [String], _ script: String) throws -> String {
        let answer = try run("sbatch", ["--parsable"] + options + [script])
        let job = answer.split(whereSeparator: { $0 == ";" || $0.isWhitespace }).first.map(String.init) ?? ""
        guard !job.isEmpty, job.allSatisfy(\.isNumber) else { throw Failure("sbatch: unexpected answer `\(answer)`") }
        return job
    }

    private static func run(_ name: String, _ arguments: [String]) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        guard let path = folders.map({ $0 + "/" + name }).first(where: FileManager.default.isExecutableFile) else {
            throw Failure(
                "\(name) is not installed: apt-get install slurm-client (or run this on a login node of the cluster)",
                status: .missingTool)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        do { try process.run() } catch { throw Failure("\(name): cannot be started: \(error.localizedDescription)") }
        // Both at once: a tool that fills the pipe nobody reads would wait for ever, and we for it.
        let complaints = Mutex(Data())
        let reading = DispatchGroup()
        DispatchQueue.global().async(group: reading) {
            let all = errors.fileHandleForReading.readDataToEndOfFile()
            complaints.withLock { $0 = all }
        }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        reading.wait()
        let complaint = String(decoding: complaints.withLock { $0 }, as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("\(name): \(complaint.split(separator: "\n").joined(separator: "; "))")
        }
        return text.split(separator: "\n").joined(separator: "\n")
    }
}
