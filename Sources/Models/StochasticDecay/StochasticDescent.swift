import Lanes

/// Stochastic gradient descent on a linear net with one hidden layer, f = U W x, each batch of fresh samples
/// x ~ N(0, I), y = s x₁ + noise; loss (f − y)² + γ (‖U‖² + ‖W‖²), θ ← θ − η ∇.
struct StochasticDescent {
    let inputs: Int
    let width: Int
    let signal: Double
    let labelNoise: Double
    let gamma: Double
    let learningRate: Double
    let batch: Int
    let steps: Int

    /// What a run comes to.
    struct Averages {
        /// Mean of ‖U‖² + ‖W‖² over the second half of the run; infinite where it diverges.
        let squaredNorm: Double
        /// Top Lyapunov exponent of the zero net per unit of η times steps: the growth of small weights.
        let growthRate: Double
        /// U (1 × width) and W (width × inputs) at the end.
        var weights: (output: [Double], input: [Double]) = ([], [])
    }

    /// Samples drawn in one go, in steps.
    private static let chunk = 256

    /// - Parameters:
    ///   - samples: of standard normal numbers, inputs and label noise of each sample.
    ///   - start: of the initial weights.
    ///   - isCancelled: asked every few hundred steps.
    /// - Throws: `CancellationError` once it says so.
    func run(
        samples: inout RandomStream, start: inout RandomStream, isCancelled: () -> Bool
    ) throws -> Averages {
        let perStep = batch * (inputs + 1)
        let scale = signal.squareRoot()
        var u = (0..<width).map { _ in scale * start.normal() / Double(width).squareRoot() }
        var w = (0..<width * inputs).map { _ in scale * start.normal() / Double(max(width, inputs)).squareRoot() }
        // The zero net's own weights: each hidden unit grows alike, so that one stands for all.
        var (small, smallInput) = (1.0, [Double](repeating: 0, count: inputs))
        smallInput[0] = 1
        var (growth, sum) = (0.0, 0.0)
        let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: Self.chunk * perStep)
        defer { numbers.deallocate() }
        var hidden = [Double](repeating: 0, count: width)
        var (du, dw) = (hidden, [Double](repeating: 0, count: width * inputs))
        var di = [Double](repeating: 0, count: inputs)
        let keep = 1 - 2 * learningRate * gamma
        let push = 2 * learningRate / Double(batch)
        for step in 0..<steps {
            let place = step % Self.chunk
            if place == 0 {
                if isCancelled() { throw CancellationError() }
                samples.fillNormals(numbers)
            }
            for k in 0..<width { du[k] = 0 }
            for k in 0..<width * inputs { dw[k] = 0 }
            var ds = 0.0
            for i in 0..<inputs { di[i] = 0 }
            for sample in 0..<batch {
                let x = numbers.baseAddress! + place * perStep + sample * (inputs + 1)
                let y = signal * x[0] + labelNoise * x[inputs]
                var f = 0.0
                for k in 0..<width {
                    var h = 0.0
                    for i in 0..<inputs { h += w[k * inputs + i] * x[i] }
                    hidden[k] = h
                    f += u[k] * h
                }
                let rest = y - f
                for k in 0..<width {
                    du[k] += rest * hidden[k]
                    let pull = rest * u[k]
                    for i in 0..<inputs { dw[k * inputs + i] += pull * x[i] }
                }
                for i in 0..<inputs {
                    ds += y * x[i] * smallInput[i]
                    di[i] += y * small * x[i]
                }
            }
            var square = 0.0
            for k in 0..<width {
                u[k] = keep * u[k] + push * du[k]
                square += u[k] * u[k]
            }
            for k in 0..<width * inputs {
                w[k] = keep * w[k] + push * dw[k]
                square += w[k] * w[k]
            }
            guard square < 1e12 else { return Averages(squaredNorm: .infinity, growthRate: .nan) }
            if 2 * step >= steps { sum += square }
            small = keep * small + push * ds
            var length = small * small
            for i in 0..<inputs {
                smallInput[i] = keep * smallInput[i] + push * di[i]
                length += smallInput[i] * smallInput[i]
            }
            length = length.squareRoot()
            growth += logarithm(length)
            small /= length
            for i in 0..<inputs { smallInput[i] /= length }
        }
        return Averages(
            squaredNorm: sum / Double(steps - (steps + 1) / 2),
            growthRate: growth / (learningRate * Double(steps)), weights: (u, w))
    }

}

/// What is known of stochastic descent without running it.
struct StochasticDescentLimit {
    let signal: Double
    let labelNoise: Double
    let learningRate: Double
    let batch: Int

    /// Where the zero net becomes stable, to first order in the learning rate: s − (η/S) Var(y x₁).
    var threshold: Double { signal - learningRate / Double(batch) * signalVariance }

    /// Var(y ĝ·x) = E[y² x₁²] − s² of Gaussian inputs.
    var signalVariance: Double { 2 * signal * signal + labelNoise * labelNoise }
}
