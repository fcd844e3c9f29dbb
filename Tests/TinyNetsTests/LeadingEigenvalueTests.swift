import Foundation
import GSLNumerics
import Kernels
import Lanes
import Testing
import TinyNets

@Suite struct LeadingEigenvalueTests {
    /// A symmetric matrix with these eigenvalues in a frame that turns with the angle.
    private struct Turning {
        let order: Int
        private let frame: [[Double]]

        init(order: Int, seed: UInt64) throws {
            self.order = order
            var stream = RandomStream(seed: seed, key: 1, purpose: .data)
            let raw = stream.normals(order * order)
            let symmetric = (0..<order * order).map { raw[$0] + raw[$0 % order * order + $0 / order] }
            frame = try symmetricEigenSystem(symmetric, order: order).vectors
        }

        /// Rotates neighbours of the frame into each other, so that every eigenvector moves.
        func vectors(_ angle: Double) -> [[Double]] {
            var turned = frame
            for k in 0..<order - 1 {
                let (a, b) = (turned[k], turned[k + 1])
                turned[k] = zip(a, b).map { cos(angle) * $0 - sin(angle) * $1 }
                turned[k + 1] = zip(a, b).map { sin(angle) * $0 + cos(angle) * $1 }
            }
            return turned
        }
    }

    private func multiplier(_ values: [Double], _ vectors: [[Double]]) -> LeadingEigenvalue.Operator {
        { x, y in
            let n = values.count
            for i in 0..<n { y[i] = 0 }
            for (value, vector) in zip(values, vectors) {
                let overlap = (0..<n).reduce(0.0) { $0 + vector[$1] * x[$1] }
                for i in 0..<n { y[i] += value * overlap * vector[i] }
            }
        }
    }

    private func start(_ order: Int) -> PaddedVector {
        let vector = PaddedVector(count: (order + 7) / 8 * 8)
        var stream = RandomStream(seed: 9, key: 4, purpose: .curvature)
        for (i, x) in stream.normals(order).enumerated() { vector.numbers[i] = x }
        return vector
    }

    /// Errors in units of the largest magnitude, and products, question by question.
    private func follow(
        questions: Int, order: Int = 40, tolerance: Double = 1e-6, guided: Bool = false,
        _ spectrum: (Int) -> (values: [Double], angle: Double)
    ) throws -> [(error: Double, products: Int)] {
        let turning = try Turning(order: order, seed: 5)
        let start = start(order)
        let search = LeadingEigenvalue(count: start.count, tolerance: tolerance)
        return try (0..<questions).map { t in
            let (values, angle) = spectrum(t)
            let vectors = turning.vectors(angle)
            let top = values.indices.max { values[$0] < values[$1] }!
            // Half the way to the wanted vector from the frame at rest.
            let still = turning.vectors(angle / 2)[top]
            let guide: (UnsafeMutablePointer<Double>) -> Void = { g in for i in 0..<order { g[i] = still[i] } }
            let found = try search.solve(start: start, guide: guided ? guide : nil, multiplier(values, vectors))
            let scale = values.map(abs).max()!
            return (abs(found - values[top]) / scale, search.productCount)
        }
    }

    private func bulk(_ order: Int) -> [Double] { (0..<order).map { -0.3 + 0.8 * Double($0) / Double(order) } }

    @Test(arguments: [false, true]) func answersStayWithinTheToleranceOfATurningSpectrum(guided: Bool) throws {
        for speed in [1e-4, 1e-2, 0.2] {
            let answers = try follow(questions: 60, guided: guided) { t in
                var values = bulk(40)
                values[39] = 1 + 0.1 * sin(0.3 * Double(t))
                return (values, speed * Double(t))
            }
            #expect(answers.map(\.error).max()! <= 1e-6)
        }
    }

