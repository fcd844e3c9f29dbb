/// Loss and gradient in plain loops, one net at a time: the oracle for the fast kernel.
public enum ReferenceTrainer {
    /// Regularised loss and gradient of a deep linear net, averaged exactly over data and neuron noise.
    ///
    /// With S_0 = E[x xᵀ], m_0 = E[x y]: M_l = W_l S_{l−1} W_lᵀ, S_l = M_l + σ_l² diag M_l, m_l = W_l m_{l−1};
    /// loss = U S_D Uᵀ − 2 U m_D + E[y²] + Σ γ_l ‖W_l‖².
    public static func lossAndGradient(
        _ shape: DeepLinearShape, _ problem: DeepLinearProblem, _ weights: [Double]
    ) -> (loss: Double, gradient: [Double]) {
        let widths = shape.allWidths
        let offsets = shape.layerOffsets
        let layers = shape.layerCount
        var covariances = [problem.moments.inputSecondMoment]
        var means = [problem.moments.crossMoment]
        var loss = problem.moments.targetSecondMoment
        for l in 0..<layers {
            let (rows, columns) = (widths[l + 1], widths[l])
            let w = Array(weights[offsets[l]..<offsets[l + 1]])
            var covariance = product(product(w, rows, columns, covariances[l], columns), rows, columns, w, rows, true)
            if l < layers - 1 {
                for i in 0..<rows { covariance[i * rows + i] *= 1 + problem.noises[l] }
            }
            covariances.append(covariance)
            means.append(product(w, rows, columns, means[l], 1))
            loss += problem.gammas[l] * w.reduce(0) { $0 + $1 * $1 }
        }
        loss += covariances[layers][0] - 2 * means[layers][0]

        var gradient = [Double](repeating: 0, count: weights.count)
        var adjoint = [1.0]
        var meanAdjoint = [-2.0]
        for l in (0..<layers).reversed() {
            let (rows, columns) = (widths[l + 1], widths[l])
            let w = Array(weights[offsets[l]..<offsets[l + 1]])
            let hw = product(adjoint, rows, rows, w, columns)
            let hws = product(hw, rows, columns, covariances[l], columns)
            for i in 0..<rows {
                for j in 0..<columns {
                    let index = i * columns + j
                    gradient[offsets[l] + index] =
                        2 * hws[index] + meanAdjoint[i] * means[l][j] + 2 * problem.gammas[l] * w[index]
                }
            }
            guard l > 0 else { break }
            let wt = transposed(w, rows, columns)
            adjoint = product(wt, columns, rows, hw, columns)
            for i in 0..<columns { adjoint[i * columns + i] *= 1 + problem.noises[l - 1] }
            meanAdjoint = product(wt, columns, rows, meanAdjoint, 1)
        }
        return (loss, gradient)
    }

    /// Plain gradient descent: w ← w − rate ∇L.
    public static func descend(
        from weights: [Double], rate: Double, steps: Int, gradient: ([Double]) -> [Double]
    ) -> [Double] {
        var w = weights
        for _ in 0..<steps {
            let g = gradient(w)
            for i in w.indices { w[i] -= rate * g[i] }
        }
        return w
    }

    /// A (rows × inner) times B (inner × columns), or times Bᵀ with B columns × inner.
    private static func product(
        _ a: [Double], _ rows: Int, _ inner: Int, _ b: [Double], _ columns: Int, _ isTransposed: Bool = false
    ) -> [Double] {
        var c = [Double](repeating: 0, count: rows * columns)
        for i in 0..<rows {
            for j in 0..<columns {
                for k in 0..<inner {
                    c[i * columns + j] += a[i * inner + k] * (isTransposed ? b[j * inner + k] : b[k * columns + j])
                }
            }
        }
        return c
    }

    private static func transposed(_ a: [Double], _ rows: Int, _ columns: Int) -> [Double] {
        (0..<rows * columns).map { a[($0 % rows) * columns + $0 / rows] }
    }
}
