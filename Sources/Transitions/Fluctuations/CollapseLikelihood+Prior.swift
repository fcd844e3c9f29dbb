import Lanes

extension CollapseLikelihood {
    /// Widths of the normal priors. They are wide enough to let any study that determines a number decide it.
    enum Prior {
        /// ln 1/ν about 0: ν from 0.2 to 5.
        static let logInverseNu = 0.8
        static let betaOverNu = 2.0
        static let logScale = 2.0
        /// ln λ about 0.2: scaling functions change over an e-fold of |x|.
        static let logLength = (mean: 0.2, deviation: 0.4)
        static let logAmplitude = 3.0
        /// ln ω about 0: ω from 0.4 to 2.7.
        static let logOmega = 0.5
        /// Stated errors are rarely too large, and often too small.
        static let logNoise = (below: 0.1, above: 1.0)
        /// At the ends of the data, x is nonlinear by about a fifth.
        static let curvature = 0.2
    }

    func addPrior(at p: [Double], to result: inout Evaluation) {
        func normal(_ k: Int, _ mean: Double, _ deviation: Double) {
            let d = (p[k] - mean) / deviation
            result.logPosterior -= 0.5 * d * d
            result.gradient[k] -= d / deviation
        }
        normal(Parameter.logInverseNu, 0, Prior.logInverseNu)
        normal(Parameter.betaOverNu, 0, Prior.betaOverNu)
        normal(Parameter.logScale, expectedLogScale, Prior.logScale)
        normal(Parameter.logLength, Prior.logLength.mean, Prior.logLength.deviation)
        normal(Parameter.logAmplitude, 0, Prior.logAmplitude)
        normal(Parameter.logOmega, 0, Prior.logOmega)
        normal(Parameter.curvature, 0, Prior.curvature)
        normal(Parameter.logNoise, 0, p[Parameter.logNoise] < 0 ? Prior.logNoise.below : Prior.logNoise.above)
    }
}
