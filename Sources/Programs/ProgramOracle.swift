import GSLNumerics
import PhaseSpace
import TinyNets

/// The oracle of a program's net: what `evaluate` answers. The net whose weights are all zero counts as a zero net where it
/// is a stationary point.
final class ProgramOracle: BranchOracle {
    let weightCount: Int
    let vectorsAtOnce = 16
    private(set) var lossScale = 1.0
    private(set) var evaluations = 0
    private(set) var hasZeroNet = false
    /// Why nothing is asked any more: the program has ended.
    private(set) var failure: ProgramError?
    /// Why the net had no value at the last place without one.
    private(set) var mistake: ProgramError?

    private let evaluator: ProgramEvaluator
    private let allowed: ClosedRange<Double>
    private let want: Set<String>
    private let hasControlGradient: Bool
    /// Distance of the finite differences along the control.
    private let probe: Double
    /// Whether ∂L/∂a does not change with a.
    private var isLinear = false
    /// Where it is the same at all values of the control.
    private var zeroNetLoss: Double?
    private var here: (weights: [Double], control: Double)

    /// The most weights of a net whose whole Hessian is made at every point.
    private static let denseLimit = 256

    /// - Parameters:
    ///   - weights: of a net near a minimum.
    ///   - range: of the control.
    ///   - allowed: values of the control that the program takes.
    ///   - seeksZeroNet: whether it is looked for.
    /// - Throws: `ProgramError` where the net has no value in the range.
    init(
        _ evaluator: ProgramEvaluator, _ program: ProgramDeclaration, weights: [Double], range: ClosedRange<Double>,
        allowed: ClosedRange<Double>, seeksZeroNet: Bool
    ) throws(ProgramError) {
        self.evaluator = evaluator
        self.allowed = allowed
        weightCount = weights.count
        hasControlGradient = program.evaluates.contains("controlGradient")
        want = hasControlGradient ? ["gradient", "controlGradient"] : ["gradient"]
        let span = BranchFollower.span(of: range)
        probe = 1e-4 * (span > 0 ? span : 1)
        here = (weights, range.lowerBound)
        let isPoint = range.lowerBound == range.upperBound
        let inner = range.lowerBound + (isPoint ? probe : 0.5 * (range.upperBound - range.lowerBound))
        let controls = [range.lowerBound, inner, isPoint ? inner + probe : range.upperBound].map {
            min(max($0, allowed.lowerBound), allowed.upperBound)
        }
        let first = try evaluations(of: weights, at: controls)
        lossScale = first.compactMap(\.loss).reduce(0) { max($0, abs($1)) }
        isLinear = isConstant(first.map { $0.controlDerivative ?? .nan })
        if seeksZeroNet { lookForZeroNet(at: controls) }
        if lossScale == 0 { lossScale = 1 }
    }

    private func evaluations(
        of weights: [Double], at controls: [Double]
    ) throws(ProgramError) -> [ProgramEvaluator.Answer] {
        var answers: [ProgramEvaluator.Answer] = []
        for control in controls { answers.append(try evaluator.evaluate(weights, at: control, want: want)) }
        evaluations += controls.count
        return answers
    }

    private func lookForZeroNet(at controls: [Double]) {
        let zero = zeroNetWeights(controls[0])
        guard let answers = try? evaluations(of: zero, at: controls),
            answers.allSatisfy({ norm($0.gradient) <= 1e-12 * (lossScale + abs($0.loss ?? 0)) })
        else { return }
        hasZeroNet = true
        let losses = answers.compactMap(\.loss)
        lossScale = losses.reduce(lossScale) { max($0, abs($1)) }
        let isFlat = answers.allSatisfy { abs($0.controlDerivative ?? .nan) <= 1e-12 * lossScale }
        if isFlat, isConstant(losses) { zeroNetLoss = losses[0] }
    }

    private func isConstant(_ values: [Double]) -> Bool {
        guard let low = values.min(), let high = values.max() else { return false }
        return high - low <= 1e-12 * max(abs(low), abs(high))
    }

    // MARK: - The oracle

    func state(_ weights: [Double], _ control: Double) -> BranchState {
        here = (weights, control)
        guard failure == nil else { return nowhere }
        do throws(ProgramError) {
            return try found(weights, control)
        } catch {
            note(error)
            return nowhere
        }
    }

