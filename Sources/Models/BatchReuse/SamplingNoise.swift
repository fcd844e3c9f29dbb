/// How far the overlaps of one run scatter because it sees finitely many samples: the variance of the sum over samples
/// that each overlap is, as a standard error of a mean is found from the sample itself.
///
/// M_T = s^T M_0 − (η/d) Σ_μ (Σ_t s^(T−1−t) F_tμ) z_μ with s = 1 − ηλ, the inner sum over the steps that saw the sample.
/// The summands' variance is what counts; that later factors F depend on the whole batch is left out.
struct SamplingNoise {
    let shrinkage: Double
    /// What a variance per sample is multiplied by: (η/d)² n for a run at finite d; η² n/d for d times the variance.
    let factor: Double

    private struct DataSet {
        /// Σ_t s^(T−1−t) F_t, one column per neuron; empty where the data are not seen again.
        var sums: [NumberColumn]
        var lastStep: Int
        /// By neuron, then direction.
        var variances: [[Double]]
    }
    private var dataSets: [Int: DataSet] = [:]

    init(shrinkage: Double, factor: Double) {
        self.shrinkage = shrinkage
        self.factor = factor
    }

    /// Variances of M by neuron and direction; nil before the first step.
    var variances: [[Double]]? {
        guard var total = dataSets.values.first?.variances else { return nil }
        for i in total.indices {
            // In a fixed order.
            for r in total[i].indices {
                total[i][r] = dataSets.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value.variances[i][r] }
            }
        }
        return total
    }

    /// Adds the gradient factors of a step.
    /// - Parameters:
    ///   - weights: of the samples, with sum 1; all equal for nil.
    ///   - isSeenAgain: whether a later step may look at the same data.
    mutating func add(
        _ gradients: [NumberColumn], teacherInputs: [NumberColumn], weights: NumberColumn?, dataSet: Int, step: Int,
        isSeenAgain: Bool
    ) {
        for key in dataSets.keys where key != dataSet {
            for i in dataSets[key]!.variances.indices {
                for r in teacherInputs.indices { dataSets[key]!.variances[i][r] *= shrinkage * shrinkage }
            }
        }
        var sums = gradients
        if isSeenAgain {
            let known = dataSets[dataSet]
            sums = gradients.enumerated().map { i, gradient in
                let sum = known?.sums[i] ?? NumberColumn(count: gradient.count)
                if let known {
                    sum.scale((known.lastStep + 1...step).reduce(1.0) { product, _ in product * shrinkage })
                }
                sum.add(1, gradient)
                return sum
            }
        }
        let variances = sums.map { sum in
            teacherInputs.map { input in factor * sum.productVariance(input, weights: weights) }
        }
        dataSets[dataSet] = DataSet(sums: isSeenAgain ? sums : [], lastStep: step, variances: variances)
    }
}

extension NumberColumn {
    /// The variance of self · other over the samples, weighted or not.
    func productVariance(_ other: NumberColumn, weights: NumberColumn?) -> Double {
        let (first, second) = productMoments(other, weights: weights)
        let total: Double = weights == nil ? Double(count) : 1
        return max(0, second / total - (first / total) * (first / total))
    }
}
