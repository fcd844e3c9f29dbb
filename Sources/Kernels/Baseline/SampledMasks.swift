import CLanes

// Frozen noise. A factor on a hidden unit is a factor on the next layer's weights from that unit: each mask is a net of
// its own with masked weights, and its gradient is masked in turn. The passes over samples need not know.

extension SampledNet {
    /// This net with the weights of one mask, adding to arrays of the mask's own.
    @inline(__always)
    func masked(withDirection: Bool) -> SampledNet<V> {
        var inner = fields
        inner.point = fields.masked_point
        inner.gradient = fields.masked_result
        inner.product = fields.masked_result
        if withDirection { inner.direction = fields.masked_direction }
        return SampledNet(inner)
    }

    /// Sets `target` to the weights of `source` under a mask.
    func mask(_ index: Int, _ source: UnsafeMutableRawPointer?, into target: UnsafeMutableRawPointer?) {
        eachMaskedWeight(index) { i, factor in
            let value = lanes(source)[i]
            lanes(target)[i] = factor.map { value * $0[0] } ?? value
        }
    }

    /// Adds to `target` what the net under a mask has left in `masked_result`.
    func addMasked(_ index: Int, to target: UnsafeMutableRawPointer?) {
        eachMaskedWeight(index) { i, factor in
            let value = lanes(fields.masked_result)[i]
            let sum = lanes(target)[i]
            lanes(target)[i] = factor.map { V.fma(value, $0[0], sum) } ?? sum + value
        }
    }

    func clearMaskedResult() {
        let result = lanes(fields.masked_result)
        let zero = V(0)
        var i = 0
        while i < fields.weight_count {
            result[i] = zero
            i &+= 1
        }
    }

    /// Visits all weights with the factor of the unit that they come from; inputs and biases have none.
    @inline(__always)
    private func eachMaskedWeight(_ index: Int, _ body: (_ i: Int, _ factor: UnsafePointer<V>?) -> Void) {
        var units = 0
        var l = 1
        while l < fields.layers {
            units &+= fields.widths[l]
            l &+= 1
        }
        var factors = lanes(fields.mask_factors) + index &* units
        var i = 0
        l = 1
        while l <= fields.layers {
            let rows = fields.widths[l]
            let columns = fields.widths[l &- 1]
            var row = 0
            while row < rows {
                var column = 0
                while column < columns {
                    body(i, l > 1 ? factors + column : nil)
                    i &+= 1
                    column &+= 1
                }
                row &+= 1
            }
            if fields.bias_offsets[l &- 1] >= 0 {
                row = 0
                while row < rows {
                    body(i, nil)
                    i &+= 1
                    row &+= 1
                }
            }
            if l > 1 { factors += columns }
            l &+= 1
        }
    }
}
