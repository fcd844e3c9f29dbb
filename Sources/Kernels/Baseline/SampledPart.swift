import CLanes

// Packs of eight nets through samples. The sampled-net kernel works on as many lanes as a register has; a build with
// shorter registers takes the eight lanes in parts, and copies their weights and results in and out.

@inline(never)
func computeSampledGradient(_ pack: cl_pack) {
    var part = 0
    while part < pack.sampled_parts {
        let view = SampledPart(pack, part)
        view.load(pack.point, into: view.fields.point, count: pack.weight_count)
        view.load(pack.gammas, into: view.fields.gammas, count: pack.layers)
        view.load(pack.smoothing, into: view.fields.smoothing, count: 1)
        SampledNet<DoubleLanes>(view.fields).gradient()
        view.store(view.fields.gradient, into: pack.gradient, count: pack.weight_count)
        view.store(view.fields.loss, into: pack.loss, count: 1)
        view.store(view.fields.data_loss, into: pack.data_loss, count: 1)
        view.store(view.fields.layer_norms, into: pack.layer_norms, count: pack.layers)
        part &+= 1
    }
}

@inline(never)
func computeSampledHessianProduct(_ pack: cl_pack) {
    var part = 0
    while part < pack.sampled_parts {
        let view = SampledPart(pack, part)
        view.load(pack.point, into: view.fields.point, count: pack.weight_count)
        view.load(pack.direction, into: view.fields.direction, count: pack.weight_count)
        SampledNet<DoubleLanes>(view.fields).hessianProduct()
        view.store(view.fields.product, into: pack.product, count: pack.weight_count)
        part &+= 1
    }
}

/// Some lanes of a pack. Where there is one part it uses the pack's own arrays, and nothing is copied.
private struct SampledPart {
    let fields: cl_sampled_pack
    private let part: Int
    private let parts: Int

    @inline(__always) init(_ pack: cl_pack, _ part: Int) {
        fields = pack.sampled[part].unsafelyUnwrapped.pointee
        self.part = part
        parts = pack.sampled_parts
    }

    @inline(__always)
    func load(_ source: UnsafePointer<Double>, into target: UnsafeRawPointer?, count: Int) {
        guard parts > 1 else { return }
        let from = UnsafeRawPointer(source).assumingMemoryBound(to: DoubleLanes.self) + part
        let to = UnsafeMutableRawPointer(mutating: target.unsafelyUnwrapped).assumingMemoryBound(to: DoubleLanes.self)
        var i = 0
        while i < count {
            to[i] = from[i &* parts]
            i &+= 1
        }
    }

    @inline(__always)
    func store(_ source: UnsafeMutableRawPointer?, into target: UnsafeMutablePointer<Double>, count: Int) {
        guard parts > 1 else { return }
        let from = source.unsafelyUnwrapped.assumingMemoryBound(to: DoubleLanes.self)
        let to = UnsafeMutableRawPointer(target).assumingMemoryBound(to: DoubleLanes.self) + part
        var i = 0
        while i < count {
            to[i &* parts] = from[i]
            i &+= 1
        }
    }
}
