import Foundation
import PhaseSpace
import Support
import TinyNets

/// A chain of direction `branch`: the branch of the lowest cold minimum at the first point, followed over the grid.
struct BranchChain {
    let model: WeightDecay
    let chain: Chain
    /// At the point where the branch begins.
    let net: Net
    let begun: ContinuousClock.Instant
    /// The net's data along the axis, where that shapes them.
    private let data: DataAlongAxis?

    init(model: WeightDecay, chain: Chain, net: Net, begun: ContinuousClock.Instant) {
        self.model = model
        self.chain = chain
        self.net = net
        self.begun = begun
        data = DataAlongAxis(model, chain, net)
    }

    /// One observation per point of the chain; the first one carries the branch. Empty where the run was stopped.
    /// - Parameter minimum: the best of the cold starts at the first point of the chain, or at the last one.
    func observations(
        from minimum: Minimum, atLast: Bool = false, isCancelled: () -> Bool
    ) -> [Observation] {
        let grid = chain.points.compactMap { $0.controls[chain.axis]?.number }
        if let reason = refusal(grid) {
            return chain.points.map { observation($0, reason: reason) }
        }
        guard grid.count > 1 else {
            return [trained(chain.points[0], minimum)]
        }
        let range = grid[0]...grid[grid.count - 1]
        let follower =
            if let sampled = net.sampled {
                if let data {
                    BranchFollower(gammas: net.problem.gammas, range: range, net: data.net)
                } else {
                    BranchFollower(net: sampled, range: range) { problem(at: $0).gammas }
                }
            } else {
                BranchFollower(shape: net.shape.onMoments, range: range, problem: problem)
            }
        let begin = atLast ? range.upperBound : range.lowerBound
        var coldMinima = [begin: minimum]
        let paths = paths(follower, from: minimum, at: begin, grid, isCancelled) { loss in
            guard loss.weights == nil, let index = grid.firstIndex(of: loss.control) else {
                return minima(beyond: loss, isCancelled)
            }
            guard let best = coldMinima[loss.control] ?? coldMinimum(at: chain.points[index], isCancelled) else {
                return []
            }
            coldMinima[loss.control] = best
            return best.outcome.isDone && best.squaredNorm > 1e-12 ? [best.weights] : []
        }
        if isCancelled() { return [] }
        let branch = FollowedBranch(
            axis: chain.axis, replica: chain.points[0].replica,
            rows: paths.flatMap { path in path.points.map { row($0, path) } })
        return zip(chain.points, grid).enumerated().map { index, element in
            let (point, control) = element
            let stable = paths.flatMap { $0.atStops[control] ?? [] }.filter(\.isStable)
            let carried = index == 0 && !branch.rows.isEmpty ? branch : nil
            // With a single branch nothing has been trained beyond its ends yet.
            let cold = coldMinima[control] ?? (stable.isEmpty ? coldMinimum(at: point, isCancelled) : nil)
            if let lowest = stable.min(by: { $0.loss < $1.loss }) {
                // Where no more branches are followed, or one cannot be, the starts may know a lower minimum.
                if let cold, cold.outcome.isDone, cold.squaredNorm > 1e-12,
                    cold.loss < lowest.loss - 1e-9 * max(abs(lowest.loss), 1e-3 * lowest.zeroNetLoss)
                {
                    return trained(point, cold, branch: carried)
                }
                if lowest.squaredNorm <= 1e-12 { return zeroNet(point, branch: carried) }
                return observation(point, lowest, evaluations: paths[0].evaluations, branch: carried)
            }
            if let cold { return trained(point, cold, branch: carried) }
            return observation(point, reason: "No branch reaches this point.", branch: carried)
        }
    }

