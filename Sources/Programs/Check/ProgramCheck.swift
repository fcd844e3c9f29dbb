import Foundation
import PhaseSpace
import Support

/// The conformance test of a program: whether it does what chains, resumes and verdicts rest on. Each check is a sentence.
package struct ProgramCheck {
    let model: ProgramModel
    /// A few points of one warm sweep, or of cold starts, in the order of the swept control.
    let points: [Point]
    let axis: String

    /// - Parameters:
    ///   - model: of a family of `ProgramHost`.
    ///   - points: at least one; they differ in `axis` alone.
    /// - Throws: `ProgramError.unusable` for a model that no program trains.
    package init(_ model: any Model, points: [Point], axis: String) throws(ProgramError) {
        guard let model = model as? ProgramModel else {
            throw .unusable("`\(model.declaration.name)` is a model of this build; programs are checked")
        }
        self.model = model
        self.points = points
        self.axis = axis
    }

    /// All checks, each handed over as soon as it is done.
    /// - Throws: `ProgramError` where the program can no longer be started.
    package func run(_ report: (ProgramFinding) -> Void) throws {
        report(handshake)
        let first = worker()
        defer { first.end() }
        let once = try trial(alone(cold), first)
        if let failed = once.failures.sorted(by: { $0.reason < $1.reason }).first {
            return report(.failed("a point cannot be trained: \(failed.reason)"))
        }
        report(reporting(once))
        let second = worker()
        defer { second.end() }
        for (worker, how) in [(first, "in the same process"), (second, "in a new process")] {
            let finding = repeated(once, try trial(alone([cold[0]]), worker), how)
            report(finding)
            if finding.outcome == .failed {
                return report(.skipped("the other checks compare points, which must be the same twice before that"))
            }
        }
        if let direction = model.declaration.directions.first(where: \.isWarm), points.count > 1 {
            let chain = warm(direction)
            let straight = try trial([chain], first)
            report(try carriesOver(chain, straight, first))
            report(try resumes(chain, straight))
        } else {
            report(.skipped("chains: the program trains cold points alone"))
        }
        report(try lanes(first))
        for finding in try derivatives(first) { report(finding) }
        for finding in try evaluations(first) { report(finding) }
        report(strayLines(first))
    }

    // MARK: - What is trained

    /// A worker with a child of its own; its number keeps it apart from others.
    func worker() -> ProgramWorker {
        let worker = ProgramWorker(model.run, number: 0)
        // Minima are alike from any start: what is looked at is the program's own doing.
        worker.isPolishing = false
        return worker
    }

    func trial(
        _ chains: [Chain], _ worker: ProgramWorker, killsAfter: Int? = nil, together: Bool = false
    ) throws -> ProgramTrial {
        try ProgramTrial(chains, killsAfter: killsAfter).train(with: worker, together: together)
    }

    var cold: [Point] { points.map { moved($0, direction: .cold) } }
    func alone(_ points: [Point]) -> [Chain] { points.map { Chain(points: [$0], axis: axis) } }
    func warm(_ direction: Direction) -> Chain {
        let ordered = direction == .down ? points.reversed() : points
        return Chain(points: ordered.map { moved($0, direction: direction) }, axis: axis)
    }

    /// The point with other controls, another direction or another replica; its identity is its own.
    func moved(
        _ point: Point, to value: (String, Double)? = nil, direction: Direction? = nil, replica: Int? = nil
    ) -> Point {
        var controls = point.controls
        if let (name, x) = value { controls[name] = .number(x) }
        let direction = direction ?? point.direction
        let replica = replica ?? point.replica
        let text = controls.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" } + ["\(direction) \(replica)"]
        let identity = Array(text.joined(separator: " ").utf8).withUnsafeBytes { PointIdentity(hashing: $0) }
        return Point(controls: controls, replica: replica, direction: direction, identity: identity)
    }

    // MARK: - Sentences

    private var handshake: ProgramFinding {
        let declaration = model.program
        let parts = [
            "version \(declaration.version)", counted(declaration.controls.count, "control"),
            counted(declaration.observables.count, "observable"),
            "directions " + declaration.directions.map(\.rawValue).joined(separator: ", "),
        ]
        return .passed("it says what it is (\(declaration.name), \(parts.joined(separator: ", "))) and gets ready")
    }

    /// Whether what is declared is reported.
    private func reporting(_ trial: ProgramTrial) -> ProgramFinding {
        guard let observation = trial.observation(of: cold[0]) else { return .failed("a point has no answer") }
        let missing = model.program.observables.map(\.name).filter { observation.values[$0] == nil }
        let took = String(format: "%.2g s", observation.seconds)
        guard observation.values[model.program.orderParameter] != nil || !observation.outcome.isDone else {
            return .failed(
                "\(place(of: cold[0])) has no value of the order parameter `\(model.program.orderParameter)`")
        }
        return .passed(
            "\(place(of: cold[0])) is \(observation.outcome.rawValue) in \(took) of its own time"
                + (missing.isEmpty ? "" : "; without a value: \(missing.joined(separator: ", "))"))
    }

    private func repeated(_ once: ProgramTrial, _ again: ProgramTrial, _ how: String) -> ProgramFinding {
        guard let difference = difference(once, again, at: cold[0]) else {
            return .passed("the same point, trained again \(how), has the same numbers to the last bit")
        }
        if !model.program.isDeterministic, difference.relative < 1e-3 {
            return .passed(
                "the same point, trained again \(how), differs by \(String(format: "%.1g", difference.relative)), as "
                    + "`deterministic: false` allows")
        }
        return .failed(
            "the same point, trained again \(how), has other numbers: \(difference.words). Take all randomness from "
                + "the point's `seeds`, or declare `deterministic: false`")
    }

    private func strayLines(_ worker: ProgramWorker) -> ProgramFinding {
        guard let session = worker.session else { return .skipped("prints: no process is left to be asked") }
        if let mistake = session.mistakes.first { return .failed("it prints what is no message: \(mistake)") }
        let count = session.strayLines
        return .passed(
            count == 0
                ? "its standard output holds messages alone"
                : "\(counted(count, "line")) on standard output \(count == 1 ? "was" : "were") no message; such lines "
                    + "go to the log and harm nothing")
    }

    func place(of point: Point) -> String { "the point \(axis) = \(point.controls[axis].map { "\($0)" } ?? "?")" }

    struct Difference {
        let words: String
        let relative: Double
    }

    /// The largest one between two trials at a point; nil where all is equal to the last bit.
    func difference(_ a: ProgramTrial, _ b: ProgramTrial, at point: Point, and other: Point? = nil) -> Difference? {
        let (x, y) = (a.observation(of: point), b.observation(of: other ?? point))
        guard let x, let y else { return Difference(words: "one of them has no answer", relative: .infinity) }
        if x.outcome != y.outcome {
            return Difference(words: "it is \(x.outcome.rawValue), and then \(y.outcome.rawValue)", relative: .infinity)
        }
        var worst: Difference?
        for name in model.program.observables.map(\.name) {
            let (u, v) = (x.values[name], y.values[name])
            guard u != v else { continue }
            guard let u, let v else {
                return Difference(words: "`\(name)` has a value once and none the other time", relative: .infinity)
            }
            let relative = abs(u - v) / max(abs(u), abs(v))
            if relative > worst?.relative ?? -1 {
                worst = Difference(
                    words: "`\(name)` at \(axis) = \(point.controls[axis]!) is \(u), and then \(v)", relative: relative)
            }
        }
        return worst
    }
}
