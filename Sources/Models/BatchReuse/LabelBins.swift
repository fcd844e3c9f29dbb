/// Masses and second moments of bins.
struct LabelBins {
    var mass: [Double]
    /// r² numbers for each bin.
    var second: [Double]
    let size: Int

    func merged(_ width: Int) -> LabelBins {
        guard width > 1 else { return self }
        let count = (mass.count + width - 1) / width
        var result = LabelBins(
            mass: .init(repeating: 0, count: count), second: .init(repeating: 0, count: count * size), size: size)
        for b in mass.indices {
            result.mass[b / width] += mass[b]
            for i in 0..<size { result.second[b / width * size + i] += second[b * size + i] }
        }
        return result
    }
}

/// How many of rising numbers are not above x.
func upperBound(_ edges: [Double], _ x: Double) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
        let middle = (low + high) / 2
        if edges[middle] <= x { low = middle + 1 } else { high = middle }
    }
    return low
}