    @Test func smallMovesCostFewProducts() throws {
        let answers = try follow(questions: 64, guided: true) { t in
            var values = bulk(40)
            values[39] = 1
            return (values, 2e-3 * Double(t))
        }
        let products = answers.dropFirst(4).map(\.products).reduce(0, +)
        #expect(Double(products) / 60 <= 2)
        #expect(answers.map(\.error).max()! <= 1e-6)
    }

    /// The gap never exceeds a thousandth, and nearly vanishes at times. Eigenvectors closer than the tolerance may be
    /// mixed.
    @Test(arguments: [1e-3, 1e-6, 0]) func nearlyDegenerateTopsKeepTheBound(gap: Double) throws {
        let answers = try follow(questions: 40) { t in
            var values = bulk(40)
            values[39] = 1
            values[38] = 1 - gap * abs(sin(Double(t + 1)))
            return (values, 3e-3 * Double(t))
        }
        #expect(answers.map(\.error).max()! <= 1e-6 + (gap <= 1e-6 ? gap : 0))
    }

    /// The second eigenvalue becomes the first while the frame stands still, so that nothing of it is in the last vector.
    @Test(arguments: [0.0, 1e-3]) func crossingsAreSeen(speed: Double) throws {
        let answers = try follow(questions: 80) { t in
            var values = bulk(40)
            values[39] = 1.2 - 0.005 * Double(t)
            values[38] = 0.8 + 0.005 * Double(t)
            return (values, speed * Double(t))
        }
        #expect(answers.map(\.error).max()! <= 1e-6)
    }

    @Test func negativeAndVanishingOperatorsHaveTheirLargestEigenvalue() throws {
        let negative = try follow(questions: 5) { t in (bulk(40).map { $0 - 1 }, 0.01 * Double(t)) }
        #expect(negative.map(\.error).max()! <= 1e-6)
        let search = LeadingEigenvalue(count: 16, tolerance: 1e-6)
        let zero = try search.solve(start: start(16)) { _, y in for i in 0..<16 { y[i] = 0 } }
        #expect(zero == 0)
    }

    @Test func anInfiniteProductIsSaidAndForgotten() throws {
        let start = start(16)
        let search = LeadingEigenvalue(count: 16, tolerance: 1e-6)
        func identity(_ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) { for i in 0..<16 { y[i] = x[i] } }
        #expect(abs(try search.solve(start: start, identity) - 1) <= 1e-14)
        #expect(try search.solve(start: start) { _, y in for i in 0..<16 { y[i] = .nan } } == .infinity)
        #expect(abs(try search.solve(start: start, identity) - 1) <= 1e-14)
    }

    /// Gradient descent at rates from lazy to chaotic, beside the eigenvalues of the whole Hessian.
    @Test(arguments: [UnitActivation.tanh, .relu, .absolute], [0.02, 0.3, 0.8])
    func alongTrainingItIsThatOfTheDenseHessian(activation: UnitActivation, rate: Double) throws {
        let shape = try SampledNetShape(inputs: 4, widths: [6, 5], activation: activation)
        let data = randomSamples(inputs: 4, seed: 8, count: 13)
        let net = SoloNet(shape: shape, data: data)
        let search = LeadingEigenvalue(count: net.paddedCount, tolerance: 1e-6)
        let (start, factors) = (PaddedVector(count: net.paddedCount), [1.0, 1, 1])
        var weights = randomWeights(shape, seed: 12, scale: 0.6)
        for _ in 0..<60 {
            net.evaluate(weights)
            guard net.loss < 1e6 else { break }
            let gradient = net.gradient()
            net.pad(gradient.map { $0 + 1e-6 }, into: start.numbers)
            let found = try search.solve(start: start) { net.hessianProduct($0, factors: factors, into: $1) }
            let all = try symmetricEigenSystem(denseHessian(shape, data, weights), order: shape.weightCount).values
            let scale = max(abs(all.first!), abs(all.last!)) / 2
            #expect(abs(found - all.last! / 2) <= 1e-6 * scale)
            weights = zip(weights, gradient).map { $0 - rate * $1 }
        }
    }
}
