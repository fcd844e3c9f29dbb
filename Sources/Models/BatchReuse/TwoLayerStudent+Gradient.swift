import CLanes

/// Room for one chunk of samples while gradients are computed.
struct GradientWorkspace {
    fileprivate let slopes: [NumberColumn]
    fileprivate let residual = NumberColumn(count: 8 * NumberColumn.chunk)
    /// Eight strands of Σ w (f − y)² over the chunks so far.
    fileprivate var squares = [Double](repeating: 0, count: 8)

    init(hidden: Int) { slopes = (0..<hidden).map { _ in NumberColumn(count: 8 * NumberColumn.chunk) } }

    /// Σ w (f − y)²/2
    var loss: Double { NumberColumn.sums(squares)[0] / 2 }
}

extension TwoLayerStudent {
    /// F of every sample: replaces the pre-activations by it.
    /// - Parameter preactivations: p columns h.
    /// - Returns: Σ (f − y)²/2 over the samples, each weighted (all by 1 for nil).
    func lossGradient(
        _ preactivations: [NumberColumn], labels: NumberColumn, weights: NumberColumn? = nil
    ) -> Double {
        var workspace = GradientWorkspace(hidden: hidden)
        for range in labels.chunks {
            lossGradient(preactivations, labels: labels, weights: weights, registers: range, &workspace)
        }
        return workspace.loss
    }

    /// The same for a chunk of registers; its loss is added to the workspace.
    func lossGradient(
        _ preactivations: [NumberColumn], labels: NumberColumn, weights: NumberColumn?, registers range: Range<Int>,
        _ workspace: inout GradientWorkspace
    ) {
        let start = 8 * range.lowerBound
        let padded = 8 * range.count
        let count = min(padded, labels.count - start)
        let r = workspace.residual.pointer
        let y = labels.pointer + start
        for m in 0..<padded { r[m] = -y[m] }
        for i in 0..<hidden {
            let h = preactivations[i].pointer + start
            activation.apply(h, slopes: workspace.slopes[i].pointer, count: padded, shift: shift)
            var address: UnsafePointer<Double>? = UnsafePointer(h)
            var a = secondLayer[i]
            cl_combine_columns(r, &a, &address, 1, range.count, 0)
        }
        // What is beyond the last sample must stay zero, whatever s(0) is.
        for m in count..<padded { r[m] = 0 }
        for i in 0..<hidden {
            cl_multiply_columns(
                preactivations[i].pointer + start, secondLayer[i], r, workspace.slopes[i].pointer, range.count)
        }
        cl_column_squares(r, weights.map { UnsafePointer($0.pointer + start) }, range.count, &workspace.squares)
        // The addresses taken above are the buffers' last uses to a compiler.
        withExtendedLifetime((preactivations, labels, weights, workspace)) {}
    }
}
