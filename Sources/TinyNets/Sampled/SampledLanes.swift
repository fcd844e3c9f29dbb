import CLanes
import Kernels

/// The eight lanes of a pack of nets through samples, in parts as wide as a register of the kernel's variant.
///
/// Nets with the same data share one copy, which the kernel reads faster; the numbers are the same to the bit.
final class SampledLanes {
    private let parts: [SampledMemory]
    private let width: Int
    private let pointers: UnsafeMutablePointer<UnsafePointer<cl_sampled_pack>?>
    /// The nets of the lanes that are in use, and whether a lane's own copy of its data is filled.
    private var nets: [SampledNet?]
    private var hasOwnCopy: [Bool]

    /// - Parameter pack: gets the parts; where there is one part, that works in the pack's arrays.
    init(
        _ shape: SampledNetShape, _ loss: LossFunction, sampleCount: Int, maskCount: Int, _ variant: KernelVariant,
        pack: UnsafeMutablePointer<cl_pack>
    ) {
        let kernel = SampledKernel(variant, .double)
        width = kernel.laneCount
        let count = LanePack.laneCount / width
        parts = (0..<count).map { _ in
            SampledMemory(
                shape: shape, loss: loss, sampleCount: sampleCount, maskCount: maskCount, owner: .either,
                kernel: kernel, roundsKinks: true)
        }
        nets = Array(repeating: nil, count: LanePack.laneCount)
        hasOwnCopy = Array(repeating: false, count: LanePack.laneCount)
        if count == 1 { Self.alias(parts[0].description, pack.pointee) }
        pointers = .allocate(capacity: count)
        pointers.initialize(from: parts.map { UnsafePointer($0.description) }, count: count)
        pack.pointee.sampled_parts = count
        pack.pointee.sampled = UnsafePointer(pointers)
    }

    deinit { pointers.deallocate() }

    private static func alias(_ part: UnsafeMutablePointer<cl_sampled_pack>, _ pack: cl_pack) {
        part.pointee.gammas = UnsafeRawPointer(pack.gammas)
        part.pointee.smoothing = UnsafeRawPointer(pack.smoothing)
        part.pointee.point = UnsafeMutableRawPointer(pack.point)
        part.pointee.gradient = UnsafeMutableRawPointer(pack.gradient)
        part.pointee.direction = UnsafeMutableRawPointer(pack.direction)
        part.pointee.product = UnsafeMutableRawPointer(pack.product)
        part.pointee.loss = UnsafeMutableRawPointer(pack.loss)
        part.pointee.data_loss = UnsafeMutableRawPointer(pack.data_loss)
        part.pointee.layer_norms = UnsafeMutableRawPointer(pack.layer_norms)
    }

    /// Gives a lane its data and frozen noise.
    func set(_ net: SampledNet, lane: Int) {
        let (index, place) = lane.quotientAndRemainder(dividingBy: width)
        let part = parts[index]
        let lanes = index * width..<(index + 1) * width
        if !net.noiseFactors.isEmpty { part.maskFactors.set(net.noiseFactors.flatMap { $0 }, lane: place) }
        hasOwnCopy[lane] = hasOwnCopy[lane] && nets[lane]?.data == net.data
        let others = lanes.filter { $0 != lane && nets[$0] != nil }
        nets[lane] = net
        if others.allSatisfy({ nets[$0]!.data == net.data }) {
            // Also for the first net of a part: there is nobody to share with yet.
            if part.shared != net.data { part.share(net.data) }
            part.useOwnData(false)
        } else {
            for other in lanes where !hasOwnCopy[other] {
                guard let data = nets[other]?.data else { continue }
                part.setOwn(data, lane: other - lanes.lowerBound)
                hasOwnCopy[other] = true
            }
            part.useOwnData(true)
        }
    }

    func release(lane: Int) {
        nets[lane] = nil
        hasOwnCopy[lane] = false
    }
}
