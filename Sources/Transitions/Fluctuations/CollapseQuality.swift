import Lanes

/// One measurement of a finite-size study.
public struct SizedValue: Sendable, Hashable {
    public let size: Double
    public let control: Double
    public let value: Double
    /// Standard error, positive.
    public let error: Double

    public init(size: Double, control: Double, value: Double, error: Double) {
        self.size = size
        self.control = control
        self.value = value
        self.error = error
    }
}

/// Measurements of one size, by rising control.
struct SizedCurve {
    let size: Double
    var controls: [Double]
    var values: [Double]
    var errors: [Double]

    static func grouped(_ data: [SizedValue]) -> [SizedCurve] {
        Dictionary(grouping: data, by: \.size).sorted { $0.key < $1.key }.map { size, points in
            let sorted = points.sorted { ($0.control, $0.value) < ($1.control, $1.value) }
            return SizedCurve(
                size: size, controls: sorted.map(\.control), values: sorted.map(\.value), errors: sorted.map(\.error))
        }
    }
}

/// The numbers of a collapse: y·L^(β/ν) is one function of (γ − γ*)·L^(1/ν).
struct ScalingForm {
    /// γ*.
    var critical: Double
    /// 1/ν.
    var inverseNu: Double
    /// β/ν.
    var betaOverNu: Double
}

extension ScalingForm {
    /// Houdayer and Hartmann's quality S (Phys. Rev. B 70, 014418, 2004, appendix): the mean over all points of the
    /// squared distance from the master curve that the *other* sizes draw, over its squared error; about 1 for a
    /// collapse within the errors. The master curve at a point is the weighted straight line through the two nearest
    /// points, left and right, of each other size that has both.
    /// - Returns: S and how many points overlap another size; S is infinite where none does.
    func quality(of curves: [SizedCurve]) -> (quality: Double, overlapping: Int) {
        let scaled = curves.map { curve -> SizedCurve in
            let (a, b) = (power(curve.size, inverseNu), power(curve.size, betaOverNu))
            return SizedCurve(
                size: curve.size, controls: curve.controls.map { ($0 - critical) * a },
                values: curve.values.map { $0 * b }, errors: curve.errors.map { $0 * b })
        }
        var (sum, count) = (0.0, 0)
        var left = [Int](repeating: 0, count: scaled.count)
        for (own, curve) in scaled.enumerated() {
            for k in left.indices { left[k] = 0 }
            for i in curve.controls.indices {
                let x = curve.controls[i]
                var (w, wx, wy, wxx, wxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
                for (k, other) in scaled.enumerated() where k != own {
                    while left[k] + 1 < other.controls.count, other.controls[left[k] + 1] <= x { left[k] += 1 }
                    let j = left[k]
                    guard j + 1 < other.controls.count, other.controls[j] <= x else { continue }
                    for m in j...j + 1 {
                        let weight = 1 / (other.errors[m] * other.errors[m])
                        // About the point itself: large abscissas would cancel.
                        let d = other.controls[m] - x
                        w += weight
                        wx += weight * d
                        wy += weight * other.values[m]
                        wxx += weight * d * d
                        wxy += weight * d * other.values[m]
                    }
                }
                let determinant = w * wxx - wx * wx
                guard w > 0, determinant > 1e-12 * w * wxx else { continue }
                let master = (wxx * wy - wx * wxy) / determinant
                let variance = wxx / determinant
                let distance = curve.values[i] - master
                sum += distance * distance / (curve.errors[i] * curve.errors[i] + variance)
                count += 1
            }
        }
        return (count > 0 ? sum / Double(count) : .infinity, count)
    }
}
