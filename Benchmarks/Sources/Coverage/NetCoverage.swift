import Foundation

/// How the verdicts on a trained net's sweep stand to the net's true transitions.
struct NetCount {
    /// By the least size of the jumps that count.
    struct Jumps {
        var found = 0
        var covered = 0
        var undecided = 0
        /// Another order at the place.
        var wrong = 0
        var missed = 0
        var count: Int { found + undecided + wrong + missed }
    }
    static let sizes = [0.05, 0.01]

    var nets = 0
    var setAside = 0
    var jumps = Array(repeating: Jumps(), count: sizes.count)
    /// Verdicts of first or second order.
    var claims = 0
    /// Of these the ones where nothing is.
    var invented = 0
    /// Undecided verdicts, at a transition or not.
    var undecidedVerdicts = 0
    var seconds = 0.0
    var remarks: [String] = []

    static func + (a: NetCount, b: NetCount) -> NetCount {
        var sum = a
        sum.nets += b.nets
        sum.setAside += b.setAside
        sum.claims += b.claims
        sum.invented += b.invented
        sum.undecidedVerdicts += b.undecidedVerdicts
        sum.seconds += b.seconds
        sum.remarks += b.remarks
        for i in sum.jumps.indices {
            sum.jumps[i].found += b.jumps[i].found
            sum.jumps[i].covered += b.jumps[i].covered
            sum.jumps[i].undecided += b.jumps[i].undecided
            sum.jumps[i].wrong += b.jumps[i].wrong
            sum.jumps[i].missed += b.jumps[i].missed
        }
        return sum
    }
}

/// Verdicts of the built command on trained nets, held against what is known of the nets' lowest loss.
struct NetCoverage {
    /// What `landau transitions --json` says of one transition.
    private struct Claim: Decodable {
        let order: String
        let location: Double?
        let interval: [Double]?
        let jump: Double?
        let sentence: String
    }

    private let executable: URL
    private let folder: URL

    /// - Parameters:
    ///   - executable: the command.
    ///   - folder: for tables, sweeps and stores.
    init(of executable: URL, in folder: URL) {
        self.executable = executable
        self.folder = folder
    }

