import CLanes

/// The widest register tile: with four samples it fills the registers of the build.
@inline(__always) var tileWidth: Int { Int(CL_TILE_WIDTH) }

/// Z = X Wᵀ + b for a chunk of samples, without the activation.
///
/// - Parameter adding: Z += X Wᵀ instead.
@inline(never)
func multiplyForward<X: BlockSource>(
    _ input: X, advance: (inout X, Int) -> Void, samples: Int, columns: Int, rows: Int,
    weights: UnsafePointer<X.Block.V>, biases: UnsafePointer<X.Block.V>?, into z: UnsafeMutablePointer<X.Block.V>,
    stride: Int, adding: Bool, rectified: Bool
) {
    typealias V = X.Block.V
    let zero = V(0)
    let parts = NearEqualParts(rows, limit: tileWidth)
    var s = 0
    while s < samples {
        var x = input
        advance(&x, s)
        var part = 0
        var j = 0
        while j < rows {
            let width = parts.length(of: part)
            let c = z + (s &* stride &+ j)
            tile(
                width: width, x, LaneOperand(weights + j &* columns, across: columns, along: 1), count: columns,
                start: { k in
                    if adding { return X.Block(c + k, stride: stride) }
                    if let biases { return X.Block(repeating: biases[j &+ k]) }
                    return X.Block(repeating: zero)
                },
                finish: { k, block in
                    if rectified {
                        block.map { V.max(zero, $0) }.store(c + k, stride: stride)
                    } else {
                        block.store(c + k, stride: stride)
                    }
                })
            part &+= 1
            j &+= width
        }
        s &+= Int(CL_SAMPLE_BLOCK)
    }
}

extension SampledNet {
    /// The affine map into layer `l` for the chunk that starts at sample `first`.
    ///
    /// - Parameters:
    ///   - inputs: the values of layer l − 1, in the array of values or of their tangents; for l = 1 the data.
    ///   - adding: adds W X to what stands there, without biases.
    @inline(__always)
    func affine(
        _ l: Int, first: Int, samples: Int, weights memory: UnsafeMutableRawPointer?,
        inputs: UnsafeMutableRawPointer?, outputs: UnsafeMutableRawPointer?, adding: Bool = false,
        rectified: Bool = false
    ) {
        let columns = fields.widths[l &- 1]
        let rows = fields.widths[l]
        let w = UnsafePointer(weights(memory, l))
        let b = adding ? nil : biases(memory, l).map { UnsafePointer($0) }
        let z = units(outputs, l)
        let stride = fields.unit_strides[l]
        if l > 1 {
            let below = fields.unit_strides[l &- 1]
            multiplyForward(
                LaneSource<LaneBlock4<V>>(units(inputs, l &- 1), across: below, along: 1),
                advance: { $0.start += $1 &* below }, samples: samples, columns: columns, rows: rows, weights: w,
                biases: b, into: z, stride: stride, adding: adding, rectified: rectified)
        } else if fields.own_features {
            multiplyForward(
                LaneSource<LaneBlock4<V>>(lanes(fields.features) + first &* columns, across: columns, along: 1),
                advance: { $0.start += $1 &* columns }, samples: samples, columns: columns, rows: rows, weights: w,
                biases: b, into: z, stride: stride, adding: adding, rectified: rectified)
        } else {
            multiplyForward(
                SharedSource<LaneBlock4<V>>(scalars(fields.features) + first &* columns, across: columns, along: 1),
                advance: { $0.start += $1 &* columns }, samples: samples, columns: columns, rows: rows, weights: w,
                biases: b, into: z, stride: stride, adding: adding, rectified: rectified)
        }
    }

    /// Runs a chunk through the layers up to `last`. Afterwards `values` holds every layer's values and, for activations whose slope
    /// is not in their value, `slopes` the slopes.
    @inline(__always)
    func forward(first: Int, samples: Int, last: Int) {
        var l = 1
        while l <= last {
            let isHidden = l < fields.layers
            affine(
                l, first: first, samples: samples, weights: fields.point, inputs: fields.values, outputs: fields.values,
                rectified: isHidden && fields.activation == CL_RELU)
            if isHidden {
                activate(
                    units(fields.values, l), slopes: units(fields.slopes, l),
                    count: samples &* fields.unit_strides[l])
            }
            l &+= 1
        }
    }

    /// Turns the output's values into twice the weighted residuals, and adds to the loss Σ w (f − y)².
    @inline(__always)
    func residuals(first: Int, samples: Int, loss: UnsafeMutablePointer<V>?) {
        let outputs = fields.widths[fields.layers]
        let stride = fields.unit_strides[fields.layers]
        let values = units(fields.values, fields.layers)
        let importance = scalars(fields.sample_weights) + first
        let start = first &* outputs
        var s = 0
        while s < samples {
            let weight = V(scalar: importance[s])
            var j = 0
            while j < outputs {
                let index = start &+ s &* outputs &+ j
                let y = fields.own_targets ? lanes(fields.targets)[index] : V(scalar: scalars(fields.targets)[index])
                let residual = values[s &* stride &+ j] - y
                let weighted = weight * residual
                if let loss { loss[0] = .fma(weighted, residual, loss[0]) }
                values[s &* stride &+ j] = weighted + weighted
                j &+= 1
            }
            s &+= 1
        }
    }
}
