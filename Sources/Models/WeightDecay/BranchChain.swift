import Foundation
import PhaseSpace
import TinyNets

/// A chain of direction `branch`: the branch of the lowest cold minimum at the first point, followed over the grid.
struct BranchChain {
    let model: WeightDecay
    let chain: Chain
    let net: Net
    let begun: Date

    /// One observation per point of the chain; the first one carries the branch. Empty where the run was stopped.
    func observations(from minimum: Minimum, isCancelled: () -> Bool) -> [Observation] {
        let grid = chain.points.compactMap { $0.controls[chain.axis]?.number }
        if let reason = refusal(of: minimum, grid) {
            return chain.points.map { observation($0, reason: reason) }
        }
        if minimum.squaredNorm <= 1e-12 { return chain.points.map(zeroNet) }
        guard grid.count > 1 else {
            return [
                model.observation(
                    chain.points[0], minimum, net: net, problem: net.problem, orderedFraction: nil,
                    steps: minimum.steps,
                    seconds: seconds)
            ]
        }
        let range = grid[0]...grid[grid.count - 1]
        let follower =
            if let sampled = net.sampled {
                BranchFollower(net: sampled, range: range) { problem(at: $0).gammas }
            } else {
                BranchFollower(shape: net.shape.onMoments, range: range, problem: problem)
            }
        let path = follower.follow(from: minimum.weights, at: grid[0], stops: grid, isCancelled: isCancelled)
        if isCancelled() { return [] }
        let branch = FollowedBranch(
            axis: chain.axis, replica: chain.points[0].replica, rows: path.points.map { row($0, path) })
        return zip(chain.points, grid).enumerated().map { index, element in
            let (point, control) = element
            let stable = (path.atStops[control] ?? []).filter(\.isStable)
            let carried = index == 0 ? branch : nil
            if let lowest = stable.min(by: { $0.loss < $1.loss }) {
                return observation(point, lowest, path, branch: carried)
            }
            if let saddle = path.atStops[control]?.first {
                return observation(
                    point,
                    reason:
                        "The branch is no minimum here (lowest curvature \(saddle.lowestCurvature)): it has lost its "
                        + "stability to a branch of less symmetry, which is not followed.", branch: carried)
            }
            if case .lost(let sentence) = path.end { return observation(point, reason: sentence, branch: carried) }
            // Past its last fold the branch is gone, and the zero net is what is left.
            return zeroNet(point)
        }
    }

    /// Why no branch can be followed; nil where it can.
    private func refusal(of minimum: Minimum, _ grid: [Double]) -> String? {
        guard minimum.outcome.isDone else { return "No start converged: \(minimum.reason)" }
        guard grid.count == chain.points.count else { return "A branch needs an axis of numbers." }
        if let activation = net.sampled?.shape.activation, !activation.isSmooth {
            return "The loss of a net of \(activation) units has kinks, on which no branch is followed."
        }
        switch chain.axis {
        case "gamma": return nil
        case "noise" where net.sampled == nil: return nil
        default:
            return "Branches are followed along `gamma`, and along `noise` for linear nets, not along `\(chain.axis)`."
        }
    }

    private func problem(at control: Double) -> DeepLinearProblem {
        let (gammas, noises) = (net.problem.gammas, net.problem.noises)
        return DeepLinearProblem(
            moments: net.problem.moments,
            gammas: chain.axis == "gamma" ? gammas.map { _ in control } : gammas,
            noises: chain.axis == "noise" ? noises.map { _ in control } : noises)
    }

    // MARK: - Observations

    private func observation(
        _ point: Point, _ found: BranchPath.Point, _ path: BranchPath, branch: FollowedBranch? = nil
    ) -> Observation {
        let plain = model.observation(
            point, minimum(found), net: net, problem: problem(at: found.control), orderedFraction: nil,
            steps: path.evaluations,
            seconds: seconds)
        return Observation(
            point: plain.point, outcome: plain.outcome, values: plain.values, branch: branch, seconds: seconds)
    }

    private func observation(_ point: Point, reason: String, branch: FollowedBranch? = nil) -> Observation {
        Observation(point: point, outcome: .stalled, reason: reason, values: [:], branch: branch, seconds: seconds)
    }

    private func zeroNet(_ point: Point) -> Observation {
        let control = point.controls[chain.axis]?.number ?? 0
        let problem = problem(at: control)
        guard net.shape.depth > 0, let zero = net.zeroMinimum(problem),
            zero.lowestCurvature ?? 0 >= -1e-9 * problem.meanGamma
        else {
            return observation(point, reason: "The branch does not reach this point, and the zero net is no minimum.")
        }
        return model.observation(
            point, zero, net: net, problem: problem, orderedFraction: nil, steps: 0, seconds: seconds)
    }

    private func row(_ found: BranchPath.Point, _ path: BranchPath) -> BranchRow {
        var values = model.observation(
            chain.points[0], minimum(found), net: net, problem: problem(at: found.control), orderedFraction: nil,
            steps: 0,
            seconds: 0
        ).values
        values["trainingSteps"] = nil
        if found.event == .branchPoint { values["lossCurvature"] = path.normSlopeAtZeroNet }
        return BranchRow(
            arcLength: found.arcLength, control: found.control, isStable: found.isStable, event: found.event,
            uncertainty: found.uncertainty, values: values)
    }

    /// A row in the words of training.
    private func minimum(_ found: BranchPath.Point) -> Minimum {
        let problem = problem(at: found.control)
        let slope = zip(problem.gammas, found.layerSquaredNorms).reduce(0) { $0 + $1.0 * $1.1 } / problem.meanGamma
        return Minimum(
            weights: found.weights, loss: found.loss, dataLoss: found.dataLoss, gradientNorm: found.gradientNorm,
            outcome: .converged, reason: "", squaredNorm: found.squaredNorm,
            layerSquaredNorms: found.layerSquaredNorms, lossSlope: slope,
            lossCurvature: chain.axis == "gamma" ? found.curvature : nil, lowestCurvature: found.lowestCurvature,
            steps: 0)
    }

    /// Shared among the points: no single one of them took it.
    private var seconds: Double { Date().timeIntervalSince(begun) / Double(chain.points.count) }
}
