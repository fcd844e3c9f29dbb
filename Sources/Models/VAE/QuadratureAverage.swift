import Kernels

/// The average over quadrature nodes, for activations φ that are linear or tanh.
final class QuadratureAverage: DecoderAverage {
    private typealias Register = SIMD8<Double>
    private typealias Registers = UnsafeMutablePointer<SIMD8<Double>>

    private let layer: DecoderLayer
    private let isLinear: Bool
    private let registers: Int
    private let memory: UnsafeMutableRawPointer
    /// ν_a of every node: latent × registers.
    private let noise: Registers
    /// Weight · ν̃_a: (latent + 1) × registers.
    private let basis: Registers
    /// Weight · ν̃_a ν̃_b for a ≤ b, row by row.
    private let pairs: Registers
    /// Of each unit at every node: φ, φ' and e.
    private let values: Registers
    private let slopes: Registers
    private let rests: Registers
    private let product: Registers

    init(_ layer: DecoderLayer, _ rule: LatentQuadrature, isLinear: Bool) {
        self.layer = layer
        self.isLinear = isLinear
        let (h, k, count) = (layer.hidden, layer.latent, rule.registers)
        registers = count
        let directions = k + 1
        let rows = [k, directions, directions * (directions + 1) / 2, h, h, h, 1]
        memory = .allocate(
            byteCount: rows.reduce(0, +) * count * MemoryLayout<Register>.stride, alignment: 64)
        var next = memory.bindMemory(to: Register.self, capacity: rows.reduce(0, +) * count)
        func part(_ rows: Int) -> Registers {
            defer { next += rows * count }
            return next
        }
        noise = part(rows[0])
        basis = part(rows[1])
        pairs = part(rows[2])
        values = part(rows[3])
        slopes = part(rows[4])
        rests = part(rows[5])
        product = part(rows[6])
        for a in 0..<k {
            let deviation = layer.variances[a].squareRoot()
            for r in 0..<count { noise[a * count + r] = rule.nodes[a * count + r] * deviation }
        }
        for r in 0..<count {
            basis[r] = rule.weights[r]
            for a in 0..<k { basis[(a + 1) * count + r] = rule.weights[r] * noise[a * count + r] }
        }
        var row = pairs
        for a in 0..<directions {
            for b in a..<directions {
                for r in 0..<count {
                    row[r] = b == 0 ? rule.weights[r] : basis[a * count + r] * noise[(b - 1) * count + r]
                }
                row += count
            }
        }
    }

    deinit { memory.deallocate() }

    private func sum(_ x: Registers, _ y: Registers) -> Double {
        var sum = Register.zero
        for r in 0..<registers { sum += x[r] * y[r] }
        return sum.sum()
    }

    func fill(_ moments: DecoderMoments, mean: UnsafePointer<Double>, pull: UnsafePointer<Double>) {
        let (h, directions, count) = (layer.hidden, layer.latent + 1, registers)
        fillUnits(mean)
        for i in 0..<h {
            let (own, slope, rest) = (values + i * count, slopes + i * count, rests + i * count)
            for r in 0..<count {
                rest[r] = Register(repeating: -pull[i])
                slope[r] = isLinear ? Register(repeating: 1) : 1 - own[r] * own[r]
            }
            for j in 0..<h {
                let (other, coupling) = (values + j * count, layer.gram[i * h + j])
                for r in 0..<count { rest[r] += coupling * other[r] }
            }
            for r in 0..<count { product[r] = 2 * slope[r] * rest[r] }
            for a in 0..<directions { moments.force[i * directions + a] = sum(product, basis + a * count) }
            moments.first[i] = sum(own, basis)
            for r in 0..<count { product[r] = basis[r] * own[r] }
            for j in 0...i {
                let mean = sum(product, values + j * count)
                moments.second[i * h + j] = mean
                moments.second[j * h + i] = mean
            }
        }
        if moments.wantsCurvature { fillCurvature(moments) }
    }

    /// φ(h) of every unit at every node.
    private func fillUnits(_ mean: UnsafePointer<Double>) {
        let (h, k, count) = (layer.hidden, layer.latent, registers)
        for i in 0..<h {
            let own = values + i * count
            var centre = layer.biases[i]
            for a in 0..<k { centre += layer.weights[i * k + a] * mean[a] }
            for r in 0..<count { own[r] = Register(repeating: centre) }
            for a in 0..<k {
                let weight = layer.weights[i * k + a]
                for r in 0..<count { own[r] += weight * noise[a * count + r] }
            }
        }
        guard !isLinear else { return }
        let lanes = SampledKernel(.current, .double).laneCount
        ElementaryFunction.tanh.apply(values, values, count: h * count * 8 / lanes, .current, .double)
    }

    private func fillCurvature(_ moments: DecoderMoments) {
        let (h, directions, count) = (layer.hidden, layer.latent + 1, registers)
        let inputs = moments.inputs
        for i in 0..<h {
            let (own, slope, rest) = (values + i * count, slopes + i * count, rests + i * count)
            for a in 0..<directions {
                let row = i * directions + a
                for r in 0..<count { product[r] = basis[a * count + r] * slope[r] }
                for l in 0..<h { moments.cross[row * h + l] = sum(product, values + l * count) }
                moments.slope[row] = sum(slope, basis + a * count)
            }
            for j in i..<h {
                let coupling = 2 * layer.gram[i * h + j]
                let other = slopes + j * count
                for r in 0..<count { product[r] = coupling * slope[r] * other[r] }
                // φ'' = −2 φ φ'.
                if j == i, !isLinear { for r in 0..<count { product[r] -= 4 * own[r] * slope[r] * rest[r] } }
                var pair = pairs
                for a in 0..<directions {
                    for b in a..<directions {
                        let mean = sum(product, pair)
                        let (i, j) = (i * directions, j * directions)
                        moments.curvature[(i + a) * inputs + j + b] = mean
                        moments.curvature[(j + b) * inputs + i + a] = mean
                        moments.curvature[(i + b) * inputs + j + a] = mean
                        moments.curvature[(j + a) * inputs + i + b] = mean
                        pair += count
                    }
                }
            }
        }
    }
}
