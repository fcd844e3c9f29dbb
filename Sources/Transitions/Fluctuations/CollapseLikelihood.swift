import Lanes

/// The marginal likelihood of a collapse whose master curve is a Gaussian process, over all points of a study.
///
/// y L^(β/ν) = F(x) + L^(−ω) G(x) with x = (t + κt²) L^(1/ν) and t = γ − γ*, where F and G are Gaussian processes (Harada, Phys. Rev. E
/// 84, 056704, 2011; corrections to scaling after Phys. Rev. E 92, 012106, 2015). Where logarithms are fitted,
/// ln y + (β/ν) ln L takes the place of the left side.
///
/// Both have the kernel a² exp(−(u − u′)²/(2λ²)) in u = arsinh(x/s): one length near the transition, and a fixed part of
/// |x| far from it, where scaling functions are powers. G's deviation grows as (1 + (x/s)²)^½, as that of corrections
/// linear in γ − γ* does. The kernel is written as a sum over sines on an interval round all points (Solin and Särkkä,
/// Statistics and Computing 30, 419, 2020), so that n points cost n m² with some m = 30 sines.
final class CollapseLikelihood {
    /// Order of the parameters in a vector.
    enum Parameter {
        /// γ*, in the units of `CollapseData`.
        static let critical = 0
        /// ln 1/ν.
        static let logInverseNu = 1
        static let betaOverNu = 2
        /// ln s.
        static let logScale = 3
        /// ln λ.
        static let logLength = 4
        /// ln a.
        static let logAmplitude = 5
        static let logOmega = 6
        /// ln of the factor of the stated variances.
        static let logNoise = 7
        /// κ of x = (t + κt²) L^(1/ν), t = γ − γ* in the units of `CollapseData`.
        static let curvature = 8
        static let count = 9
    }

    /// What the likelihood is at one place.
    struct Evaluation {
        /// Natural logarithm of likelihood times prior, up to a constant.
        var logPosterior = 0.0
        var gradient = [Double](repeating: 0, count: Parameter.count)
        /// Σ (distance from the mean master curve over the stated error)².
        var chiSquared = 0.0
        /// How many free numbers the master curve takes up; only with the gradient.
        var effectiveParameters = 0.0
        /// (distance from the mean master curve over the stated error) of every point.
        var residuals: [Double] = []
        /// Of the sines, those of F first.
        var coefficients: [Double] = []
    }

    let data: CollapseData
    /// G's amplitude at the smallest size in parts of F's (of 1 where logarithms are fitted); 0 for no corrections.
    let correction: Double
    /// About where ln s is expected.
    let expectedLogScale: Double
    private(set) var low = 0.0
    private(set) var width = 1.0
    private(set) var modes = 8
    private var workspace = CollapseWorkspace()

    var correctionModes: Int { correction > 0 ? max(4, modes * 2 / 3) : 0 }

    init(_ data: CollapseData, correction: Double, expectedLogScale: Double) {
        self.data = data
        self.correction = correction
        self.expectedLogScale = expectedLogScale
    }

    /// x in the units of `CollapseData`.
    func abscissa(_ i: Int, _ p: [Double]) -> Double {
        let t = data.controls[i] - p[Parameter.critical]
        return (t + p[Parameter.curvature] * t * t)
            * exponential(exponential(p[Parameter.logInverseNu]) * data.logSizes[i])
    }

    /// Lays the sines' interval round all points as they are scaled at `p`.
    func layInterval(at p: [Double]) {
        let scale = exponential(p[Parameter.logScale])
        let length = exponential(p[Parameter.logLength])
        var (first, last) = (Double.infinity, -Double.infinity)
        for i in 0..<data.count {
            let u = areaHyperbolicSine(abscissa(i, p) / scale)
            first = min(first, u)
            last = max(last, u)
        }
        let margin = 1.5 * max(length, 0.7)
        low = first - margin
        width = last - first + 2 * margin
        // exp(−6.5²/4) of the amplitude is what the first sine left out would have.
        let wanted = 6.5 * width / (Double.pi * min(length, 1))
        modes = wanted < 48 ? max(8, Int(wanted.rounded(.up))) : 48
    }

    /// F at abscissas as `abscissa` gives them, for the sines' coefficients of an evaluation at `p`.
    func masterCurve(at abscissas: [Double], _ p: [Double], _ coefficients: [Double]) -> [Double] {
        let point = ScaledPoint(self, p)
        let weights = weights(point)
        return abscissas.map { x in
            let angle = point.step * (areaHyperbolicSine(x / point.scale) - low)
            return (0..<modes).reduce(0) { sum, j in
                sum + point.amplitude * weights[j] * sine(Double(j + 1) * angle) * coefficients[j]
            }
        }
    }

    /// - Returns: nil where a number is not finite.
    func evaluation(at p: [Double], withGradient: Bool = true) -> Evaluation? {
        guard p.allSatisfy({ abs($0) < 60 }) else { return nil }
        let columns = modes + correctionModes
        workspace.resize(rows: data.count, columns: columns)
        let point = ScaledPoint(self, p)
        guard fill(point) else { return nil }
        guard let solved = workspace.solve() else { return nil }
        var result = Evaluation()
        let noise = exponential(p[Parameter.logNoise])
        let rootNoise = noise.squareRoot()
        result.residuals = workspace.residuals.map { $0 * rootNoise }
        result.chiSquared = workspace.residuals.reduce(0) { $0 + $1 * $1 } * noise
        result.coefficients = solved.coefficients
        result.logPosterior =
            -0.5 * (solved.quadratic + solved.logDeterminant + Double(data.count) * p[Parameter.logNoise])
        addPrior(at: p, to: &result)
        guard result.logPosterior.isFinite else { return nil }
        if withGradient { addGradient(point, p, solved.quadratic, to: &result) }
        return result
    }