    /// The command's output in a folder.
    private func command(_ words: [String], _ folder: URL) throws -> String {
        let process = Process()
        process.executableURL = executable
        process.arguments = words
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// - Returns: the counts; the case is set aside where the truth is unsure.
    func measure(_ drawn: RandomNet) throws -> NetCount {
        let name = "net-\(drawn.number)"
        let home = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        try drawn.table.write(to: home.appendingPathComponent("table.csv"), atomically: true, encoding: .utf8)
        try drawn.spec(table: "table.csv")
            .write(to: home.appendingPathComponent("sweep.yaml"), atomically: true, encoding: .utf8)
        let begun = Date()
        _ = try command(["run", "sweep.yaml", "--out", "out", "--threads", "1"], home)
        let seconds = Date().timeIntervalSince(begun)
        let answer = try command(["transitions", "sweep.yaml", "--out", "out", "--json"], home)
        let claims = try JSONDecoder().decode([Claim].self, from: Data(answer.utf8))
        let rows = try losses(command(["export", "sweep.yaml", "--out", "out"], home))

        let truth = LowestLoss(drawn.net, range: drawn.range, seed: UInt64(5_000 + drawn.number))
        truth.confirm(claims.compactMap { $0.order == "none" ? nil : $0.location })
        var count = compare(claims, truth, drawn)
        count.nets = 1
        count.seconds = seconds
        // A sweep that has seen a lower minimum knows better.
        let lower = rows.filter { $0.value < truth.state(at: $0.key).loss - 1e-7 }
        if !truth.isSure || !lower.isEmpty {
            let remarks = count.remarks.map { "(set aside) " + $0 }
            count = NetCount()
            count.nets = 1
            count.setAside = 1
            count.seconds = seconds
            count.remarks =
                remarks + ["\(drawn.label): set aside, \(lower.count) rows lower than the truth, sure: \(truth.isSure)"]
        }
        let missed = rows.filter { $0.value > truth.state(at: $0.key).loss + 1e-7 }
        if !missed.isEmpty {
            count.remarks.append(
                "\(drawn.label): \(missed.count) of \(rows.count) points above the lowest minimum, by up to "
                    + Self.text(missed.map { $0.value - truth.state(at: $0.key).loss }.max()!))
        }
        return count
    }

    /// The lowest loss, or the zero net's, of all rows by γ.
    private func losses(_ table: String) throws -> [Double: Double] {
        let lines = table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let header = lines.first, let gamma = header.firstIndex(of: "gamma"),
            let loss = header.firstIndex(of: "loss"), let zero = header.firstIndex(of: "zeroNetLoss"),
            let outcome = header.firstIndex(of: "outcome")
        else { return [:] }
        var lowest: [Double: Double] = [:]
        // Where a row is not done the sweep claims nothing.
        let open = Set(lines.dropFirst().filter { $0[outcome] != "converged" }.map { $0[gamma] })
        for line in lines.dropFirst() where !open.contains(line[gamma]) {
            guard let x = Double(line[gamma]), let f = Double(line[loss]) else { continue }
            lowest[x] = min(lowest[x] ?? .infinity, f, Double(line[zero]) ?? .infinity)
        }
        return lowest
    }

    private func compare(_ claims: [Claim], _ truth: LowestLoss, _ drawn: RandomNet) -> NetCount {
        var count = NetCount()
        let reach = 1.5 * log(drawn.ratio)
        func isNear(_ claim: Claim, _ x: Double) -> Bool {
            guard let place = claim.location else { return claim.order == "undecided" }
            if let interval = claim.interval, interval[0] <= x, x <= interval[1] { return true }
            return abs(log(place / x)) < reach
        }
        func describe(_ claims: [Claim]) -> String {
            claims.map { claim in
                let jump = claim.jump.map { " jump " + Self.text($0) } ?? ""
                return "\(claim.order) \(Self.text(claim.location ?? .nan))\(jump)"
            }.joined(separator: "; ")
        }
        let jumps = truth.jumps
        var firsts = claims.filter { $0.order == "first" }
        // The largest jump chooses first, and the nearest claim.
        for jump in jumps.sorted(by: { $0.size > $1.size }) {
            let x = jump.location
            let sizes = NetCount.sizes.indices.filter { jump.size > NetCount.sizes[$0] }
            func add(_ change: (inout NetCount.Jumps) -> Void) { for i in sizes { change(&count.jumps[i]) } }
            let near = claims.filter { isNear($0, x) }
            func tell(_ kind: String) {
                guard !sizes.isEmpty else { return }
                count.remarks.append(
                    "\(drawn.label): \(kind) first order at \(Self.text(x)), jump \(Self.text(jump.size)): \(describe(near))"
                )
            }
            let candidates = firsts.indices.filter { isNear(firsts[$0], x) }
            if let nearest = candidates.min(by: {
                abs(log(firsts[$0].location! / x)) < abs(log(firsts[$1].location! / x))
            }) {
                let claim = firsts.remove(at: nearest)
                let slack = 2e-7 * x + (jump.high.gamma - jump.low.gamma)
                let isCovered = claim.interval.map { $0[0] - slack <= x && x <= $0[1] + slack } ?? false
                add {
                    $0.found += 1
                    $0.covered += isCovered ? 1 : 0
                }
                if !isCovered { tell("interval \(claim.interval ?? []) without") }
            } else if near.contains(where: { $0.order == "undecided" }) {
                add { $0.undecided += 1 }
                tell("undecided")
            } else if near.contains(where: { $0.order == "second" || $0.order == "zeroth" || $0.order == "first" }) {
                add { $0.wrong += 1 }
                tell("wrong")
            } else {
                add { $0.missed += 1 }
                tell("missed")
            }
        }
        count.undecidedVerdicts = claims.count { $0.order == "undecided" }
        count.claims = claims.count { $0.order == "first" || $0.order == "second" }
        for claim in firsts {
            // Smaller than what is looked for everywhere: a look at this place.
            let width = max(claim.interval![1] - claim.interval![0], 1e-3 * claim.location!)
            let isReal = truth.hasJump(
                of: 0.4 * abs(claim.jump ?? 0), in: claim.interval![0] - width, claim.interval![1] + width)
            if isReal { continue }
            count.invented += 1
            count.remarks.append(
                "\(drawn.label): invented \(describe([claim])) ± \(Self.text((claim.interval![1] - claim.interval![0]) / 2)); "
                    + "true jumps "
                    + jumps.map { "\(Self.text($0.location)) \(Self.text($0.size))" }.joined(separator: ", "))
        }
        for claim in claims where claim.order == "second" {
            guard let place = claim.location, let interval = claim.interval,
                !jumps.contains(where: { isNear(claim, $0.location) }),
                !truth.hasKink(
                    in: max(interval[0], place * 0.98), min(interval[1], place * 1.02))
            else { continue }
            count.invented += 1
            count.remarks.append("\(drawn.label): invented \(claim.sentence)")
        }
        return count
    }

    private static func text(_ x: Double) -> String { String(format: "%.7g", x) }
}

extension NetCoverage {
    /// `Coverage nets [NETS [FIRST]]`: LANDAU names the command. A line for each remark, then the table of docs/coverage.md.
    static func main(_ words: [String]) throws {
        let nets = words.first.flatMap { Int($0) } ?? 120
        let first = words.dropFirst().first.flatMap { Int($0) } ?? 0
        let landau = ProcessInfo.processInfo.environment["LANDAU"] ?? ".build/release/landau"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nets-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let coverage = NetCoverage(of: URL(fileURLWithPath: landau).absoluteURL, in: folder)
        var sums: [String: NetCount] = [:]
        for number in first..<first + nets {
            let drawn = RandomNet(number: number)
            let count = try coverage.measure(drawn)
            for remark in count.remarks { print(remark) }
            print("\(drawn.label): done, \(String(format: "%.1f", count.seconds)) s")
            fflush(nil)
            sums[drawn.activation] = (sums[drawn.activation] ?? NetCount()) + count
        }
        print(table(sums))
    }

    static func table(_ sums: [String: NetCount]) -> String {
        var lines = [
            "| activation | nets | set aside | jumps above | transitions | found | undecided | wrong | missed | coverage | claims | invented |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        let all = sums.values.reduce(NetCount(), +)
        let parts = RandomNet.activations.compactMap { name in sums[name].map { (name, $0) } } + [("all", all)]
        for (name, count) in parts {
            for (i, size) in NetCount.sizes.enumerated() {
                let jumps = count.jumps[i]
                let coverage =
                    jumps.found == 0
                    ? "–" : String(format: "%.1f %%", 100 * Double(jumps.covered) / Double(jumps.found))
                lines.append(
                    "| \(name) | \(count.nets) | \(count.setAside) | \(size) | \(jumps.count) | \(jumps.found) "
                        + "| \(jumps.undecided) | \(jumps.wrong) | \(jumps.missed) | \(coverage) "
                        + "| \(count.claims) | \(count.invented) |")
            }
        }
        return lines.joined(separator: "\n")
    }
}
