import CGSL

/// A reproducible sequence of random numbers (Mersenne Twister): resampling with a fixed seed gives the same interval
/// on every machine. Not for training, whose random numbers are functions of keys.
public final class RandomSequence {
    private let state: UnsafeMutablePointer<gsl_rng>

    /// - Parameter seed: its low 32 bits count; GSL takes 0 for its default seed, 4357.
    public init(seed: UInt64) {
        GSL.enter()
        guard let state = gsl_rng_alloc(cgsl_rng_mersenne()) else { preconditionFailure("out of memory") }
        gsl_rng_set(state, UInt(seed & 0xffff_ffff))
        self.state = state
    }
    deinit { gsl_rng_free(state) }

    /// Uniform in [0, 1), a multiple of 2⁻³².
    public func uniform() -> Double { gsl_rng_uniform(state) }
    /// Standard normal (Marsaglia and Tsang's ziggurat).
    public func normal() -> Double { gsl_ran_gaussian_ziggurat(state, 1) }
    /// Uniform in 0..<count.
    /// - Precondition: 0 < count < 2³².
    public func index(below count: Int) -> Int { Int(gsl_rng_uniform_int(state, UInt(count))) }
}