    /// The numbers that a vector of parameters stands for.
    private struct ScaledPoint {
        let critical, inverseNu, betaOverNu, scale, length, amplitude, omega, rootNoise, correction, curvature,
            step: Double

        init(_ owner: CollapseLikelihood, _ p: [Double]) {
            critical = p[Parameter.critical]
            inverseNu = exponential(p[Parameter.logInverseNu])
            betaOverNu = p[Parameter.betaOverNu]
            scale = exponential(p[Parameter.logScale])
            length = exponential(p[Parameter.logLength])
            amplitude = exponential(p[Parameter.logAmplitude])
            omega = exponential(p[Parameter.logOmega])
            rootNoise = exponential(0.5 * p[Parameter.logNoise])
            correction = owner.correction * (owner.data.isAdditive ? 1 : amplitude)
            curvature = p[Parameter.curvature]
            step = Double.pi / owner.width
        }
    }

    /// The square root of the kernel's spectral density at every sine, for a = 1.
    private func weights(_ point: ScaledPoint) -> [Double] {
        (1...modes).map { j in
            let w = Double(j) * point.step * point.length
            return (2 / width * 2.5066282746310002 * point.length).squareRoot() * exponential(-0.25 * w * w)
        }
    }

    /// Sines of every point over its error, and what they change by with u.
    private func fill(_ point: ScaledPoint) -> Bool {
        let (modes, correctionModes) = (modes, correctionModes)
        let columns = modes + correctionModes
        let weights = weights(point)
        return workspace.withRows { values, slopes, ordinates, abscissas in
            for i in 0..<data.count {
                let t = data.controls[i] - point.critical
                let x = (t + point.curvature * t * t) * exponential(point.inverseNu * data.logSizes[i])
                let y = x / point.scale
                let root = (1 + y * y).squareRoot()
                let inverse = 1 / (data.errors[i] * point.rootNoise)
                let scaling = data.isAdditive ? 1 : exponential(-point.betaOverNu * data.logSizes[i])
                abscissas[i] = x
                let shift = data.isAdditive ? point.betaOverNu * data.logSizes[i] : 0
                ordinates[i] = (data.values[i] + shift) * inverse
                let main = point.amplitude * scaling * inverse
                let other = point.correction * scaling * inverse * exponential(-point.omega * data.lifts[i])
                guard main.isFinite, other.isFinite, ordinates[i].isFinite, y.isFinite else { return false }
                let angle = point.step * (areaHyperbolicSine(y) - low)
                let (s, c) = (sine(angle), cosine(angle))
                var (sj, cj) = (s, c)
                let row = i * columns
                for j in 0..<modes {
                    let frequency = Double(j + 1) * point.step
                    values[row + j] = main * weights[j] * sj
                    slopes[row + j] = main * weights[j] * frequency * cj
                    if j < correctionModes {
                        values[row + modes + j] = other * root * weights[j] * sj
                        slopes[row + modes + j] = other * weights[j] * (root * frequency * cj + y * sj)
                    }
                    (sj, cj) = (sj * c + cj * s, cj * c - sj * s)
                }
            }
            return true
        }
    }

    private func addGradient(_ point: ScaledPoint, _ p: [Double], _ quadratic: Double, to result: inout Evaluation) {
        let shares = workspace.shares(modes: modes)
        result.effectiveParameters = shares.effectiveParameters
        var g = [Double](repeating: 0, count: Parameter.count)
        var (all, moved) = (0.0, 0.0)
        for i in 0..<data.count {
            let x = workspace.abscissas[i]
            let toward = shares.moved[i] / (point.scale * point.scale + x * x).squareRoot()
            let t = data.controls[i] - point.critical
            let stretched = toward * exponential(point.inverseNu * data.logSizes[i])
            g[Parameter.critical] -= stretched * (1 + 2 * point.curvature * t)
            g[Parameter.curvature] += stretched * t * t
            g[Parameter.logInverseNu] += toward * x * data.logSizes[i] * point.inverseNu
            moved += toward * x
            let sum = shares.main[i] + shares.correction[i]
            if data.isAdditive {
                g[Parameter.betaOverNu] -=
                    workspace.residuals[i] * data.logSizes[i] / (data.errors[i] * point.rootNoise)
                g[Parameter.logAmplitude] += shares.main[i]
            } else {
                g[Parameter.betaOverNu] -= data.logSizes[i] * sum
                g[Parameter.logAmplitude] += sum
            }
            g[Parameter.logOmega] -= data.lifts[i] * shares.correction[i] * point.omega
            all += sum
        }
        g[Parameter.logScale] = -moved
        for (j, share) in shares.columns.enumerated() {
            let w = Double((j < modes ? j : j - modes) + 1) * point.step * point.length
            g[Parameter.logLength] += share * 0.5 * (1 - w * w)
        }
        g[Parameter.logNoise] = 0.5 * (quadratic - all - Double(data.count))
        for k in g.indices { result.gradient[k] += g[k] }
    }
}

/// arsinh from the house's logarithm, odd to the last bit.
func areaHyperbolicSine(_ x: Double) -> Double {
    let a = abs(x)
    let value = logarithm(a + (a * a + 1).squareRoot())
    return x < 0 ? -value : value
}
