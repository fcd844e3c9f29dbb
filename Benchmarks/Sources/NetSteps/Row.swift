import Foundation
import Kernels
import TinyNets

/// One row of the table: full-batch gradient descent of nets with d = 5 inputs, width 10, biases, n = 256 shared samples.
struct Row: Codable {
    static let inputs = 5
    static let width = 10
    static let samples = 256

    var activation: String
    var depth: Int
    var precision: String
    /// Medians over rounds; a step is one net's full-batch gradient and update.
    var netStepsPerSecond = 0.0
    /// Multiply–adds of the matrix products, twice, per second.
    var gigaflops = 0.0
    /// The processor's peak in the same rounds, and the share of it.
    var peakGigaflops = 0.0
    var peakShare = 0.0
    /// Nanoseconds per element of the activation's forward and backward passes on their own; 0 for linear nets.
    var activationNanoseconds = 0.0
    /// The share of the rate at which the multiply–adds would run at peak and the activations at their own rate.
    var rooflineShare = 0.0
    /// With 4,096 nets, pack after pack, each pack a few steps at a time.
    var ensembleNetStepsPerSecond = 0.0
}

/// A row with what it needs to be measured again and again, so that rounds of all rows and of the machine's limits can be
/// interleaved: a shared machine's clock drifts.
final class Contender {
    private(set) var row: Row
    let precision: Precision
    private let pack: SampledNetPack
    private let steps: Int
    private var times: [Double] = []
    private var shares: [Double] = []
    private var rooflines: [Double] = []
    private var peaks: [Double] = []
    private var elements: [Double] = []

    init(_ activation: UnitActivation, depth: Int, _ kernel: SampledKernel) throws {
        precision = kernel.precision
        row = Row(activation: "\(activation)", depth: depth, precision: kernel.precision.rawValue)
        let pack = try Self.pack(activation, depth: depth, kernel)
        steps = repetitions { pack.descend(steps: 1) }
        self.pack = pack
    }

    /// Nets of a row, filled with weights and data.
    static func pack(_ activation: UnitActivation, depth: Int, _ kernel: SampledKernel) throws -> SampledNetPack {
        let shape = try SampledNetShape(
            inputs: Row.inputs, widths: Array(repeating: Row.width, count: depth), activation: activation,
            hasBiases: true)
        let pack = SampledNetPack(shape: shape, sampleCount: Row.samples, kernel: kernel)
        var features: [Double] = []
        var targets: [Double] = []
        for s in 0..<Row.samples {
            // Multiples of the golden ratio fill [−1.7, 1.7] evenly.
            let x = (0..<Row.inputs).map { i -> Double in
                let fraction = (Double(s * Row.inputs + i) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
                return 3.4 * fraction - 1.7
            }
            features += x
            targets.append(sin(x.reduce(0, +)))
        }
        pack.setData(SampledData(inputs: Row.inputs, features: features, targets: targets))
        for lane in 0..<pack.laneCount {
            let weights = (0..<shape.weightCount).map { i -> Double in
                (Double(i * pack.laneCount + lane) * 0.6180339887498949).truncatingRemainder(dividingBy: 1) - 0.5
            }
            pack.setWeights(weights, lane: lane)
            pack.setDecays(Array(repeating: 1e-4 * Double(lane + 1), count: depth + 1), lane: lane)
            pack.setRate(0.02, lane: lane)
        }
        return pack
    }

    /// Steps of `Ensemble.nets` nets: the median of three sweeps over all packs, after one that touches the memory.
    func measureEnsemble() throws {
        let ensemble = try Ensemble(pack.shape.activation, depth: row.depth, pack.kernel)
        ensemble.advance()
        let times = (0..<3).map { _ in sample(1) { ensemble.advance() } }
        row.ensembleNetStepsPerSecond = Double(ensemble.netSteps) / median(times)
    }

    /// A sample of the row beside one of the machine's limits.
    func measure(_ limits: Limits) {
        let step = sample(1) { pack.descend(steps: steps) } / Double(steps)
        let lanes = Double(pack.laneCount)
        let multiplyAdds = Double(pack.shape.multiplyAddsPerSample * Row.samples) * lanes
        let units = Double(Row.width * row.depth * Row.samples) * lanes
        let element =
            switch pack.shape.activation {
            case .tanh: limits.tanh
            case .relu: limits.relu
            default: 0.0
            }
        times.append(step)
        peaks.append(limits.multiplyAdds)
        elements.append(element)
        shares.append(multiplyAdds / step / limits.multiplyAdds)
        rooflines.append((multiplyAdds / limits.multiplyAdds + units * element) / step)
        row.netStepsPerSecond = lanes / median(times)
        row.gigaflops = 2e-9 * multiplyAdds / median(times)
        row.peakGigaflops = 2e-9 * median(peaks)
        row.peakShare = median(shares)
        row.activationNanoseconds = 1e9 * median(elements)
        row.rooflineShare = median(rooflines)
    }
}

/// 4,096 nets in packs that do not see each other.
struct Ensemble {
    static let nets = 4096
    /// Steps of a pack before the next one's turn.
    private static let burst = 8
    private let packs: [SampledNetPack]

    init(_ activation: UnitActivation, depth: Int, _ kernel: SampledKernel) throws {
        packs = try (0..<Self.nets / kernel.laneCount).map { _ in
            try Contender.pack(activation, depth: depth, kernel)
        }
    }

    func advance() { for pack in packs { pack.descend(steps: Self.burst) } }
    var netSteps: Int { Self.nets * Self.burst }
}

/// What the machine can do at best, measured now.
struct Limits {
    /// Scalar multiply–adds per second.
    let multiplyAdds: Double
    /// Seconds per element of tanh, and of max(0, h).
    let tanh: Double
    let relu: Double

    init(_ kernel: SampledKernel, _ memory: Workspace) {
        var best = 0.0
        for _ in 0..<4 {
            let start = processorTime()
            let count = MultiplyAddPeak.run(rounds: 200_000, kernel.variant, kernel.precision)
            best = max(best, Double(count) / (processorTime() - start))
        }
        multiplyAdds = best
        let elements = Double(Workspace.vectors * kernel.laneCount)
        tanh = memory.time(.tanh, kernel) / elements
        relu = memory.time(.rectifier, kernel) / elements
    }
}

/// Arguments between −2 and 2 that stay in the first-level cache.
final class Workspace {
    static let vectors = 160
    private let input: UnsafeMutableRawPointer
    private let output: UnsafeMutableRawPointer

    init(_ kernel: SampledKernel) {
        let bytes = Self.vectors * 64
        input = .allocate(byteCount: bytes, alignment: 64)
        output = .allocate(byteCount: bytes, alignment: 64)
        for i in 0..<Self.vectors * kernel.laneCount {
            let x = 4 * (Double(i) * 0.6180339887498949).truncatingRemainder(dividingBy: 1) - 2
            switch kernel.precision {
            case .double: input.storeBytes(of: x, toByteOffset: 8 * i, as: Double.self)
            case .single: input.storeBytes(of: Float(x), toByteOffset: 4 * i, as: Float.self)
            }
        }
    }
    deinit {
        input.deallocate()
        output.deallocate()
    }

    /// Seconds for all vectors, the best of five.
    func time(_ function: ElementaryFunction, _ kernel: SampledKernel) -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            let seconds = sample(100) {
                function.apply(input, output, count: Self.vectors, kernel.variant, kernel.precision)
            }
            best = min(best, seconds)
        }
        return best
    }
}
