import GSLNumerics
import Kernels
import Lanes
import Testing
import TinyNets

@Suite struct NetCurvatureTests {
    static let activations: [UnitActivation] = [.linear, .tanh, .relu, .softplus, .swish, .shiftedErf(by: 0.5)]

    /// A net whose last pack of Hessian columns is not full.
    private func net(_ activation: UnitActivation, outputs: Int = 1) throws -> SampledNetShape {
        try SampledNetShape(inputs: 3, widths: [4, 3], outputs: outputs, activation: activation, hasBiases: true)
    }

    private func samples(outputs: Int) -> SampledData {
        var stream = RandomStream(seed: 11, key: 2, purpose: .data)
        return SampledData(
            inputs: 3, outputs: outputs, features: stream.normals(3 * 21), targets: stream.normals(21 * outputs))
    }

    @Test(arguments: activations) func theHessianIsTheReferencesColumnByColumn(_ activation: UnitActivation) throws {
        let shape = try net(activation)
        let data = samples(outputs: 1)
        let decays = [0.1, 0.2, 0.3]
        let weights = randomWeights(shape, seed: 5, scale: 0.7)
        let matrix = NetCurvature(shape: shape, data: data, decays: decays).hessian(at: weights)
        let count = shape.weightCount
        #expect(matrix.count == count * count)
        for column in 0..<count {
            var direction = [Double](repeating: 0, count: count)
            direction[column] = 1
            let expected = ReferenceNet.hessianProduct(shape, data, decays: decays, weights, direction: direction)
            for row in 0..<count {
                #expect(abs(matrix[column * count + row] - expected[row]) <= 1e-12 * 10)
            }
        }
    }

    @Test(arguments: activations) func lanczosFindsTheEndsOfTheSpectrum(_ activation: UnitActivation) throws {
        let shape = try net(activation, outputs: 2)
        let curvature = NetCurvature(
            shape: shape, data: samples(outputs: 2), decays: [0.01, 0.02, 0.03], loss: .squaredError)
        let weights = randomWeights(shape, seed: 6, scale: 0.9)
        let all = try symmetricEigenSystem(curvature.hessian(at: weights), order: shape.weightCount).values
        let ends = try curvature.extremeEigenvalues(at: weights)
        let scale = max(abs(all.first!), abs(all.last!))
        #expect(abs(ends.lowest - all.first!) <= 1e-8 * scale)
        #expect(abs(ends.highest - all.last!) <= 1e-8 * scale)
    }

    /// J row by row: the gradient of (f − y)² at a single sample is ∇f where the target is f − ½.
    @Test(arguments: [1, 3]) func theTangentKernelsTopIsThatOfTheGramMatrixOfGradients(outputs: Int) throws {
        let shape = try net(.tanh, outputs: outputs)
        let data = samples(outputs: outputs)
        let weights = randomWeights(shape, seed: 7, scale: 0.8)
        let values = shape.outputs(of: weights, on: data.features)
        var gradients: [[Double]] = []
        for s in 0..<data.count {
            for k in 0..<outputs {
                var targets = Array(values[s * outputs..<(s + 1) * outputs])
                targets[k] -= 0.5
                let single = SampledData(
                    inputs: 3, outputs: outputs, features: Array(data.features[s * 3..<(s + 1) * 3]), targets: targets)
                gradients.append(ReferenceNet.lossAndGradient(shape, single, decays: [0, 0, 0], weights).gradient)
            }
        }
        let order = gradients.count
        var gram: [Double] = []
        for a in gradients {
            for b in gradients { gram.append(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / Double(data.count)) }
        }
        let expected = try symmetricEigenSystem(gram, order: order).values.last!
        let curvature = NetCurvature(shape: shape, data: data, decays: [1, 1, 1])
        let found = try curvature.tangentKernelEigenvalue(at: weights)
        #expect(abs(found - expected) <= 1e-8 * expected)
    }

    @Test func theAnswerDoesNotDependOnTheInstructionSet() throws {
        let shape = try net(.tanh)
        let data = samples(outputs: 1)
        let weights = randomWeights(shape, seed: 8, scale: 0.8)
        func ends(_ variant: KernelVariant) throws -> [Double] {
            let curvature = NetCurvature(shape: shape, data: data, decays: [0, 0, 0], variant: variant)
            let ends = try curvature.extremeEigenvalues(at: weights)
            return [ends.lowest, ends.highest]
        }
        let expected = try ends(.baseline)
        for variant in KernelVariant.allCases where variant.isSupported { #expect(try ends(variant) == expected) }
    }
}
