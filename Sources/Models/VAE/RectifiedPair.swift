import Lanes

/// A rectified normal number X⁺.
struct RectifiedUnit {
    let mean: Double
    let deviation: Double
    let ratio: Double
    /// P(X > 0).
    let probability: Double
    /// The density of X at 0, and its first two derivatives by the mean.
    let density: Double
    let densitySlope: Double
    let densityCurvature: Double
    /// E X⁺ and E (X⁺)².
    let first: Double
    let second: Double

    init(_ mean: Double, _ deviation: Double) {
        self.mean = mean
        self.deviation = deviation
        ratio = mean / deviation
        probability = normalProbability(ratio)
        let normal = normalDensity(ratio)
        density = normal / deviation
        // A unit without weights does not move with the noise: its kink has no width, and nothing to average.
        let isSpread = deviation > 1e-50
        densitySlope = isSpread ? -ratio / deviation * density : 0
        densityCurvature = isSpread ? (ratio * ratio - 1) / (deviation * deviation) * density : 0
        first = mean * probability + deviation * normal
        second = (mean * mean + deviation * deviation) * probability + mean * deviation * normal
    }
}

/// G = E[X⁺Y⁺] and its derivatives by the means of X and Y.
struct PairDerivatives {
    let value: Double
    let x: Double
    let y: Double
    let xx: Double
    let xy: Double
    let yy: Double
    var xxx = 0.0
    var xxy = 0.0
    var xyy = 0.0
    var yyy = 0.0
    var xxxx = 0.0
    var xxxy = 0.0
    var xxyy = 0.0
    var xyyy = 0.0
    var yyyy = 0.0
}

/// Two hidden units of the decoder, i < j.
struct RectifiedPair {
    let i: Int
    let j: Int
    let covariance: Double
    let normal: BivariateNormal
    /// √(1 − ρ²).
    let rest: Double
    /// The slopes of the conditional means, −∂E[Y|X = 0]/∂E X and the other way round.
    private let yOnX: Double
    private let xOnY: Double

    init(_ i: Int, _ j: Int, covariance: Double, _ x: Double, _ y: Double) {
        (self.i, self.j, self.covariance) = (i, j, covariance)
        normal = BivariateNormal(correlation: covariance / (x * y))
        // From the rounded correlation, whose function all parts must be: for opposite units they nearly cancel.
        let square = (1 - normal.correlation) * (1 + normal.correlation)
        rest = max(square.squareRoot(), 1e-100)
        yOnX = normal.correlation * (y / x)
        xOnY = normal.correlation * (x / y)
    }

    /// - Parameter up: whether third and fourth derivatives are asked for.
    ///
    /// ∂²G/∂x² = p_X(0) E[Y⁺ | X = 0], a density times the mean of a rectified normal number whose own mean is
    /// E Y − (Cov/Var X) E X: all the rest are derivatives of such products.
    func derivatives(_ x: RectifiedUnit, _ y: RectifiedUnit, up: Bool) -> PairDerivatives {
        let r = normal.correlation
        let both = normal.probability(x.ratio, y.ratio)
        let yAtKink = (y.ratio - r * x.ratio) / rest
        let xAtKink = (x.ratio - r * y.ratio) / rest
        // P(Y > 0 | X = 0) and E[Y⁺ | X = 0], and the other way round.
        let (yAbove, xAbove) = (normalProbability(yAtKink), normalProbability(xAtKink))
        let (yDensity, xDensity) = (normalDensity(yAtKink), normalDensity(xAtKink))
        let yMean = y.deviation * rest * (yAtKink * yAbove + yDensity)
        let xMean = x.deviation * rest * (xAtKink * xAbove + xDensity)
        // E[Y⁺ 1(X > 0)] and E[X⁺ 1(Y > 0)].
        let yPart =
            y.mean * both + y.deviation * y.deviation * y.density * xAbove + covariance * x.density * yAbove
        let xPart =
            x.mean * both + x.deviation * x.deviation * x.density * yAbove + covariance * y.density * xAbove
        let yKink = x.density * yMean
        let xKink = y.density * xMean
        var g = PairDerivatives(
            value: x.mean * yPart + covariance * both + x.deviation * x.deviation * yKink, x: yPart, y: xPart,
            xx: yKink, xy: both, yy: xKink)
        guard up else { return g }
        g.xxy = x.density * yAbove
        g.xyy = y.density * xAbove
        g.xxx = x.densitySlope * yMean - yOnX * g.xxy
        g.yyy = y.densitySlope * xMean - xOnY * g.xyy
        // The joint density at (0, 0), where neither unit is without a direction and the two are not one.
        let isSpread = x.deviation > 1e-50 && y.deviation > 1e-50 && rest > 1e-50
        let yAtZero = isSpread ? yDensity / (y.deviation * rest) : 0
        let xAtZero = isSpread ? xDensity / (x.deviation * rest) : 0
        let (xTurn, yTurn) = (yOnX * x.density * yAtZero, xOnY * y.density * xAtZero)
        g.xxyy = x.density * yAtZero
        g.xxxy = x.densitySlope * yAbove - xTurn
        g.xyyy = y.densitySlope * xAbove - yTurn
        g.xxxx = x.densityCurvature * yMean - 2 * yOnX * x.densitySlope * yAbove + yOnX * xTurn
        g.yyyy = y.densityCurvature * xMean - 2 * xOnY * y.densitySlope * xAbove + xOnY * yTurn
        return g
    }
}
