import Lanes

extension SingleJudgement {
    /// Values of a description at its best, in the order parameter's units.
    func fitted(_ i: Int) -> [Double] {
        let scan = finest[i]
        let d = scan.description
        let place = d.hasPlace ? series.place(scan.bestPlace) : 0
        let shape = scan.bestShape
        let isIn: (Double) -> Bool = { d.isBelow ? $0 < place : $0 > place }
        func side(_ f: (Double) -> Double) -> [Double] { series.ts.map { isIn($0) ? f(abs($0 - place)) : 0 } }
        var columns = (0...d.background).map { degree in
            series.ts.map { t in Self.power(2 * t - 1, degree) }
        }
        switch d.kind {
        case .polynomial: break
        case .exponential: columns.append(series.ts.map { exponential(shape * ($0 - (shape > 0 ? 1 : 0))) })
        case .crossover: columns.append(series.ts.map { d.crossoverForm(($0 - place) / shape) })
        case .onset:
            if d.hasCorrection {
                let c = scan.correction[scan.best]
                columns.append(side { Lanes.power($0, shape) * (1 + c * $0) })
            } else {
                columns.append(side { Lanes.power($0, shape) })
            }
        case .jump:
            columns += d.powers.map { power in side { power == 0.5 ? $0.squareRoot() : Self.power($0, Int(power)) } }
            columns.append(side { _ in 1 })
        }
        let weighted = columns.map { column in zip(column, series.errors).map { $0 / $1 } }
        let rest = OrthonormalBasis(weighted).residuals(of: zip(series.ys, series.errors).map { $0 / $1 })
        return series.ys.indices.map { series.ys[$0] - rest[$0] * series.errors[$0] }
    }
    /// In errors.
    func residuals(_ i: Int) -> [Double] {
        zip(zip(series.ys, fitted(i)), series.errors).map { ($0.0 - $0.1) / $1 }
    }

    /// The description with the highest marginal likelihood of all.
    var winner: Int { scans.indices.max { evidence[$0] < evidence[$1] }! }
    /// χ² of the winner over its degrees of freedom.
    var reducedChiSquared: Double { finest[winner].least / freedom }
    var freedom: Double {
        let d = finest[winner].description
        return max(1, Double(series.count - d.amplitudeCount - (d.hasPlace ? 1 : 0) - (d.hasFreeShape ? 1 : 0)))
    }

    private static func power(_ x: Double, _ k: Int) -> Double {
        var y = 1.0
        for _ in 0..<k { y *= x }
        return y
    }
}
