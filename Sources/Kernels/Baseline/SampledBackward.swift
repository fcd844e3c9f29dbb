import CLanes

/// What the backward pass multiplies an adjoint with.
enum SlopeRule {
    case one
    /// 1 − a², from the value a.
    case tanh
    /// 1 where the value is positive, else 0.
    case rectifier
    case stored
}

/// G += Dᵀ A over a chunk: D has one row per sample and `rows` columns, A one row per sample and `columns` columns.
@inline(never)
func accumulateOuterProducts<V: RealLanes, S: GradientInput>(
    _ adjoints: UnsafePointer<V>, adjointStride: Int, rows: Int, _ inputs: S, columns: Int, samples: Int,
    into gradient: UnsafeMutablePointer<V>
) where S.V == V {
    let rowParts = NearEqualParts(rows, limit: tileWidth)
    @inline(__always) func column<X: BlockSource>(_ x: X, _ i: Int) where X.Block.V == V {
        var part = 0
        var j = 0
        while j < rows {
            let width = rowParts.length(of: part)
            let g = gradient + (j &* columns &+ i)
            tile(
                width: width, x, LaneOperand(adjoints + j, across: 1, along: adjointStride), count: samples,
                start: { X.Block(g + $0 &* columns, stride: 1) },
                finish: { $1.store(g + $0 &* columns, stride: 1) })
            part &+= 1
            j &+= width
        }
    }
    let columnParts = NearEqualParts(columns, limit: 4)
    var part = 0
    var i = 0
    while i < columns {
        let height = columnParts.length(of: part)
        switch height {
        case 4: column(inputs.blocks4(from: i), i)
        case 3: column(inputs.blocks3(from: i), i)
        case 2: column(inputs.blocks2(from: i), i)
        default: column(inputs.blocks1(from: i), i)
        }
        part &+= 1
        i &+= height
    }
}

/// The inputs of a layer as blocks of neighbouring units, sample after sample.
protocol GradientInput {
    associatedtype V: RealLanes
    associatedtype Source1: BlockSource where Source1.Block.V == V
    associatedtype Source2: BlockSource where Source2.Block.V == V
    associatedtype Source3: BlockSource where Source3.Block.V == V
    associatedtype Source4: BlockSource where Source4.Block.V == V
    func blocks1(from i: Int) -> Source1
    func blocks2(from i: Int) -> Source2
    func blocks3(from i: Int) -> Source3
    func blocks4(from i: Int) -> Source4
}

struct LaneInput<V: RealLanes>: GradientInput {
    let start: UnsafePointer<V>
    let stride: Int

    @inline(__always) init(_ start: UnsafePointer<V>, stride: Int) {
        self.start = start
        self.stride = stride
    }
    @inline(__always) func blocks1(from i: Int) -> LaneSource<LaneBlock1<V>> {
        LaneSource(start + i, across: 1, along: stride)
    }
    @inline(__always) func blocks2(from i: Int) -> LaneSource<LaneBlock2<V>> {
        LaneSource(start + i, across: 1, along: stride)
    }
    @inline(__always) func blocks3(from i: Int) -> LaneSource<LaneBlock3<V>> {
        LaneSource(start + i, across: 1, along: stride)
    }
    @inline(__always) func blocks4(from i: Int) -> LaneSource<LaneBlock4<V>> {
        LaneSource(start + i, across: 1, along: stride)
    }
}

struct SharedInput<V: RealLanes>: GradientInput {
    let start: UnsafePointer<V.Scalar>
    let stride: Int

    @inline(__always) init(_ start: UnsafePointer<V.Scalar>, stride: Int) {
        self.start = start
        self.stride = stride
    }
    @inline(__always) func blocks1(from i: Int) -> SharedSource<LaneBlock1<V>> {
        SharedSource(start + i, across: 1, along: stride)
    }
    @inline(__always) func blocks2(from i: Int) -> SharedSource<LaneBlock2<V>> {
        SharedSource(start + i, across: 1, along: stride)
    }
    @inline(__always) func blocks3(from i: Int) -> SharedSource<LaneBlock3<V>> {
        SharedSource(start + i, across: 1, along: stride)
    }
    @inline(__always) func blocks4(from i: Int) -> SharedSource<LaneBlock4<V>> {
        SharedSource(start + i, across: 1, along: stride)
    }
}

/// B = D W for a chunk, sample blocks of four, each tile handed to `finish` with its sample and unit.
@inline(__always)
func multiplyBackward<V: RealLanes>(
    _ adjoints: UnsafePointer<V>, adjointStride: Int, rows: Int, weights: UnsafePointer<V>, columns: Int, samples: Int,
    start: (_ sample: Int, _ unit: Int) -> LaneBlock4<V>,
    finish: (_ sample: Int, _ unit: Int, _ block: LaneBlock4<V>) -> Void
) {
    let parts = NearEqualParts(columns, limit: tileWidth)
    var s = 0
    while s < samples {
        let x = LaneSource<LaneBlock4<V>>(adjoints + s &* adjointStride, across: adjointStride, along: 1)
        var part = 0
        var j = 0
        while j < columns {
            let width = parts.length(of: part)
            tile(
                width: width, x, LaneOperand(weights + j, across: 1, along: columns), count: rows,
                start: { start(s, j &+ $0) }, finish: { finish(s, j &+ $0, $1) })
            part &+= 1
            j &+= width
        }
        s &+= Int(CL_SAMPLE_BLOCK)
    }
}

