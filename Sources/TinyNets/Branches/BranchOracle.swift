/// Loss, gradient and Hessian of one net as functions of its weights and of one control: what branches are followed by, and
/// minima polished. One owner, one thread.
public protocol BranchOracle: AnyObject {
    var weightCount: Int { get }
    /// What losses and gradients are small against.
    var lossScale: Double { get }
    /// Evaluations of gradients and Hessian products so far.
    var evaluations: Int { get }
    /// Vectors at most of one call of `hessianProducts`.
    var vectorsAtOnce: Int { get }

    /// Evaluates the net; Hessian products are then those of this state. Where it has no value, the gradient is no number.
    func state(_ weights: [Double], _ control: Double) -> BranchState

    /// The Hessian times some vectors, at the state that was evaluated last.
    func hessianProducts(_ vectors: ArraySlice<[Double]>) -> [[Double]]

    /// The lowest eigenvalue of the Hessian and the size of its largest, by Lanczos from one fixed start vector, for
    /// many states, eight at a time.
    /// - Parameters:
    ///   - limit: iterations at most.
    ///   - settling: they end where sixteen more have changed the lowest eigenvalue by less than this part of the size.
    func spectra(
        of states: [(weights: [Double], control: Double)], limit: Int, settling: Double
    ) -> [(lowest: Double, size: Double)]

    /// The weights of one layer, all others zero, for each layer but the last: vectors that have the symmetries of a
    /// stationary point beside the weights themselves. Empty where layers are not known.
    func layers(of weights: [Double]) -> [[Double]]

    /// Whether there is a net without any function that is a stationary point at every value of the control.
    var hasZeroNet: Bool { get }
    /// Of that net: with the output's biases at their best where there are any. Not asked for where there is none.
    func zeroNetWeights(_ control: Double) -> [Double]
    /// Whether the zero net is one point of the weights: hidden biases may have any value beside matrices of zeros.
    func isZeroNetUnique(_ control: Double) -> Bool
}

/// A net at some weights and some control.
public struct BranchState {
    let weights: [Double]
    let control: Double
    let loss: Double
    let dataLoss: Double
    let layerSquaredNorms: [Double]
    let gradient: [Double]
    /// ∂∇L/∂a, with a the control.
    let drive: [Double]
    /// ∂L/∂a and ∂²L/∂a².
    let slope: Double
    let bend: Double
    let zeroNetLoss: Double
    /// d/da of that.
    let zeroNetSlope: Double

    /// - Parameters:
    ///   - dataLoss: without its regulariser; the loss where the two are not told apart.
    ///   - drive: ∂∇L/∂a, with a the control.
    ///   - slope: ∂L/∂a.
    ///   - bend: ∂²L/∂a².
    ///   - zeroNetLoss: infinite where there is no zero net.
    ///   - zeroNetSlope: its derivative by the control.
    public init(
        weights: [Double], control: Double, loss: Double, dataLoss: Double, layerSquaredNorms: [Double],
        gradient: [Double], drive: [Double], slope: Double, bend: Double, zeroNetLoss: Double, zeroNetSlope: Double
    ) {
        self.weights = weights
        self.control = control
        self.loss = loss
        self.dataLoss = dataLoss
        self.layerSquaredNorms = layerSquaredNorms
        self.gradient = gradient
        self.drive = drive
        self.slope = slope
        self.bend = bend
        self.zeroNetLoss = zeroNetLoss
        self.zeroNetSlope = zeroNetSlope
    }

    var gradientNorm: Double { norm(gradient) }
    var squaredNorm: Double { layerSquaredNorms.reduce(0, +) }
}

extension BranchOracle {
    func spectra(of states: [(weights: [Double], control: Double)], limit: Int) -> [(lowest: Double, size: Double)] {
        spectra(of: states, limit: limit, settling: 0)
    }

    /// The whole Hessian at some weights and control, row by row.
    func hessian(at weights: [Double], _ control: Double) -> [Double] {
        _ = state(weights, control)
        return hessian
    }

    /// The whole Hessian at the state that was evaluated last, row by row.
    public var hessian: [Double] {
        let n = weightCount
        var matrix: [Double] = []
        matrix.reserveCapacity(n * n)
        for first in stride(from: 0, to: n, by: vectorsAtOnce) {
            let columns = (first..<min(first + vectorsAtOnce, n)).map { column in
                (0..<n).map { $0 == column ? 1.0 : 0 }
            }
            for row in hessianProducts(columns[...]) { matrix += row }
        }
        return matrix
    }

    /// The same as `spectra`, of as many nets as Hessian products are formed for side by side.
    public func lowestEigenvalues(count: Int, limit: Int, settling: Double) -> [(lowest: Double, size: Double)] {
        let n = weightCount
        let length = min(n, limit)
        let start = unitVector(n)
        var current = Array(repeating: start, count: count)
        var previous = Array(repeating: [Double](repeating: 0, count: n), count: count)
        var diagonals = [[Double]](repeating: [], count: count)
        var couplings = [[Double]](repeating: [], count: count)
        func lowest(_ lane: Int, accuracy: Double) -> (lowest: Double, size: Double) {
            let size = zip(diagonals[lane], couplings[lane]).reduce(0) { max($0, abs($1.0), $1.1) }
            let value = Tridiagonal.lowest(
                diagonals[lane], couplings[lane], diagonals[lane].count, accuracy: accuracy * max(size, 1e-300))
            return (value, size)
        }
        // By lane, so that no result depends on the others.
        var before = [Double](repeating: .infinity, count: count)
        var isSettled = [Bool](repeating: false, count: count)
        for step in 0..<length where isSettled.contains(false) {
            let products = hessianProducts(current[...])
            for lane in 0..<count where !isSettled[lane] && diagonals[lane].count == step {
                let along = dot(current[lane], products[lane])
                let back = step > 0 ? couplings[lane][step - 1] : 0
                var next = products[lane]
                for i in 0..<n { next[i] -= along * current[lane][i] + back * previous[lane][i] }
                let coupling = norm(next)
                diagonals[lane].append(along)
                couplings[lane].append(coupling)
                let size = diagonals[lane].reduce(coupling) { max($0, abs($1)) }
                // An exhausted lane stops growing.
                guard coupling > 1e-13 * size else { continue }
                previous[lane] = current[lane]
                current[lane] = next.map { $0 / coupling }
            }
            guard settling > 0, step % 16 == 15 else { continue }
            for lane in 0..<count where !isSettled[lane] {
                let now = lowest(lane, accuracy: 0.1 * settling)
                isSettled[lane] = before[lane] - now.lowest <= settling * now.size
                before[lane] = now.lowest
            }
        }
        return (0..<count).map { lowest($0, accuracy: 1e-14) }
    }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
            var sum = 0.0
            for i in 0..<a.count { sum += a[i] * b[i] }
            return sum
        }
    }
}

func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
