import Explorer
import Foundation
import PhaseSpace

/// A sweep made by hand: a norm that jumps at 0.5, of `replicas` replicas at `count` values, in two rows.
struct SmallSweep {
    var title = "A jump"
    var path = "sweeps/jump.yaml"
    var reason = "the loss is not a number"
    var dimension = "depth"
    var label: ControlValue = .number(2)
    var count = 20
    var replicas = 3
    var observables = ["squaredNorm"]
    var hasFailure = true

    var sweep: ExplorerSweep {
        let control = ControlParameter(
            "gamma", symbol: "γ", kind: .real(0...10), defaultValue: nil, meaning: "weight decay")
        let other = ControlParameter(dimension, symbol: "", kind: .formula, defaultValue: nil, meaning: dimension)
        let rows: [ControlValue] = [.number(1), label]
        let curves = rows.map { row in
            Curve(
                key: CurveKey(
                    model: "small", fixed: [dimension: row], axis: "gamma", orderParameter: "squaredNorm"),
                samples: samples, varying: [dimension])
        }
        let verdicts = curves.map { curve -> Verdict in
            var transition = Transition(
                order: .first, location: Estimate(0.5, Interval(0.49, 0.51)), sentence: "first order: \(title)")
            transition.evidence["replicas"] = .number(Double(replicas))
            var verdict = Verdict(key: curve.key, varying: [dimension], transitions: [transition])
            if hasFailure {
                verdict.leftOut = [.diverged: 1]
                verdict.leftOutReason = reason
            }
            return verdict
        }
        var theory = ExplorerTheory()
        for replica in 0..<replicas {
            theory.exact[replica] = Dictionary(
                uniqueKeysWithValues: Set(samples.map(\.control)).map { ($0, ["squaredNorm": norm($0)]) })
        }
        return ExplorerSweep(
            name: "jump", title: title, path: path, overrides: [], folder: nil, axis: control,
            controls: [control, other],
            observables: observables.map { Observable($0, symbol: $0, meaning: "what \($0) says") },
            orderParameter: "squaredNorm", replicas: replicas, curves: curves, verdicts: verdicts,
            theory: curves.map { _ in theory })
    }

    private func norm(_ x: Double) -> Double { x < 0.5 ? 2 - x : 0 }

    private var samples: [CurveSample] {
        (0..<count).flatMap { i -> [CurveSample] in
            let x = (Double(i) + 0.5) / Double(count)
            return (0..<replicas).map { replica in
                guard !(hasFailure && i == 2 && replica == 0) else {
                    return CurveSample(
                        control: x, replica: 0, direction: .cold, outcome: .diverged, reason: reason, values: [:])
                }
                let value = norm(x) * (1 + 0.01 * Double(replica - 1))
                return CurveSample(
                    control: x, replica: replica, direction: .cold, outcome: .converged,
                    values: Dictionary(
                        uniqueKeysWithValues: observables.enumerated().map { ($1, value + Double($0) * sqrt(x)) }),
                    seconds: 0.25)
            }
        }
    }
}

/// Little-endian whole numbers, as packed columns hold them.
func words<Word: FixedWidthInteger>(_ data: Data, as type: Word.Type) -> [Word] {
    data.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: Word.bitWidth / 8).map {
            Word(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: type))
        }
    }
}
