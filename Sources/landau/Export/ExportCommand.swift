import ArgumentParser
import Foundation
import Kernels
import PhaseSpace
import Support
import Sweeps

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Observations, recorded steps or nets as a table on standard output, in canonical order.",
        discussion: """
            landau export mine.yaml --format jsonl
            landau export results/mine --trajectories --where replica=0
            landau export results/mine --weights --where depth=2 --where gamma=0.3 --format npz > nets.npz

            A store holds no weights. `--weights` trains the points again, bit by bit as they were, and holds their \
            observables against the store. Of a warm point the whole chain is trained.

            `--where` takes controls, replica and direction; a number of the swept axis stands for the nearest value \
            there.
            """)

    @OptionGroup var options: SweepOptions
    @Option(
        help: "csv, tsv or jsonl; with --weights jsonl or npz (NumPy).",
        completion: .list(["csv", "tsv", "jsonl", "npz"]))
    var format: String?
    @Flag(help: "Add the seconds each point took.") var timings = false
    @Flag(help: "The recorded steps of points instead, a line a step.") var trajectories = false
    @Flag(help: "The nets instead, layer by layer.") var weights = false
    @Option(
        name: .customLong("where"),
        help: ArgumentHelp("Only points with this: depth=2, gamma=0.1,0.3, replica=0.", valueName: "key=values"))
    var conditions: [String] = []

    func run() throws {
        if weights, trajectories { throw Failure("`--weights` and `--trajectories` are two exports; ask for one") }
        if timings, weights || trajectories { throw Failure("`--timings` belongs to observations") }
        if weights { return try exportNets() }
        let kind = try Self.format(format ?? "csv", among: ExportFormat.allCases.map(\.rawValue))
        guard let kind = ExportFormat(rawValue: kind) else { preconditionFailure("it is one of them") }
        let plan = try options.planForReading()
        let store = try options.openForReading(plan)
        let choice = try PointChoice(conditions, of: plan.spec)
        let points = try Self.points(of: plan, in: store, choice, areAll: conditions.isEmpty)
        let output = OutputBuffer()
        if trajectories {
            let count = try plan.exportTrajectories(
                from: store, as: kind, points: AnySequence(points), to: output.write)
            if count == 0 {
                complain(
                    "landau: note: no steps are recorded: \(plan.spec.declaration.name) "
                        + (plan.spec.declaration.trajectoryObservables.isEmpty
                            ? "records none" : "records them where its sweep says so"))
            }
        } else {
            try plan.export(from: store, as: kind, points: AnySequence(points), timings: timings, to: output.write)
        }
        try output.flush()
    }

    private static func format(_ name: String, among names: [String]) throws -> String {
        if names.contains(name) { return name }
        throw Failure(
            "there is no format `\(name)`\(nearestHint(to: name, among: names)) here; formats: "
                + names.joined(separator: ", "))
    }

    private static func points(
        of plan: SweepPlan, in store: Store, _ choice: PointChoice, areAll: Bool
    ) throws -> any Sequence<Point> {
        let all = AnySequence(try plan.points(in: store))
        return areAll ? all : all.lazy.filter(choice.contains)
    }

    // MARK: - Nets

    private func exportNets() throws {
        let format = try Self.format(format ?? "jsonl", among: ["jsonl", "npz"])
        if format == "npz", isatty(STDOUT_FILENO) == 1 {
            throw Failure("an .npz is no text: send it into a file, as with `> nets.npz`")
        }
        let reading = try options.planForReading()
        if reading.spec.program != nil {
            throw Failure("the nets of \(reading.spec.path) are its program's, which alone can keep their weights")
        }
        let store = try options.openForReading(reading)
        let plan = try SweepPlan(reading.spec, effort: try store.effort())
        let choice = try PointChoice(conditions, of: plan.spec)
        let points = AnySequence(try Self.points(of: plan, in: store, choice, areAll: conditions.isEmpty))
        let nets = try plan.trainedNets(of: Array(points), in: store, threads: availableProcessorCount())
        guard !nets.isEmpty else { throw Failure("the store holds none of these points yet") }
        let output = OutputBuffer()
        if format == "npz" {
            try output.write(try NetArchive(nets, controls: plan.spec.declaration.controls).data)
        } else {
            for net in nets { try output.write(Self.line(net, plan.spec.declaration.controls)) }
        }
        try output.flush()
    }

    private static func line(_ net: TrainedNet, _ controls: [ControlParameter]) -> String {
        let point = net.observation.point
        var members = controls.map { ($0.name, point.controls[$0.name]?.json ?? .null) }
        members += [
            ("replica", .number(Double(point.replica))), ("direction", .text(point.direction.rawValue)),
            ("outcome", .text(net.observation.outcome.rawValue)),
            (
                "weights",
                .object(
                    .init(uniqueKeysWithValues: net.arrays.map { ($0.name, nested($0.values[...], $0.shape[...])) }))
            ),
        ]
        return JSONValue.object(.init(uniqueKeysWithValues: members)).serialized() + "\n"
    }

    private static func nested(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSONValue {
        guard shape.count > 1, let rows = shape.first else { return .numbers(Array(values)) }
        let length = values.count / max(rows, 1)
        return .list(
            (0..<rows).map { row in
                let start = values.startIndex + row * length
                return nested(values[start..<start + length], shape.dropFirst())
            })
    }
}

/// Standard output, piece by piece: a large sweep must not stand in memory twice.
private final class OutputBuffer {
    private var buffer = Data()

    func write(_ text: String) throws { try write(Data(text.utf8)) }

    func write(_ data: Data) throws {
        buffer.append(data)
        if buffer.count > 1 << 16 { try flush() }
    }

    func flush() throws {
        do { try FileHandle.standardOutput.write(contentsOf: buffer) } catch { throw unwritableOutput() }
        buffer.removeAll(keepingCapacity: true)
    }
}
