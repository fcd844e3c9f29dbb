import Foundation
import PhaseSpace

extension ProgramCheck {
    /// Gradient, Hessian action and derivatives by the control against differences, and whether they are float64.
    func evaluations(_ worker: ProgramWorker) throws -> [ProgramFinding] {
        guard !model.program.evaluates.isEmpty else { return [.skipped("`evaluate` is not declared")] }
        let point = points[points.count / 2]
        let count = try weightCount(worker)
        guard let session = worker.session, count > 0, let x = point.controls[axis]?.number else {
            return [
                .failed("`evaluate` is declared, and points are answered without their weights: `theta=` in the helper")
            ]
        }
        // Any weights will do: what is asked for is a function of them.
        var generator = SplitMix(state: 1)
        let theta = (0..<count).map { _ in 0.3 * generator.next() }
        let direction = (0..<count).map { _ in generator.next() }
        let evaluator = ProgramEvaluator(session, run: model.run, point: point, along: axis)
        func at(_ h: Double, control: Double = 0) throws -> ProgramEvaluator.Answer {
            try evaluator.evaluate(
                zip(theta, direction).map { $0 + h * $1 }, vectors: [direction], at: x + control,
                want: model.program.evaluates)
        }
        let here = try at(0)
        var findings: [ProgramFinding] = []
        let h = 1e-5
        let (above, below) = (try at(h), try at(-h))
        let (right, left) = (try at(0, control: h), try at(0, control: -h))
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        func quotient(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { ($0 - $1) / (2 * h) } }
        func compare(_ what: String, _ given: [Double], _ found: [Double], _ tolerance: Double) {
            let size = max(given.map(abs).max() ?? 0, found.map(abs).max() ?? 0, 1e-6)
            let worst = zip(given, found).map { abs($0 - $1) }.max() ?? .infinity
            let isRight = given.count == found.count && worst <= tolerance * size
            findings.append(
                isRight
                    ? .passed("\(what) agrees with differences to \(String(format: "%.1g", worst / size))")
                    : .failed(
                        "\(what) is wrong: it is off from difference quotients by \(String(format: "%.2g", worst / size)) of its size"
                    ))
        }
        let vectors = [here.gradient] + here.hessianAction.map { $0 } + [here.controlGradient]
        let numbers = ([here.loss, here.controlDerivative].compactMap { $0 } + vectors.flatMap { $0 }).filter {
            $0 != 0
        }
        if !numbers.isEmpty, numbers.allSatisfy({ Double(Float($0)) == $0 }) {
            findings.append(
                .failed(
                    "`evaluate` answers in float32: all its numbers have at most 24 bits. Newton's method needs float64 "
                        + "(JAX: jax_enable_x64; PyTorch: module.double())"))
            return findings
        }
        findings.append(.passed("`evaluate` answers in float64"))
        if model.program.evaluates.contains("gradient") {
            compare("the gradient", [dot(here.gradient, direction)], [(above.loss! - below.loss!) / (2 * h)], 1e-4)
            // What follows is compared with differences of the gradient.
            if findings.last?.outcome == .failed { return findings }
        }
        if model.program.evaluates.contains("hessianAction"), let action = here.hessianAction.first {
            compare("the Hessian action", action, quotient(above.gradient, below.gradient), 1e-4)
        }
        if let slope = here.controlDerivative {
            compare("`controlDerivative`", [slope], [(right.loss! - left.loss!) / (2 * h)], 1e-4)
        }
        if model.program.evaluates.contains("controlGradient") {
            compare("`controlGradient`", here.controlGradient, quotient(right.gradient, left.gradient), 1e-4)
        }
        if model.program.isFollowed { findings.append(try polish()) }
        return findings
    }

    /// Of a trained point; 0 where the program does not report weights.
    private func weightCount(_ worker: ProgramWorker) throws -> Int {
        if let count = model.program.parameterCount { return count }
        let (answer, _) = try weights(worker)
        return answer?.theta.flatMap(ProgramEvaluator.decode)?.count ?? 0
    }

    private func weights(_ worker: ProgramWorker) throws -> (ProgramMessage.PointAnswer?, reason: String) {
        worker.isPolishing = true
        defer { worker.isPolishing = false }
        let trial = ProgramTrial([])
        _ = try worker.started(trial)
        return try worker.trained(alone([cold[points.count / 2]])[0], 0, trial)
    }

    /// A point with its minimum sought by Newton's method.
    private func polish() throws -> ProgramFinding {
        let worker = worker()
        defer { worker.end() }
        let point = cold[points.count / 2]
        guard try weights(worker).0 != nil else {
            return .failed("\(place(of: point)) is answered without its weights: `theta=` in the helper")
        }
        worker.isPolishing = true
        let found = try trial(alone([point]), worker).observation(of: point)
        guard let found, found.outcome == .converged else {
            return .failed("\(place(of: point)) has no minimum: \(found?.reason ?? "no answer")")
        }
        guard found.reason.isEmpty else { return .failed("\(place(of: point)): \(found.reason)") }
        return .passed("Newton's method finds a minimum from the weights of \(place(of: point))")
    }
}

/// Numbers in (−1, 1) that are the same everywhere.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double(Int64(bitPattern: z ^ (z >> 31)) >> 11) * 0x1p-52
    }
}