/// Replaces a layer's values by the adjoints of its pre-activations, φ'(h) · (D W), and adds them to the gradient of its
/// biases.
@inline(never)
func propagateBack<V: RealLanes>(
    _ adjoints: UnsafePointer<V>, adjointStride: Int, rows: Int, weights: UnsafePointer<V>, columns: Int, samples: Int,
    values: UnsafeMutablePointer<V>, slopes: UnsafePointer<V>, stride: Int, rule: SlopeRule,
    biasGradient: UnsafeMutablePointer<V>?
) {
    let zero = V(0)
    multiplyBackward(
        adjoints, adjointStride: adjointStride, rows: rows, weights: weights, columns: columns, samples: samples,
        start: { _, _ in LaneBlock4(repeating: zero) },
        finish: { s, j, block in
            let index = s &* stride &+ j
            let result: LaneBlock4<V>
            switch rule {
            case .one: result = block
            case .tanh:
                let value = LaneBlock4(values + index, stride: stride)
                result = .combine(block, value) { V.nfma($0 * $1, $1, $0) }
            case .rectifier:
                let value = LaneBlock4(values + index, stride: stride)
                result = .combine(block, value) { V.select(zero, less: $1, $0, zero) }
            case .stored:
                result = .combine(block, LaneBlock4(slopes + index, stride: stride)) { $0 * $1 }
            }
            result.store(values + index, stride: stride)
            if let biasGradient { biasGradient[j] = biasGradient[j] + result.sum }
        })
}

extension SampledNet {
    /// G_l += D_lᵀ A over a chunk, where A is the data or layer l − 1 of `inputs`.
    @inline(__always)
    func accumulateWeights(
        _ l: Int, first: Int, samples: Int, adjoints: UnsafeMutableRawPointer?, inputs: UnsafeMutableRawPointer?,
        into memory: UnsafeMutableRawPointer?
    ) {
        let columns = fields.widths[l &- 1]
        let rows = fields.widths[l]
        let d = UnsafePointer(units(adjoints, l))
        let stride = fields.unit_strides[l]
        let gradient = weights(memory, l)
        if l > 1 {
            let a = LaneInput(UnsafePointer(units(inputs, l &- 1)), stride: fields.unit_strides[l &- 1])
            accumulateOuterProducts(
                d, adjointStride: stride, rows: rows, a, columns: columns, samples: samples, into: gradient)
        } else if fields.own_features {
            let a = LaneInput<V>(lanes(fields.features) + first &* columns, stride: columns)
            accumulateOuterProducts(
                d, adjointStride: stride, rows: rows, a, columns: columns, samples: samples, into: gradient)
        } else {
            let a = SharedInput<V>(scalars(fields.features) + first &* columns, stride: columns)
            accumulateOuterProducts(
                d, adjointStride: stride, rows: rows, a, columns: columns, samples: samples, into: gradient)
        }
    }

    /// Adds a chunk's adjoints of the output to the gradient of its biases.
    @inline(__always)
    func accumulateOutputBiases(
        samples: Int, adjoints: UnsafeMutableRawPointer?, into memory: UnsafeMutableRawPointer?
    ) {
        let last = fields.layers
        guard let gradient = biases(memory, last) else { return }
        let stride = fields.unit_strides[last]
        let d = units(adjoints, last)
        var j = 0
        while j < fields.widths[last] {
            var sum = gradient[j]
            var s = 0
            while s < samples {
                sum = sum + d[s &* stride &+ j]
                s &+= 1
            }
            gradient[j] = sum
            j &+= 1
        }
    }

    @inline(__always) var slopeRule: SlopeRule {
        switch fields.activation {
        case CL_LINEAR: .one
        case CL_TANH: .tanh
        case CL_RELU where isRectified: .rectifier
        default: .stored
        }
    }

    /// Adds a chunk's part of the gradient of layers 1 to `last`, from the adjoints of the last of them. On the way every
    /// layer's values turn into the adjoints of its pre-activations.
    @inline(__always)
    func backward(first: Int, samples: Int, last: Int, rule: SlopeRule) {
        var l = last
        while l >= 1 {
            accumulateWeights(
                l, first: first, samples: samples, adjoints: fields.values, inputs: fields.values,
                into: fields.gradient)
            if l > 1 {
                propagateBack(
                    units(fields.values, l), adjointStride: fields.unit_strides[l], rows: fields.widths[l],
                    weights: weights(fields.point, l), columns: fields.widths[l &- 1], samples: samples,
                    values: units(fields.values, l &- 1), slopes: units(fields.slopes, l &- 1),
                    stride: fields.unit_strides[l &- 1], rule: rule,
                    biasGradient: biases(fields.gradient, l &- 1))
            }
            l &-= 1
        }
    }
}
