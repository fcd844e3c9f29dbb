import Foundation
import OrderedCollections
import PhaseSpace
import Support

/// Loss, gradient and Hessian action of a program's net at given weights, by `evaluate`.
package final class ProgramEvaluator {
    package struct Answer: Sendable {
        package var loss: Double?
        package var controlDerivative: Double?
        package var gradient: [Double] = []
        package var hessianAction: [[Double]] = []
        package var controlGradient: [Double] = []
        package var observables: [String: Double] = [:]
    }

    private let session: ProgramSession
    private let run: ProgramRun
    private let point: Point
    private let along: String
    private var number = 0

    init(_ session: ProgramSession, run: ProgramRun, point: Point, along: String) {
        self.session = session
        self.run = run
        self.point = point
        self.along = along
    }

    /// - Parameters:
    ///   - theta: the weights.
    ///   - control: the value of the control `along`; nil for the point's own.
    ///   - want: of the declared `gradient`, `hessianAction`, `controlGradient`; the loss and its derivative by the control are
    ///     always asked for.
    /// - Throws: `ProgramError` where there is no answer, or one of another size.
    package func evaluate(
        _ theta: [Double], vectors: [[Double]] = [], at control: Double? = nil, want: Set<String>
    ) throws(ProgramError) -> Answer {
        number += 1
        var controls = OrderedDictionary(
            uniqueKeysWithValues: point.controls.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })
        if let control { controls[along] = .number(control) }
        try session.send([
            "type": "evaluate", "id": .number(Double(number)), "controls": .object(controls),
            "replica": .number(Double(point.replica)), "seeds": ProgramFlight.seeds(of: point, seed: run.seed),
            "theta": .text(Self.encode(theta)), "along": .text(along),
            "want": .list((["loss", "controlDerivative"] + want.sorted()).map(JSONValue.text)),
            "vectors": .list(want.contains("hessianAction") ? vectors.map { .text(Self.encode($0)) } : []),
        ])
        let start = ContinuousClock.now
        let limit = run.program.pointSeconds ?? ProgramSession.usualStart
        while ContinuousClock.now - start < .seconds(limit) {
            guard case .message(let message) = try session.receive(within: 100) else { continue }
            switch message {
            case .failed(let failure):
                throw .protocolBroken(program: run.command.text, message: "`evaluate` failed: \(failure.message)")
            case .values(let values) where Int(exactly: values.id) == number:
                return try answer(values, size: theta.count, vectors: vectors.count, want)
            default: continue
            }
        }
        throw .ended(
            program: run.command.text, how: "gave no answer to `evaluate` within \(limit) s",
            log: session.child.log.text)
    }

    private func answer(
        _ values: ProgramMessage.Evaluation, size: Int, vectors: Int, _ want: Set<String>
    ) throws(ProgramError) -> Answer {
        func vector(_ text: String?, _ name: String) throws(ProgramError) -> [Double] {
            guard want.contains(name) else { return [] }
            guard let text, let numbers = Self.decode(text), numbers.count == size else {
                throw .protocolBroken(
                    program: run.command.text, message: "`\(name)` must be base64 of \(size) numbers in float64")
            }
            return numbers
        }
        guard let loss = values.loss, loss.isFinite else {
            throw .protocolBroken(program: run.command.text, message: "`evaluate` answered without `loss`")
        }
        var actions: [[Double]] = []
        for action in values.hessianAction ?? [] { actions.append(try vector(action, "hessianAction")) }
        guard !want.contains("hessianAction") || actions.count == vectors else {
            throw .protocolBroken(
                program: run.command.text, message: "`hessianAction` must be a list of \(vectors), one for each vector")
        }
        return Answer(
            loss: loss, controlDerivative: values.controlDerivative, gradient: try vector(values.gradient, "gradient"),
            hessianAction: actions,
            controlGradient: try vector(values.controlGradient, "controlGradient"),
            observables: (values.observables ?? [:]).compactMapValues { $0 })
    }

    /// Base64 of little-endian float64.
    static func encode(_ numbers: [Double]) -> String {
        numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0).base64EncodedString() }
    }

    /// Nil for a text that is no base64 of whole float64 numbers.
    static func decode(_ text: String) -> [Double]? {
        guard let data = Data(base64Encoded: text), data.count % 8 == 0 else { return nil }
        return data.withUnsafeBytes { bytes in
            (0..<data.count / 8).map {
                Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
            }
        }
    }
}
