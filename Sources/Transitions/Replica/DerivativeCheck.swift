import GSLNumerics
import OrderedCollections
import PhaseSpace
import Support

/// Exact derivatives against finite differences of the stored curve.
///
/// Between neighbouring controls of one phase the difference of F must be the integral of F′, by the trapezium rule
/// with its end correction where F″ is known, and the difference of F′ the integral of F″. What is left is the rule's
/// own error, or a derivative that is not that of the loss.
struct DerivativeCheck {
    /// Medians over the intervals, as fractions of the mean |F′| and |F″|.
    private(set) var slopeDeviation: Double?
    private(set) var curvatureDeviation: Double?

    init(_ replicas: [ReplicaRows]) {
        var (slopes, curvatures) = ([Double](), [Double]())
        var (slopeScale, curvatureScale) = ([Double](), [Double]())
        for replica in replicas {
            for (a, b) in zip(replica.phases, replica.phases.dropFirst()) where !a.isZeroNet && !b.isZeroNet {
                guard let u = a.slope, let v = b.slope else { continue }
                let h = b.control - a.control
                slopeScale.append((abs(u) + abs(v)) / 2)
                var integral = (u + v) / 2
                if let p = a.curvature, let q = b.curvature {
                    integral += h * (p - q) / 12
                    curvatures.append(abs((v - u) / h - (p + q) / 2))
                    curvatureScale.append((abs(p) + abs(q)) / 2)
                }
                slopes.append(abs((b.freeEnergy - a.freeEnergy) / h - integral))
            }
        }
        func relative(_ deviations: [Double], _ scales: [Double]) -> Double? {
            guard let deviation = try? median(deviations), let scale = try? mean(scales), scale > 0 else { return nil }
            return deviation / scale
        }
        slopeDeviation = relative(slopes, slopeScale)
        curvatureDeviation = relative(curvatures, curvatureScale)
    }

    var evidence: OrderedDictionary<String, JSONValue> {
        var evidence: OrderedDictionary<String, JSONValue> = [:]
        if let slopeDeviation { evidence["slopeDeviation"] = .number(slopeDeviation) }
        if let curvatureDeviation { evidence["curvatureDeviation"] = .number(curvatureDeviation) }
        return evidence
    }
}