    /// The branch through a minimum, those that training leads to from where that is lost and, where the sweep asks for
    /// them, those that emanate from it.
    private func paths(
        _ follower: BranchFollower, from minimum: Minimum, at control: Double, _ grid: [Double],
        _ isCancelled: () -> Bool, training: (BranchLoss) -> [[Double]]
    ) -> [BranchPath] {
        let weights = minimum.outcome.isDone && minimum.squaredNorm > 1e-12 ? minimum.weights : nil
        if model.branches == .one {
            return weights.map {
                [follower.follow(from: $0, at: control, stops: grid, isCancelled: isCancelled)]
            } ?? []
        }
        let paths = follower.followAll(
            from: weights, at: control, stops: grid, isSwitching: model.branches == .all, isCancelled: isCancelled,
            training: training)
        return paths.prefix(1) + paths.dropFirst().filter { $0.points.count > 1 }
    }

    /// What training finds where a minimum has been lost: from its weights, and from fresh ones where none is known that
    /// is lower. The zero net is known.
    private func minima(beyond loss: BranchLoss, _ isCancelled: () -> Bool) -> [[Double]] {
        let (point, net) = (chain.points[0], here(loss.control))
        let fallen = loss.weights.map {
            net.job(tag: -1, initialWeights: model.kicked($0, point), start: .warm)
        }
        let fresh = loss.isLowest ? starts(at: point, net) : []
        let found = LaneTrainer(settings: model.trainingSettings)
            .minima(of: (fallen.map { [$0] } ?? []) + fresh, isCancelled: isCancelled)
            .filter { $0.value.outcome.isDone && $0.value.squaredNorm > 1e-12 }
        let lowest = found.filter { $0.key >= 0 }.min { ($0.value.loss, $0.key) < ($1.value.loss, $1.key) }
        return [found[-1], lowest?.value].compactMap { $0?.weights }
    }

    /// The best of a grid point's cold starts.
    private func coldMinimum(at point: Point, _ isCancelled: () -> Bool) -> Minimum? {
        let net = here(control(at: point))
        let found = LaneTrainer(settings: model.trainingSettings)
            .minima(of: starts(at: point, net), isCancelled: isCancelled)
        let byStart = found.sorted { $0.key < $1.key }.map(\.value)
        return byStart.isEmpty ? nil : model.best(ofStarts: byStart, net)
    }

    private func starts(at point: Point, _ net: Net) -> [TrainingJob] {
        let ordered = (try? model.furtherStarts(at: point, net: net)) ?? []
        return (0..<model.startCount(depth: net.shape.depth) + ordered.count).map { start in
            net.job(
                tag: start, initialWeights: model.initialWeights(point, start: start, net: net, ordered: ordered),
                start: .cold)
        }
    }

    /// Why no branch can be followed; nil where it can.
    private func refusal(_ grid: [Double]) -> String? {
        guard grid.count == chain.points.count else { return "A branch needs an axis of numbers." }
        if model.branches == .all, net.shape.weightCount > BranchFollower.switchingLimit {
            return
                "Branch points are looked for in nets of up to \(BranchFollower.switchingLimit) weights, and this one "
                + "has \(net.shape.weightCount): leave `branches: all` out, or choose a smaller width."
        }
        if let activation = net.sampled?.shape.activation, !activation.isSmooth {
            return "The loss of a net of \(activation) units has kinks, on which no branch is followed."
        }
        switch chain.axis {
        case WeightDecay.Controls.gamma.name: return nil
        case WeightDecay.Controls.noise.name where net.sampled == nil: return nil
        case let axis where DataAlongAxis.contains(axis): return nil
        default:
            return
                "Branches are followed along `gamma`, `noise` (linear nets of one output) and controls that shape the data "
                + "(\(DataAlongAxis.controls.map { "`\($0.name)`" }.joined(separator: ", "))), not along `\(chain.axis)`."
        }
    }

    /// Of a point of a chain whose axis has numbers.
    private func control(at point: Point) -> Double {
        guard let x = try? point.number(chain.axis) else { preconditionFailure("an axis of numbers") }
        return x
    }

    private var isAlongDecay: Bool { chain.axis == WeightDecay.Controls.gamma.name }

