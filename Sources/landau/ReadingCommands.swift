import ArgumentParser
import Figures
import Foundation
import OrderedCollections
import PhaseSpace
import Support
import Sweeps
import Transitions

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How far a sweep is; the exit status is 0 only when it is complete.")

    @OptionGroup var options: SweepOptions
    @Flag(help: "As JSON.") var json = false

    func run() throws {
        let plan = try options.planForReading(programs: .storedOrStarted)
        let path = options.storePath(of: plan.spec)
        let store = try options.openIfThere(path, plan)
        let shards = try options.shardStores(of: plan)
        let status = try plan.status(in: store, shards: shards.map(\.store))
        let counts = Outcome.allCases.compactMap { outcome in status.outcomes[outcome].map { (outcome.rawValue, $0) } }
        if json {
            let byOutcome = OrderedDictionary(
                uniqueKeysWithValues: counts.map { ($0.0, JSONValue.number(Double($0.1))) })
            let document: JSONValue = [
                "planned": .number(Double(status.planned)), "done": .number(Double(status.done)),
                "notDone": .number(Double(status.notDone)), "left": .number(Double(status.left)),
                "outcomes": .object(byOutcome), "others": .number(Double(status.others)),
                "replicas": status.replicas.map { tally in
                    [
                        "met": .number(Double(tally.met)), "exhausted": .number(Double(tally.exhausted)),
                        "open": .number(Double(tally.open)),
                    ]
                } ?? .null,
                "writer": status.writer.map(JSONValue.text) ?? .null, "complete": .bool(status.isComplete),
                "shards": .list(
                    try shards.map { shard, store in
                        [
                            "index": .number(Double(shard.index)), "of": .number(Double(shard.count)),
                            "points": .number(Double(try store.counts().values.reduce(0, +))),
                            "writer": Store.writer(of: store.path).map(JSONValue.text) ?? .null,
                        ]
                    }),
            ]
            print(document.serialized())
        } else {
            let least = status.replicas.map { $0.open > 0 } ?? false ? "at least " : ""
            print(
                "\(status.planned) points: \(status.done) done, \(status.notDone) not done, \(least)\(status.left) left"
            )
            for (name, count) in counts { print("  \(name) \(count)") }
            if let replicas = status.replicas {
                print(
                    "  error as small as asked at \(replicas.met), too large with all replicas at \(replicas.exhausted), "
                        + "in work at \(replicas.open) of \(replicas.met + replicas.exhausted + replicas.open) "
                        + (plan.spec.directions == [.cold] ? "places" : "places and warm sweeps"))
            }
            if status.others > 0 { print("  \(status.others) more in the store that this spec does not ask for") }
            if let writer = status.writer { print("running: \(writer)") }
            for (shard, store) in shards {
                let points = try store.counts().values.reduce(0, +)
                let writer = Store.writer(of: store.path).map { ", running: \($0)" } ?? ""
                print("shard \(shard): \(points) points\(writer)")
            }
        }
        if !status.isComplete { throw ExitCode(.unfinished) }
    }
}
