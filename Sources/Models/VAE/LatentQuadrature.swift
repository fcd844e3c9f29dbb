import GSLNumerics
import Kernels

/// A product rule of Gauss and Hermite for the noise of a few latent variables, in registers of eight nodes.
///
/// The mean over m nodes per latent variable is exact for polynomials of degree 2m − 1 in each; for tanh its error falls
/// exponentially with √m. Nodes come in pairs ±ε of equal weight.
struct LatentQuadrature: Sendable {
    let latent: Int
    /// Nodes of one latent variable.
    let order: Int
    /// ε of each latent variable in turn: latent × registers.
    let nodes: [SIMD8<Double>]
    /// Zero beyond the last node.
    let weights: [SIMD8<Double>]
    var registers: Int { weights.count }

    init(latent: Int, order: Int) throws {
        let rule = try gaussHermite(order: order)
        self.latent = latent
        self.order = order
        let count = (0..<latent).reduce(1) { product, _ in product * order }
        let registers = (count + 7) / 8
        var nodes = [SIMD8<Double>](repeating: .zero, count: latent * registers)
        var weights = [SIMD8<Double>](repeating: .zero, count: registers)
        for index in 0..<count {
            var (rest, weight) = (index, 1.0)
            for a in 0..<latent {
                nodes[a * registers + index / 8][index % 8] = rule.nodes[rest % order]
                weight *= rule.weights[rest % order]
                rest /= order
            }
            weights[index / 8][index % 8] = weight
        }
        self.nodes = nodes
        self.weights = weights
    }
}

/// The average over quadrature nodes, for activations φ that are linear or tanh.
struct QuadratureAverage: DecoderAverage {
    let layer: DecoderLayer
    let rule: LatentQuadrature
    let isLinear: Bool
    /// σ_a ε of every node: latent × registers.
    private let noise: [SIMD8<Double>]

    init(_ layer: DecoderLayer, _ rule: LatentQuadrature, isLinear: Bool) {
        self.layer = layer
        self.rule = rule
        self.isLinear = isLinear
        let registers = rule.registers
        noise = rule.nodes.indices.map { rule.nodes[$0] * layer.variances[$0 / registers].squareRoot() }
    }

    func add(_ sample: DecoderSample, to sums: inout DecoderSums) {
        let (h, k, registers) = (layer.hidden, layer.latent, rule.registers)
        withUnsafeTemporaryAllocation(
            byteCount: 2 * h * registers * MemoryLayout<SIMD8<Double>>.stride, alignment: 64
        ) { memory in
            let units = memory.bindMemory(to: SIMD8<Double>.self)
            fill(units, sample)
            for a in 0..<k { sums.mean[a] = 0 }
            for i in 0..<h {
                let own = units.baseAddress! + i * registers
                // ∂q/∂φ_i at each node, over 2.
                let force = units.baseAddress! + (h + i) * registers
                for r in 0..<registers { force[r] = SIMD8(repeating: -sample.pull[i]) }
                for j in 0..<h {
                    let other = units.baseAddress! + j * registers
                    let coupling = layer.gram[i * h + j]
                    for r in 0..<registers { force[r] += coupling * other[r] }
                }
                var first = SIMD8<Double>.zero
                var total = SIMD8<Double>.zero
                for r in 0..<registers {
                    let value = own[r]
                    first += rule.weights[r] * value
                    let slope = isLinear ? SIMD8(repeating: 1) : 1 - value * value
                    force[r] *= 2 * rule.weights[r] * slope
                    total += force[r]
                }
                for j in 0...i {
                    let other = units.baseAddress! + j * registers
                    var sum = SIMD8<Double>.zero
                    for r in 0..<registers { sum += rule.weights[r] * own[r] * other[r] }
                    let product = sample.weight * sum.sum()
                    sums.second[i * h + j] += product
                    if j < i { sums.second[j * h + i] += product }
                }
                sums.first[i] = first.sum()
                let push = total.sum()
                sums.biases[i] += sample.weight * push
                for a in 0..<k {
                    var sum = SIMD8<Double>.zero
                    for r in 0..<registers { sum += force[r] * noise[a * registers + r] }
                    let along = sum.sum()
                    sums.weights[i * k + a] += sample.weight * (sample.mean[a] * push + along)
                    sums.mean[a] += layer.weights[i * k + a] * push
                    // σ ε = √s ε, whose derivative by s is σ ε / 2s.
                    sums.variances[a] +=
                        sample.weight * layer.weights[i * k + a] * along / (2 * layer.variances[a])
                }
            }
        }
    }

    /// φ(h) of every unit at every node.
    private func fill(_ units: UnsafeMutableBufferPointer<SIMD8<Double>>, _ sample: DecoderSample) {
        let (h, k, registers) = (layer.hidden, layer.latent, rule.registers)
        for i in 0..<h {
            let own = units.baseAddress! + i * registers
            var centre = layer.biases[i]
            for a in 0..<k { centre += layer.weights[i * k + a] * sample.mean[a] }
            for r in 0..<registers { own[r] = SIMD8(repeating: centre) }
            for a in 0..<k {
                let weight = layer.weights[i * k + a]
                for r in 0..<registers { own[r] += weight * noise[a * registers + r] }
            }
        }
        guard !isLinear else { return }
        let lanes = SampledKernel(.current, .double).laneCount
        ElementaryFunction.tanh.apply(
            units.baseAddress!, units.baseAddress!, count: h * registers * 8 / lanes, .current, .double)
    }
}
