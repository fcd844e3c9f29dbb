import Foundation
import GSLNumerics
import Transitions

/// A finite-size study of known γ*, ν and β/ν: scaling functions of four kinds, corrections L^(−ω) with a second order,
/// and a scaling variable that is not linear in γ − γ*.
struct SyntheticStudy {
    enum Shape: Int, CaseIterable { case magnetisation, susceptibility, binder, spanning }

    let shape: Shape
    let critical: Double
    let inverseNu: Double
    let betaOverNu: Double
    let omega: Double
    /// Of the corrections at the smallest size.
    let amplitude: Double
    /// Of the scaling variable at the ends of the range.
    let nonlinearity: Double
    /// Relative error of a value.
    let noise: Double
    /// The largest |γ − γ*| L^(1/ν).
    let reach: Double
    let sizes: [Double]
    let points: Int
    /// Whether all sizes are measured at the same controls.
    let hasCommonControls: Bool

    /// Drawn anew: two to six sizes, narrow and wide ranges, corrections from 0.3 to 10 % with ω from 0.5 to 2.
    init(_ numbers: RandomSequence) {
        func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * numbers.uniform() }
        func logarithmic(_ low: Double, _ high: Double) -> Double { exp(between(log(low), log(high))) }
        shape = Shape(rawValue: numbers.index(below: Shape.allCases.count))!
        critical = between(0.3, 2.3)
        inverseNu = between(0.6, 1.7)
        switch shape {
        case .magnetisation: betaOverNu = between(0.05, 0.6)
        case .susceptibility: betaOverNu = between(-2, -0.8)
        case .binder, .spanning: betaOverNu = 0
        }
        omega = between(0.5, 2)
        amplitude = (numbers.uniform() < 0.5 ? -1 : 1) * logarithmic(0.003, 0.1)
        nonlinearity = between(-0.15, 0.15)
        noise = logarithmic(0.002, 0.03)
        reach = logarithmic(1, 10)
        let count = 2 + numbers.index(below: 5)
        let first = [8.0, 12, 16, 24, 32][numbers.index(below: 5)]
        sizes = (0..<count).map { first * pow(2, Double($0)) }
        points = 10 + numbers.index(below: 21)
        hasCommonControls = numbers.uniform() < 0.3
    }

    private func master(_ x: Double) -> Double {
        switch shape {
        case .magnetisation:
            pow(log(1 + exp(-1.2 * x + 0.5)), betaOverNu / inverseNu) / (1 + 0.15 * exp(min(x, 40))).squareRoot()
        case .susceptibility:
            pow(1 + 0.5 * (x - 0.6) * (x - 0.6), 0.5 * betaOverNu / inverseNu) * (1 + 0.25 * tanh(x))
        case .binder: 0.4 - 0.26 * tanh(0.7 * x - 0.1)
        case .spanning: 0.5 * erfc(-0.6 * x + 0.05)
        }
    }

    /// Of the master curve's height, with a part that moves it.
    private func correction(_ x: Double) -> Double {
        master(x) * (cos(0.7 * x) + 0.4) + 0.5 * (master(x + 0.5) - master(x - 0.5))
    }

    func data(_ numbers: RandomSequence) -> [SizedValue] {
        let (least, largest) = (sizes[0], sizes[sizes.count - 1])
        func halfWidth(_ size: Double) -> Double {
            reach / pow(hasCommonControls ? (least * largest).squareRoot() : size, inverseNu)
        }
        return sizes.flatMap { size in
            (0..<points).map { k -> SizedValue in
                let place = (Double(k) + 0.5 + 0.3 * (numbers.uniform() - 0.5)) / Double(points)
                let t = halfWidth(size) * (2 * place - 1)
                let x = t * (1 + nonlinearity * t / halfWidth(least)) * pow(size, inverseNu)
                let part = amplitude * pow(size / least, -omega)
                let scaled = master(x) + part * correction(x) + 0.5 * part * part * master(x)
                let y = pow(size, -betaOverNu) * scaled
                let error: Double
                switch shape {
                case .magnetisation, .susceptibility: error = noise * abs(y)
                case .binder: error = 0.3 * noise
                case .spanning:
                    // Of 1/noise² runs.
                    let runs = 1 / (noise * noise)
                    error = (max(scaled * (1 - scaled), 0.5 / runs) / runs).squareRoot()
                }
                return SizedValue(
                    size: size, control: critical + t, value: y + error * numbers.normal(), error: error)
            }
        }
    }
}
