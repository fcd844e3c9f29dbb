/// Masses and second moments of bins.
struct LabelBins {
    var mass: [Double]
    /// r² numbers for each bin.
    var second: [Double]
    let size: Int

    /// Neighbours together within runs: `starts` are the first bins of runs, which end before the next one.
    func merged(_ width: Int, starts: [Int]) -> LabelBins {
        guard width > 1 else { return self }
        var result = LabelBins(mass: [], second: [], size: size)
        for (start, end) in zip(starts, starts.dropFirst() + [mass.count]) {
            for b in start..<end {
                if (b - start) % width == 0 {
                    result.mass.append(0)
                    result.second += [Double](repeating: 0, count: size)
                }
                let home = result.mass.count - 1
                result.mass[home] += mass[b]
                for i in 0..<size { result.second[home * size + i] += second[b * size + i] }
            }
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

/// Edges of bins in which labels that have a probability of their own are alone.
struct LabelEdges {
    private(set) var edges: [Double] = []
    /// Bins of such a label each: coarser binnings leave them alone.
    private(set) var atoms: [Int] = []

    /// First bins of the runs that coarser binnings may merge.
    var starts: [Int] { Set([0] + atoms + atoms.map { $0 + 1 }).filter { $0 <= edges.count }.sorted() }

    /// Labels that are equal to rounding are an atom from this many of a sample on; equal labels of a continuous
    /// distribution come in pairs.
    private static let atomCount = 32

    /// - Parameters:
    ///   - sorted: labels of a large sample.
    ///   - continuous: edges for those of them that are no atoms.
    init(_ sorted: [Double], continuous: ([Double]) -> [Double]) {
        var walls: [(low: Double, high: Double)] = []
        var rest: [Double] = []
        var i = 0
        while i < sorted.count {
            let margin = 1e-12 * abs(sorted[i])
            var j = i
            while j < sorted.count, sorted[j] <= sorted[i] + margin { j += 1 }
            if j - i >= Self.atomCount {
                walls.append((sorted[i] - margin, (sorted[j - 1] + margin).nextUp))
            } else {
                rest += sorted[i..<j]
            }
            i = j
        }
        let inner = rest.count > 1 ? continuous(rest) : []
        let free = inner.filter { x in !walls.contains { $0.low <= x && x <= $0.high } }
        let all = free + walls.flatMap { [$0.low, $0.high] }
        for edge in all.sorted() where edge > edges.last ?? -.infinity { edges.append(edge) }
        atoms = walls.map { upperBound(edges, $0.low) }
    }
}