    private func found(_ weights: [Double], _ control: Double) throws(ProgramError) -> BranchState {
        let answer = try evaluator.evaluate(weights, at: control, want: want)
        evaluations += 1
        var (drive, slope, bend) = (answer.controlGradient, answer.controlDerivative ?? .nan, 0.0)
        if !isLinear || !hasControlGradient || !slope.isFinite {
            let near = try Neighbours(self, weights, control, answer)
            if !hasControlGradient { drive = near.slopes(\.gradient) }
            if !slope.isFinite { slope = near.slopes { [$0.loss ?? .nan] }[0] }
            if !isLinear { bend = near.slopes { [$0.controlDerivative ?? .nan] }[0] }
        }
        var (zeroLoss, zeroSlope) = (Double.infinity, 0.0)
        if let zeroNetLoss {
            zeroLoss = zeroNetLoss
        } else if hasZeroNet {
            let zero = try evaluator.evaluate(zeroNetWeights(control), at: control, want: [])
            (zeroLoss, zeroSlope) = (zero.loss ?? .infinity, zero.controlDerivative ?? 0)
        }
        let loss = answer.loss ?? .nan
        return BranchState(
            weights: weights, control: control, loss: loss, dataLoss: loss,
            layerSquaredNorms: [weights.reduce(0) { $0 + $1 * $1 }], gradient: answer.gradient, drive: drive,
            slope: slope, bend: bend.isFinite ? bend : 0, zeroNetLoss: zeroLoss, zeroNetSlope: zeroSlope)
    }

    /// Three evaluations side by side, for differences of second order; at an end of what the program takes, to one side.
    private struct Neighbours {
        private let answers: [ProgramEvaluator.Answer]
        private let weights: [Double]

        init(
            _ oracle: ProgramOracle, _ w: [Double], _ control: Double, _ middle: ProgramEvaluator.Answer
        ) throws(ProgramError) {
            let h = oracle.probe
            func at(_ steps: Double) throws(ProgramError) -> ProgramEvaluator.Answer {
                oracle.evaluations += 1
                return try oracle.evaluator.evaluate(w, at: control + steps * h, want: oracle.want)
            }
            if control - h < oracle.allowed.lowerBound {
                answers = [middle, try at(1), try at(2)]
                weights = [-1.5 / h, 2 / h, -0.5 / h]
            } else if control + h > oracle.allowed.upperBound {
                answers = [middle, try at(-1), try at(-2)]
                weights = [1.5 / h, -2 / h, 0.5 / h]
            } else {
                answers = [try at(1), try at(-1)]
                weights = [0.5 / h, -0.5 / h]
            }
        }

        /// The derivative by the control of what an answer holds.
        func slopes(_ values: (ProgramEvaluator.Answer) -> [Double]) -> [Double] {
            var sum = [Double](repeating: 0, count: values(answers[0]).count)
            for (answer, weight) in zip(answers, weights) {
                for (i, x) in values(answer).enumerated() { sum[i] += weight * x }
            }
            return sum
        }
    }

    func hessianProducts(_ vectors: ArraySlice<[Double]>) -> [[Double]] {
        evaluations += 1
        if failure == nil {
            do throws(ProgramError) {
                return try evaluator.evaluate(
                    here.weights, vectors: Array(vectors), at: here.control, want: ["hessianAction"]
                ).hessianAction
            } catch { note(error) }
        }
        return vectors.map { _ in [Double](repeating: 0, count: weightCount) }
    }

    func spectra(
        of states: [(weights: [Double], control: Double)], limit: Int, settling: Double
    ) -> [(lowest: Double, size: Double)] {
        states.map { state in
            here = state
            guard weightCount <= Self.denseLimit else {
                return lowestEigenvalues(count: 1, limit: limit, settling: settling)[0]
            }
            guard let values = try? symmetricEigenSystem(hessian, order: weightCount).values, let low = values.first,
                let high = values.last
            else { return (.nan, .nan) }
            return (low, max(abs(low), abs(high)))
        }
    }

    func layers(of weights: [Double]) -> [[Double]] { [] }

    func zeroNetWeights(_ control: Double) -> [Double] { [Double](repeating: 0, count: weightCount) }

    func isZeroNetUnique(_ control: Double) -> Bool { true }

    /// What the program reports at some weights beside the loss; empty where it reports nothing, or has no value there.
    func observables(_ weights: [Double], _ control: Double) -> [String: Double] {
        guard failure == nil else { return [:] }
        do throws(ProgramError) {
            return try evaluator.evaluate(weights, at: control, want: []).observables
        } catch {
            note(error)
            return [:]
        }
    }

    // MARK: - Where there is no answer

    private var nowhere: BranchState {
        BranchState(
            weights: here.weights, control: here.control, loss: .nan, dataLoss: .nan, layerSquaredNorms: [.nan],
            gradient: [.nan], drive: [.nan], slope: .nan, bend: .nan, zeroNetLoss: .infinity, zeroNetSlope: 0)
    }

    /// A place without a value is no fault of the program's; its end is.
    private func note(_ error: ProgramError) {
        if case .protocolBroken = error { mistake = error } else { failure = error }
    }

    private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