    private func problem(at control: Double) -> DeepLinearProblem {
        let (gammas, noises) = (net.problem.gammas, net.problem.noises)
        return DeepLinearProblem(
            moments: data?.moments(control) ?? net.problem.moments,
            gammas: isAlongDecay ? gammas.map { _ in control } : gammas,
            noises: chain.axis == WeightDecay.Controls.noise.name ? noises.map { _ in control } : noises)
    }

    /// The net at a control, with the data that it has there.
    private func here(_ control: Double) -> Net {
        Net(
            shape: net.shape, problem: problem(at: control),
            sampled: net.sampled.map { data?.net(control) ?? $0 })
    }

    // MARK: - Observations

    private func trained(_ point: Point, _ minimum: Minimum, branch: FollowedBranch? = nil) -> Observation {
        let control = control(at: point)
        let plain = model.observation(
            point, minimum, net: here(control), problem: problem(at: control), orderedFraction: nil,
            steps: minimum.steps, seconds: seconds)
        return Observation(
            point: plain.point, outcome: plain.outcome, reason: plain.reason, values: plain.values, branch: branch,
            weights: plain.weights, seconds: seconds)
    }

    private func observation(
        _ point: Point, _ found: BranchPath.Point, evaluations: Int, branch: FollowedBranch? = nil
    ) -> Observation {
        let plain = model.observation(
            point, minimum(found), net: here(found.control), problem: problem(at: found.control), orderedFraction: nil,
            steps: evaluations,
            seconds: seconds)
        return Observation(
            point: plain.point, outcome: plain.outcome, values: plain.values, branch: branch, weights: plain.weights,
            seconds: seconds)
    }

    private func observation(_ point: Point, reason: String, branch: FollowedBranch? = nil) -> Observation {
        Observation(point: point, outcome: .stalled, reason: reason, measured: [:], branch: branch, seconds: seconds)
    }

    private func zeroNet(_ point: Point, branch: FollowedBranch? = nil) -> Observation {
        let control = control(at: point)
        let problem = problem(at: control)
        guard net.shape.depth > 0, let zero = here(control).zeroMinimum(problem),
            zero.lowestCurvature ?? 0 >= -1e-9 * problem.meanGamma
        else {
            return observation(
                point, reason: "The branch does not reach this point, and the zero net is no minimum.", branch: branch)
        }
        let plain = model.observation(
            point, zero, net: here(control), problem: problem, orderedFraction: nil, steps: 0, seconds: seconds)
        return Observation(
            point: plain.point, outcome: plain.outcome, values: plain.values, branch: branch, weights: plain.weights,
            seconds: seconds)
    }

    private func row(_ found: BranchPath.Point, _ path: BranchPath) -> BranchRow {
        var values = model.measured(
            minimum(found), at: chain.points[0], net: here(found.control), problem: problem(at: found.control))
        values[.trainingSteps] = nil
        if found.event == .branchPoint, found.squaredNorm == 0, isAlongDecay {
            values[.lossCurvature] = path.normSlopeAtZeroNet
        }
        return BranchRow(
            arcLength: found.arcLength, control: found.control, isStable: found.isStable, event: found.event,
            uncertainty: found.uncertainty, values: values.values)
    }

    /// A row in the words of training.
    private func minimum(_ found: BranchPath.Point) -> Minimum {
        let problem = problem(at: found.control)
        let slope = zip(problem.gammas, found.layerSquaredNorms).reduce(0) { $0 + $1.0 * $1.1 } / problem.meanGamma
        return Minimum(
            weights: found.weights, loss: found.loss, dataLoss: found.dataLoss, gradientNorm: found.gradientNorm,
            outcome: .converged, reason: "", squaredNorm: found.squaredNorm,
            layerSquaredNorms: found.layerSquaredNorms, lossSlope: slope,
            lossCurvature: isAlongDecay ? found.curvature : nil, lowestCurvature: found.lowestCurvature,
            steps: 0)
    }

    /// Shared among the points: no single one of them took it.
    private var seconds: Double { elapsed(since: begun) / Double(chain.points.count) }
}
