import CLanes

/// Vectors of one length with the sums that iterations take of them, in eight fixed strands. One owner, one thread.
///
/// Vectors are aligned to 64 bytes, zero at first, and live as long as the pool.
final class VectorPool {
    typealias Vector = UnsafeMutablePointer<Double>

    let count: Int
    private var memory: [PaddedVector] = []
    private var columns: [UnsafePointer<Double>?] = []
    private var sums: [SIMD8<Double>] = []

    /// - Parameter count: a multiple of eight.
    init(count: Int) { self.count = count }

    func vector() -> Vector {
        memory.append(PaddedVector(count: count))
        return memory[memory.count - 1].numbers
    }

    func copy(_ from: UnsafePointer<Double>, to: Vector) { to.update(from: from, count: count) }

    func norm(_ x: Vector) -> Double {
        var sums = SIMD8<Double>.zero
        withUnsafeMutableBytes(of: &sums) { sums in
            cl_column_squares(x, nil, count / 8, sums.assumingMemoryBound(to: Double.self).baseAddress!)
        }
        return sums.sum().squareRoot()
    }

    func scale(_ x: Vector, by factor: Double) { cl_scale_columns(x, factor, count / 8) }

    /// ⟨x, y⟩ for the first `length` of some vectors, then of others.
    func products(
        _ x: Vector, _ y: [Vector], _ length: Int, _ z: [Vector] = [], into results: inout [Double]
    ) {
        columns.removeAll(keepingCapacity: true)
        for k in 0..<length { columns.append(UnsafePointer(y[k])) }
        if !z.isEmpty { for k in 0..<length { columns.append(UnsafePointer(z[k])) } }
        sums.removeAll(keepingCapacity: true)
        for _ in columns { sums.append(.zero) }
        sums.withUnsafeMutableBytes { sums in
            cl_column_products(
                x, columns, columns.count, count / 8, sums.assumingMemoryBound(to: Double.self).baseAddress!)
        }
        results.removeAll(keepingCapacity: true)
        for sum in sums { results.append(sum.sum()) }
    }

    /// x ← [x +] Σ f_k y_k + Σ g_k z_k over the first `length` vectors of each list.
    func combine(
        _ x: Vector, replacing: Bool, _ y: [Vector], _ f: [Double], _ length: Int, _ z: [Vector] = [],
        _ g: [Double] = []
    ) {
        columns.removeAll(keepingCapacity: true)
        for k in 0..<length { columns.append(UnsafePointer(y[k])) }
        guard !z.isEmpty else {
            cl_combine_columns(x, f, columns, length, count / 8, replacing ? 1 : 0)
            return
        }
        for k in 0..<length { columns.append(UnsafePointer(z[k])) }
        let factors = Array(f[..<length]) + g[..<length]
        cl_combine_columns(x, factors, columns, 2 * length, count / 8, replacing ? 1 : 0)
    }
}
