import CLanes
import Lanes

/// Nets of a pack on their way under an optimiser. All lanes step together; each has its rate, its data where the pack's
/// nets have their own, and its own order of batches.
public final class OptimiserRun {
    public let pack: SampledNetPack
    public let optimiser: Optimiser
    /// Steps done.
    public private(set) var stepCount = 0

    private let seed: UInt64
    private let orderKeys: [UInt64]
    private let batchesPerEpoch: Int

    /// Starts from the pack's weights, data and rates, with the optimiser's memory empty.
    /// - Parameters:
    ///   - orderKeys: what tells the random order of batches of one net from another's: one key for each lane, or one
    ///     where the nets share their data (and so the order).
    /// - Precondition: the pack's data are set, and a batch has no more samples than there are.
    public init(pack: SampledNetPack, optimiser: Optimiser, seed: UInt64 = 0, orderKeys: [UInt64] = [0]) {
        let size = optimiser.batches.size ?? pack.sampleCount
        precondition((1...pack.sampleCount).contains(size), "a batch has at least one sample and at most all")
        if case .epochs = optimiser.batches {
            precondition(orderKeys.count == (pack.hasOwnData ? pack.laneCount : 1), "one key for each order of samples")
        }
        self.pack = pack
        self.optimiser = optimiser
        self.seed = seed
        self.orderKeys = orderKeys
        batchesPerEpoch = pack.sampleCount / size
        pack.arrays.clearMoments()
    }

    /// Whether a single pass over the data is over.
    public var isExhausted: Bool {
        if case .onePass = optimiser.batches { stepCount >= batchesPerEpoch } else { false }
    }

    /// Steps on; fewer than asked for where the data are through.
    ///
    /// Afterwards the pack's loss and gradient are those of the last step's batch, before its weights moved;
    /// `SampledNetPack.evaluate` takes them anew, on all samples.
    public func run(steps: Int) {
        for _ in 0..<steps where !isExhausted {
            if let size = optimiser.batches.size {
                let batch = stepCount % batchesPerEpoch
                if batch == 0, case .epochs = optimiser.batches { reorder(epoch: stepCount / batchesPerEpoch) }
                pack.arrays.useBatch(batch * size..<(batch + 1) * size)
            }
            pack.evaluate()
            var step = optimiser.step(stepCount)
            pack.kernel.move(pack.arrays.description, &step)
            stepCount += 1
        }
        pack.arrays.useBatch(nil)
    }

    private func reorder(epoch: Int) {
        for (lane, key) in orderKeys.enumerated() {
            var stream = RandomStream(seed: seed, key: key, purpose: .batches, substream: epoch)
            pack.arrays.shuffle(lane: lane, &stream)
        }
    }
}

extension SampledMemory {
    func clearMoments() {
        for array in [firstMoment, secondMoment] {
            array.memory.initializeMemory(as: UInt8.self, repeating: 0, count: array.byteCount)
        }
    }

    /// Puts samples into a random order (Fisher & Yates): all nets' where they share their data, else one net's.
    func shuffle(lane: Int, _ stream: inout RandomStream) {
        let owns = description.pointee.own_features
        let arrays =
            owns
            ? [(ownFeatures, shape.inputs), (ownTargets, shape.outputs)]
            : [(sharedFeatures, shape.inputs), (sharedTargets, shape.outputs)]
        for s in stride(from: sampleCount - 1, to: 0, by: -1) {
            let other = stream.integer(below: s + 1)
            if other == s { continue }
            for (array, width) in arrays {
                for i in 0..<width {
                    let value = array[s * width + i, lane]
                    array[s * width + i, lane] = array[other * width + i, lane]
                    array[other * width + i, lane] = value
                }
            }
        }
    }
}
