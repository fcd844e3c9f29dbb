import GSLNumerics
import PhaseSpace

extension LinearVAENet {
    /// A trained VAE.
    struct Minimum: TrainedMinimum {
        let weights: [Double]
        let loss: Double
        let divergence: Double
        /// d²L/dβ² along the branch of minima, −∇RᵀH⁺∇R; nil where it diverges.
        let curvature: Double?
        let gradientNorm: Double
        let lowestCurvature: Double
        let outcome: Outcome
        let reason: String
        let steps: Int
    }

    /// The gradient norm that a minimum must reach.
    var gradientTolerance: Double { 1e-10 * max(1, moments.targetSecondMoment / decoderVariance) }

    /// From some weights: quasi-Newton descent, then Newton's method with the eigenvalues of the Hessian made positive,
    /// which leaves saddles and ignores the turns of the latent space.
    func minimum(from start: [Double], limit: Int) throws -> Minimum {
        let coarse = try quasiNewtonMinimum(
            of: { loss($0).loss }, gradient: gradient, start: start, gradientTolerance: 1e-5, maximumIterations: limit)
        var weights = coarse.x
        var steps = coarse.iterations
        var slope = gradient(weights)
        var system = try hessianSystem(weights)
        var value = loss(weights).loss
        while steps < limit {
            let largest = max(abs(system.values.first ?? 0), abs(system.values.last ?? 0))
            let isSaddle = (system.values.first ?? 0) < -1e-7 * largest
            if norm(slope) <= gradientTolerance, !isSaddle { break }
            guard let next = step(from: weights, value, slope, system, largest, isSaddle) else { break }
            (weights, value) = next
            slope = gradient(weights)
            system = try hessianSystem(weights)
            steps += 1
        }
        return try certified(weights, slope, system, steps, limit)
    }

    private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    private func hessianSystem(_ weights: [Double]) throws -> SymmetricEigenSystem {
        let n = weightCount
        var matrix = [Double](repeating: 0, count: n * n)
        var unit = [Double](repeating: 0, count: n)
        for i in 0..<n {
            unit[i] = 1
            let column = hessian(weights, times: unit)
            for j in 0..<n { matrix[j * n + i] = column[j] }
            unit[i] = 0
        }
        return try symmetricEigenSystem(matrix, order: n)
    }

    /// A step that lowers the loss or, where the loss is flat to rounding, the gradient; nil where none does.
    private func step(
        from weights: [Double], _ value: Double, _ slope: [Double], _ system: SymmetricEigenSystem, _ largest: Double,
        _ isSaddle: Bool
    ) -> (weights: [Double], loss: Double)? {
        var direction = [Double](repeating: 0, count: weights.count)
        for (eigenvalue, vector) in zip(system.values, system.vectors) where abs(eigenvalue) > 1e-10 * largest {
            let part = zip(vector, slope).reduce(0) { $0 + $1.0 * $1.1 } / abs(eigenvalue)
            for i in direction.indices { direction[i] -= part * vector[i] }
        }
        if isSaddle, norm(slope) <= 1e-6, let steepest = system.vectors.first {
            for i in direction.indices { direction[i] += 0.1 * steepest[i] }
        }
        var length = 1.0
        for _ in 0..<40 {
            let trial = zip(weights, direction).map { $0 + length * $1 }
            let loss = loss(trial).loss
            let isFlat = abs(loss - value) <= 1e-13 * max(1, abs(value))
            if loss < value && !isFlat || isFlat && norm(gradient(trial)) < norm(slope) { return (trial, loss) }
            length /= 2
        }
        return nil
    }

    private func certified(
        _ weights: [Double], _ slope: [Double], _ system: SymmetricEigenSystem, _ steps: Int, _ limit: Int
    ) throws -> Minimum {
        let (loss, divergence) = loss(weights)
        let largest = max(abs(system.values.first ?? 0), abs(system.values.last ?? 0))
        let lowest = system.values.first ?? 0
        let gradientNorm = norm(slope)
        let isConverged = gradientNorm <= gradientTolerance && lowest >= -1e-7 * largest
        let outcome: Outcome =
            !loss.isFinite ? .diverged : isConverged ? .converged : steps >= limit ? .capped : .stalled
        let reason: String =
            switch outcome {
            case .converged: ""
            case .capped: "the limit of \(limit) steps came first, at ‖∇‖ = \(gradientNorm)"
            case .diverged: "the loss is not finite"
            default: "no step lowers the loss any more, at ‖∇‖ = \(gradientNorm), lowest curvature \(lowest)"
            }
        let source = divergenceGradient(weights)
        var curvature: Double? = 0
        for (eigenvalue, vector) in zip(system.values, system.vectors) {
            let part = zip(vector, source).reduce(0) { $0 + $1.0 * $1.1 }
            if abs(eigenvalue) > 1e-8 * largest {
                curvature? -= part * part / eigenvalue
            } else if abs(part) > 1e-5 * norm(source), norm(source) > 1e-6 {
                curvature = nil
            }
        }
        return Minimum(
            weights: weights, loss: loss, divergence: divergence, curvature: isConverged ? curvature : nil,
            gradientNorm: gradientNorm, lowestCurvature: lowest, outcome: outcome, reason: reason, steps: steps)
    }
}
