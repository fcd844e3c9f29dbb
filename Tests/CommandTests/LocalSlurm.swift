import Foundation
import Testing

/// One munged, one slurmctld and two slurmd of its own, in a temporary folder.
final class LocalSlurm {
    let folder: String
    let environment: [String: String]
    /// In the foreground, and not started by Foundation, which would wait for them as soon as they close the files
    /// that they inherit.
    private var daemons: [pid_t] = []

    /// Nil, with a loud line, where Slurm is not installed or cannot run.
    static func start(maximumArraySize: Int = 1001) throws -> LocalSlurm? {
        let missing = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue"].filter { name in
            !["/usr/sbin/", "/usr/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + name) }
        }
        guard missing.isEmpty, getuid() == 0 else {
            let reason = missing.isEmpty ? "needs root" : "\(missing.joined(separator: ", ")) not installed"
            print("SKIPPED: a test of the Slurm job array (\(reason); apt-get install slurm-wlm munge)")
            return nil
        }
        let slurm = try LocalSlurm(maximumArraySize)
        do { try slurm.launch() } catch {
            slurm.stop()
            print("SKIPPED: a test of the Slurm job array (Slurm does not start here: \(error))")
            return nil
        }
        return slurm
    }

    private init(_ maximumArraySize: Int) throws {
        folder = "/var/tmp/landau-slurm-\(UUID().uuidString.prefix(8))"
        let files = FileManager.default
        for name in ["munge", "state", "log"] {
            try files.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
        }
        try files.setAttributes([.posixPermissions: 0o711], ofItemAtPath: folder + "/munge")
        let key = Data((0..<128).map { _ in UInt8.random(in: 0...255) })
        try key.write(to: URL(fileURLWithPath: folder + "/munge/key"))
        try files.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder + "/munge/key")
        let host = ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init) ?? "localhost"
        let port = Int.random(in: 20_000...50_000)
        let configuration = """
            ClusterName=test
            SlurmctldHost=\(host)(127.0.0.1)
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            AuthInfo=socket=\(folder)/munge/sock,cred_expire=5
            CredType=cred/munge
            SlurmctldPort=\(port)
            SlurmctldPidFile=\(folder)/slurmctld.pid
            SlurmdPidFile=\(folder)/slurmd.%n.pid
            SlurmdSpoolDir=\(folder)/spool.%n
            StateSaveLocation=\(folder)/state
            SlurmctldLogFile=\(folder)/log/slurmctld.log
            SlurmdLogFile=\(folder)/log/slurmd.%n.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            JobCompType=jobcomp/none
            SchedulerType=sched/backfill
            SchedulerParameters=sched_interval=1,batch_sched_delay=0,bf_interval=1
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            MpiDefault=none
            SwitchType=switch/none
            ReturnToService=2
            KillWait=5
            MinJobAge=60
            MaxArraySize=\(maximumArraySize)
            NodeName=n[1-2] NodeHostname=\(host) NodeAddr=127.0.0.1 Port=[\(port + 1)-\(port + 2)] CPUs=2 State=UNKNOWN
            PartitionName=main Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
            """
        try (configuration + "\n").write(toFile: folder + "/slurm.conf", atomically: true, encoding: .utf8)
        environment = ["SLURM_CONF": folder + "/slurm.conf"]
    }

    private func launch() throws {
        let munge = folder + "/munge"
        try startDaemon(
            "munged", "--foreground", "--force", "--key-file=\(munge)/key", "--socket=\(munge)/sock",
            "--pid-file=\(munge)/pid", "--log-file=\(munge)/log", "--seed-file=\(munge)/seed")
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: munge + "/sock") { usleep(50_000) }
        try startDaemon("slurmctld", "-D", "-c")
        try startDaemon("slurmd", "-D", "-N", "n1")
        try startDaemon("slurmd", "-D", "-N", "n2")
        for _ in 0..<100 {
            let nodes = (try? run("sinfo", "--noheader", "--Node", "--format=%t")) ?? ""
            if nodes.split(separator: "\n").count(where: { $0.hasPrefix("idle") }) == 2 { return }
            usleep(200_000)
        }
        throw Problem(
            text: "no idle nodes: "
                + ((try? String(contentsOfFile: folder + "/log/slurmctld.log", encoding: .utf8)) ?? ""))
    }

    func stop() {
        for daemon in daemons.reversed() {
            kill(daemon, SIGTERM)
            var status: Int32 = 0
            var hasEnded = false
            for _ in 0..<100 where !hasEnded {
                hasEnded = waitpid(daemon, &status, WNOHANG) != 0
                if !hasEnded { usleep(50_000) }
            }
            guard !hasEnded else { continue }
            kill(daemon, SIGKILL)
            waitpid(daemon, &status, 0)
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    struct Problem: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }

    private func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            .merging(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }

    private func startDaemon(_ arguments: String...) throws {
        let names = ["/usr/sbin/", "/usr/bin/"].map { $0 + arguments[0] }
        let path = names.first(where: FileManager.default.isExecutableFile) ?? arguments[0]
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var words = (arguments.map { strdup($0) }) + [nil]
        var settings = (variables.map { strdup($0) }) + [nil]
        defer { for text in words + settings { free(text) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in 0...2 {
            posix_spawn_file_actions_addopen(&actions, Int32(descriptor), "/dev/null", O_RDWR, 0)
        }
        // This thread may have signals blocked that a daemon must hear.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var daemon: pid_t = 0
        let status = posix_spawn(&daemon, path, &actions, &attributes, &words, &settings)
        guard status == 0 else { throw Problem(text: "\(path): \(String(cString: strerror(status)))") }
        daemons.append(daemon)
    }

    @discardableResult
    func run(_ arguments: String...) throws -> String {
        let process = process(arguments)
        let path = folder + "/" + UUID().uuidString
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let handle = FileHandle(forUpdatingAtPath: path)!
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        guard process.terminationStatus == 0 else { throw Problem(text: "\(arguments): \(text)") }
        return text
    }

    func waitUntilRunning(_ tasks: Set<String>, seconds: Double) throws {
        let end = Date(timeIntervalSinceNow: seconds)
        while true {
            let running = try run("squeue", "--noheader", "--array", "--states=RUNNING", "--format=%i")
            if tasks.isSubset(of: running.split(separator: "\n").map(String.init)) { return }
            guard Date() < end else { throw Problem(text: "not running: \(tasks); " + (try run("squeue"))) }
            usleep(20_000)
        }
    }

    /// Kills a task. Slurm may show a task as running a moment before it knows whom to signal.
    func killTask(_ task: String, seconds: Double) throws {
        let end = Date(timeIntervalSinceNow: seconds)
        while true {
            do {
                try run("scancel", "--signal=KILL", task)
                return
            } catch  where Date() < end { usleep(50_000) }
        }
    }

    func waitUntilEmpty(seconds: Double) throws {
        let end = Date(timeIntervalSinceNow: seconds)
        while !(try run("squeue", "--noheader")).isEmpty {
            guard Date() < end else { throw Problem(text: "jobs are still there: " + (try run("squeue"))) }
            usleep(300_000)
        }
    }
}
