/// What averages the decoder's hidden layer over the posterior's noise, sample by sample.
///
/// With h = B z + c, z ~ N(μ, diag s): the quadratic q = Σ_ij K_ij E[φ(h_i) φ(h_j)] − 2 Σ_i p_i E[φ(h_i)] is all that the
/// distortion ½‖U φ − (x − u)‖² needs, with K = UᵀU and p = Uᵀ(x − u).
protocol DecoderAverage {
    /// One sample: adds its moments and the gradient of its q.
    func add(_ sample: DecoderSample, to sums: inout DecoderSums)
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

/// What a sample brings: its share of the average, its posterior mean and p.
struct DecoderSample {
    let weight: Double
    let mean: [Double]
    let pull: [Double]
}

/// Averages over samples as they add up, and what the last sample came to.
struct DecoderSums {
    /// E φ(h_i) of the last sample.
    var first: [Double]
    /// Σ weight · E φ(h_i) φ(h_j), hidden × hidden.
    var second: [Double]
    /// ∂q/∂μ of the last sample.
    var mean: [Double]
    /// Σ weight · ∂q/∂B, likewise by c and by s.
    var weights: [Double]
    var biases: [Double]
    var variances: [Double]

    init(hidden: Int, latent: Int) {
        first = Array(repeating: 0, count: hidden)
        second = Array(repeating: 0, count: hidden * hidden)
        mean = Array(repeating: 0, count: latent)
        weights = Array(repeating: 0, count: hidden * latent)
        biases = Array(repeating: 0, count: hidden)
        variances = Array(repeating: 0, count: latent)
    }
}
