import CLanes

/// `headPass` with its tangent: adds the last layer's part to the product, and replaces the last hidden values and their
/// tangents by the adjoints of the pre-activations and their tangents.
@inline(never)
func headProductPass<V: RealLanes, T: BlockSource>(
    _ values: UnsafeMutablePointer<V>, _ tangents: UnsafeMutablePointer<V>, stride: Int, width: Int, samples: Int,
    slopes: UnsafePointer<V>, slopeTangents: UnsafePointer<V>, weights: UnsafePointer<V>,
    direction: UnsafePointer<V>, bias: UnsafeMutablePointer<V>?, biasDirection: UnsafeMutablePointer<V>?,
    targets: T, importance: UnsafePointer<V.Scalar>, product: UnsafeMutablePointer<V>,
    biasProduct: UnsafeMutablePointer<V>?, hiddenBiasProduct: UnsafeMutablePointer<V>?, isLogistic: Bool
) where T.Block == LaneBlock4<V> {
    typealias Block = LaneBlock4<V>
    let zero = V(0)
    var target = targets
    var biasSum = biasProduct.map { $0[0] } ?? zero
    let output = bias.map { $0[0] } ?? zero
    let outputTangent = biasDirection.map { $0[0] } ?? zero
    var s = 0
    while s < samples {
        let a = values + s &* stride
        let t = tangents + s &* stride
        var f = Block(repeating: output)
        var still = Block(repeating: outputTangent)
        var moving = Block(repeating: zero)
        var k = 0
        while k < width {
            let value = Block(a + k, stride: stride)
            f = .fma(value, weights[k], f)
            still = .fma(value, direction[k], still)
            moving = .fma(Block(t + k, stride: stride), weights[k], moving)
            k &+= 1
        }
        let weight = Block(broadcasting: importance + s, stride: 1)
        let tangent = Block.combine(still, moving) { $0 + $1 }
        let adjoint: Block
        let adjointTangent: Block
        if isLogistic {
            let jets = LossJets(f, target.load(), weight)
            adjoint = jets.slopes
            adjointTangent = Block.combine(jets.curvatures, tangent) { $0 * $1 }
        } else {
            let twice = weight.map { $0 + $0 }
            let residual = Block.combine(f, target.load()) { $0 - $1 }
            adjoint = Block.combine(twice, residual) { $0 * $1 }
            adjointTangent = Block.combine(twice, tangent) { $0 * $1 }
        }
        biasSum = biasSum + adjointTangent.sum
        target.advance()
        k = 0
        while k < width {
            let index = s &* stride &+ k
            let part = Block(a + k, stride: stride).dot(adjointTangent) + Block(t + k, stride: stride).dot(adjoint)
            product[k] = product[k] + part
            let w = weights[k]
            let back = adjoint.map { $0 * w }
            let backTangent = Block.fma(adjoint, direction[k], adjointTangent.map { $0 * w })
            let slope = Block(slopes + index, stride: stride)
            Block.combine(slope, back) { $0 * $1 }.store(a + k, stride: stride)
            let still = Block.combine(slope, backTangent) { $0 * $1 }
            let curved = Block.combine(Block(slopeTangents + index, stride: stride), back) { $0 * $1 }
            let sum = Block.combine(still, curved) { $0 + $1 }
            sum.store(t + k, stride: stride)
            if let hiddenBiasProduct { hiddenBiasProduct[k] = hiddenBiasProduct[k] + sum.sum }
            k &+= 1
        }
        s &+= Int(CL_SAMPLE_BLOCK)
    }
    biasProduct?[0] = biasSum
}

extension SampledNet {
    @inline(__always)
    func headProduct(first: Int, samples: Int) {
        let last = fields.layers
        let below = last &- 1
        @inline(__always) func run<T: BlockSource>(_ targets: T) where T.Block == LaneBlock4<V> {
            headProductPass(
                units(fields.values, below), units(fields.value_tangents, below), stride: fields.unit_strides[below],
                width: fields.widths[below], samples: samples, slopes: units(fields.slopes, below),
                slopeTangents: units(fields.slope_tangents, below), weights: weights(fields.point, last),
                direction: weights(fields.direction, last), bias: biases(fields.point, last),
                biasDirection: biases(fields.direction, last), targets: targets,
                importance: scalars(fields.sample_weights) + first, product: weights(fields.product, last),
                biasProduct: biases(fields.product, last), hiddenBiasProduct: biases(fields.product, below),
                isLogistic: isLogistic)
        }
        if fields.own_targets {
            run(LaneSource(lanes(fields.targets) + first, across: 1, along: Int(CL_SAMPLE_BLOCK)))
        } else {
            run(SharedSource(scalars(fields.targets) + first, across: 1, along: Int(CL_SAMPLE_BLOCK)))
        }
    }
}
