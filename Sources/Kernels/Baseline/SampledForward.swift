import CLanes

/// The widest register tile: with four samples it fills the registers of the build.
@inline(__always) var tileWidth: Int { Int(CL_TILE_WIDTH) }

/// Z = X Wᵀ for a chunk of samples, tile by tile: `start` gives a tile's first values for a unit, `finish` stores a column.
@inline(__always)
private func forwardTiles<X: BlockSource>(
    _ input: X, inputStride: Int, samples: Int, columns: Int, rows: Int,
    weights: UnsafePointer<X.Block.V>, into z: UnsafeMutablePointer<X.Block.V>, stride: Int,
    start: (_ unit: Int, _ z: UnsafeMutablePointer<X.Block.V>) -> X.Block,
    finish: (_ z: UnsafeMutablePointer<X.Block.V>, _ block: X.Block) -> Void
) {
    let parts = NearEqualParts(rows, limit: tileWidth)
    var s = 0
    while s < samples {
        var x = input
        x.skip(s &* inputStride)
        var part = 0
        var j = 0
        while j < rows {
            let width = parts.length(of: part)
            let c = z + (s &* stride &+ j)
            tile(
                width: width, x, LaneOperand(weights + j &* columns, across: columns, along: 1), count: columns,
                start: { start(j &+ $0, c + $0) }, finish: { finish(c + $0, $1) })
            part &+= 1
            j &+= width
        }
        s &+= Int(CL_SAMPLE_BLOCK)
    }
}

/// Z = X Wᵀ + b.
@inline(never)
private func multiplyForward<X: BlockSource>(
    _ input: X, inputStride: Int, samples: Int, columns: Int, rows: Int, weights: UnsafePointer<X.Block.V>,
    biases: UnsafePointer<X.Block.V>?, into z: UnsafeMutablePointer<X.Block.V>, stride: Int
) {
    let zero = X.Block.V(0)
    forwardTiles(
        input, inputStride: inputStride, samples: samples, columns: columns, rows: rows, weights: weights, into: z,
        stride: stride, start: { j, _ in X.Block(repeating: biases.map { $0[j] } ?? zero) },
        finish: { c, block in block.store(c, stride: stride) })
}

/// Z = max(0, X Wᵀ + b).
@inline(never)
private func multiplyForwardRectified<X: BlockSource>(
    _ input: X, inputStride: Int, samples: Int, columns: Int, rows: Int, weights: UnsafePointer<X.Block.V>,
    biases: UnsafePointer<X.Block.V>?, into z: UnsafeMutablePointer<X.Block.V>, stride: Int
) {
    let zero = X.Block.V(0)
    forwardTiles(
        input, inputStride: inputStride, samples: samples, columns: columns, rows: rows, weights: weights, into: z,
        stride: stride, start: { j, _ in X.Block(repeating: biases.map { $0[j] } ?? zero) },
        finish: { c, block in block.map { .max(zero, $0) }.store(c, stride: stride) })
}

extension SampledNet {
    /// The affine map into layer `l` for the chunk that starts at sample `first`, from the values of layer l − 1 in
    /// `inputs`, for l = 1 from the data.
    @inline(__always)
    func affine(
        _ l: Int, first: Int, samples: Int, weights memory: UnsafeMutableRawPointer?,
        inputs: UnsafeMutableRawPointer?, outputs: UnsafeMutableRawPointer?, rectified: Bool = false
    ) {
        let columns = fields.widths[l &- 1]
        let rows = fields.widths[l]
        let w = UnsafePointer(weights(memory, l))
        let b = biases(memory, l).map { UnsafePointer($0) }
        let z = units(outputs, l)
        let stride = fields.unit_strides[l]
        @inline(__always) func run<X: BlockSource>(_ input: X, inputStride: Int) where X.Block.V == V {
            if rectified {
                multiplyForwardRectified(
                    input, inputStride: inputStride, samples: samples, columns: columns, rows: rows, weights: w,
                    biases: b, into: z, stride: stride)
            } else {
                multiplyForward(
                    input, inputStride: inputStride, samples: samples, columns: columns, rows: rows, weights: w,
                    biases: b, into: z, stride: stride)
            }
        }
        let data = first &* columns
        if l > 1 {
            let below = fields.unit_strides[l &- 1]
            run(LaneSource<LaneBlock4<V>>(units(inputs, l &- 1), across: below, along: 1), inputStride: below)
        } else if fields.own_features {
            run(
                LaneSource<LaneBlock4<V>>(lanes(fields.features) + data, across: columns, along: 1),
                inputStride: columns)
        } else {
            run(
                SharedSource<LaneBlock4<V>>(scalars(fields.features) + data, across: columns, along: 1),
                inputStride: columns)
        }
    }

    /// Runs a chunk through the layers up to `last`. Afterwards `values` holds every layer's values and, for activations
    /// whose slope is not in their value, `slopes` the slopes.
    @inline(__always)
    func forward(first: Int, samples: Int, last: Int) {
        var l = 1
        while l <= last {
            let isHidden = l < fields.layers
            affine(
                l, first: first, samples: samples, weights: fields.point, inputs: fields.values, outputs: fields.values,
                rectified: isHidden && isRectified)
            if isHidden {
                activate(
                    units(fields.values, l), slopes: units(fields.slopes, l),
                    count: samples &* fields.unit_strides[l])
            }
            l &+= 1
        }
    }
}
