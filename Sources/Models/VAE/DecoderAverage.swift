/// What averages the decoder's hidden layer over the posterior's noise, sample by sample.
///
/// With h = B z + c and z = μ + ν, ν ~ N(0, diag s): the distortion needs the quadratic
/// q = Σ_ij K_ij E[φ(h_i) φ(h_j)] − 2 Σ_i p_i E[φ(h_i)], with K = UᵀU and p = Uᵀ(x − u).
protocol DecoderAverage {
    /// Fills the moments of one sample.
    /// - Parameters:
    ///   - mean: μ, `latent` numbers.
    ///   - pull: p, `hidden` numbers.
    func fill(_ moments: DecoderMoments, mean: UnsafePointer<Double>, pull: UnsafePointer<Double>)
}

/// The decoder's hidden layer, alike for all samples.
struct DecoderLayer {
    let hidden: Int
    let latent: Int
    /// B, hidden × latent, row-major.
    let weights: [Double]
    /// c; zeros without biases.
    let biases: [Double]
    /// s, the posterior's variances.
    let variances: [Double]
    /// K, hidden × hidden.
    let gram: [Double]
}

/// Averages over the posterior's noise for one sample.
///
/// Every input h_i moves with the noise along a basis of 1 + latent directions: ν̃ = (1, ν_1 … ν_k). An index (i, ã) of
/// unit and direction is i · (k + 1) + ã. e_i = Σ_j K_ij φ_j − p_i, and φ, φ', φ'' are taken at h_i.
final class DecoderMoments {
    let hidden: Int
    let latent: Int
    let wantsCurvature: Bool
    /// E φ_i.
    let first: UnsafeMutablePointer<Double>
    /// E φ_i φ_j, hidden × hidden.
    let second: UnsafeMutablePointer<Double>
    /// E[2 φ'_i e_i ν̃_a] = E[∂q/∂h_i ν̃_a], by (i, ã).
    let force: UnsafeMutablePointer<Double>
    /// E[φ'_i ν̃_a], by (i, ã).
    let slope: UnsafeMutablePointer<Double>
    /// E[φ'_i ν̃_a φ_l], (i, ã) × l.
    let cross: UnsafeMutablePointer<Double>
    /// E[∂²q/∂h_i∂h_j ν̃_a ν̃_b], (i, ã) × (j, b̃).
    let curvature: UnsafeMutablePointer<Double>
    private let memory: UnsafeMutablePointer<Double>
    private let count: Int

    /// Of unit and direction.
    var inputs: Int { hidden * (latent + 1) }

    init(hidden: Int, latent: Int, wantsCurvature: Bool) {
        self.hidden = hidden
        self.latent = latent
        self.wantsCurvature = wantsCurvature
        let inputs = hidden * (latent + 1)
        let upTo = wantsCurvature ? [inputs, inputs * hidden, inputs * inputs] : [0, 0, 0]
        let counts = [hidden, hidden * hidden, inputs] + upTo
        count = counts.reduce(0, +)
        memory = .allocate(capacity: count)
        memory.initialize(repeating: 0, count: count)
        var next = memory
        func part(_ count: Int) -> UnsafeMutablePointer<Double> {
            defer { next += count }
            return next
        }
        first = part(counts[0])
        second = part(counts[1])
        force = part(counts[2])
        slope = part(counts[3])
        cross = part(counts[4])
        curvature = part(counts[5])
    }

    func clear() { memory.update(repeating: 0, count: count) }

    deinit { memory.deallocate() }
}
