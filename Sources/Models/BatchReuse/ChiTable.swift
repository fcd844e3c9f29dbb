import Lanes

/// P(ρ < x) and E[ρ²; ρ < x] of the length ρ of a standard normal vector, by cubic interpolation in a table.
struct ChiTable {
    let end: Double
    private let values: [(mass: Double, second: Double)]
    private let slopes: [(mass: Double, second: Double)]
    private static let cells = 4096

    init(_ r: Int) {
        end = 9 + 0.4 * Double(r)
        var norm = r % 2 == 1 ? (Double.pi / 2).squareRoot() : 1
        for n in stride(from: r % 2 == 1 ? 1 : 2, to: r, by: 2) { norm *= Double(n) }
        let width = end / Double(Self.cells)
        let densities = (0...2 * Self.cells).map { k -> Double in
            let x = Double(k) * width / 2
            return (0..<r - 1).reduce(exponential(-x * x / 2)) { p, _ in p * x } / norm
        }
        var sums: [(mass: Double, second: Double)] = [(0, 0)]
        for cell in 0..<Self.cells {
            let d = (0...2).map { densities[2 * cell + $0] }
            let s = (0...2).map { k in d[k] * power(Double(2 * cell + k) * width / 2, 2) }
            // Simpson's rule.
            sums.append(
                (
                    sums[cell].mass + width / 6 * (d[0] + 4 * d[1] + d[2]),
                    sums[cell].second + width / 6 * (s[0] + 4 * s[1] + s[2])
                ))
        }
        values = sums
        slopes = (0...Self.cells).map { k in
            let x = Double(k) * width
            return (width * densities[2 * k], width * densities[2 * k] * x * x)
        }
    }

    func cumulative(_ x: Double) -> (mass: Double, second: Double) {
        let place = min(max(x / end, 0), 1) * Double(Self.cells)
        let i = min(Int(place), Self.cells - 1)
        let t = place - Double(i)
        let (u, h) = (t * t * (3 - 2 * t), t * (1 - t))
        func cubic(_ a: Double, _ b: Double, _ da: Double, _ db: Double) -> Double {
            a + (b - a) * u + h * ((1 - t) * da - t * db)
        }
        return (
            cubic(values[i].mass, values[i + 1].mass, slopes[i].mass, slopes[i + 1].mass),
            cubic(values[i].second, values[i + 1].second, slopes[i].second, slopes[i + 1].second)
        )
    }
}
