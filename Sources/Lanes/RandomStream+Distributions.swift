import CLanes

extension RandomStream {
    /// Fills a buffer with the next standard normal deviates: the same as drawing them one by one.
    public mutating func fillNormals(_ output: UnsafeMutableBufferPointer<Double>) {
        guard let first = output.baseAddress, !output.isEmpty else { return }
        var start = 0
        if index & 1 == 1 {
            output[0] = normal()
            start = 1
        }
        let blocks = (output.count - start) / 2
        fillUniforms(first + start, blocks: blocks)
        cl_normal_quantiles(first + start, 2 * blocks)
        if start + 2 * blocks < output.count { output[output.count - 1] = normal() }
    }

    /// The length of a vector of n independent standard normal deviates: √(2 G) with G from the gamma distribution of
    /// shape n/2 (Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26, 2000; for n = 1 a
    /// normal deviate's magnitude). The number of words that are drawn varies.
    /// - Precondition: n ≥ 1
    public mutating func chi(_ n: Int) -> Double {
        precondition(n >= 1, "a vector has at least one component")
        guard n > 1 else { return abs(normal()) }
        let d = Double(n) / 2 - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let t = 1 + c * x
            guard t > 0 else { continue }
            let v = t * t * t
            if logarithm(uniform()) < 0.5 * x * x + d - d * v + d * logarithm(v) { return (2 * d * v).squareRoot() }
        }
    }
}

/// Replaces probabilities in (0, 1) by standard normal quantiles: each is `normalQuantile` of its probability.
public func replaceByNormalQuantiles(_ probabilities: UnsafeMutableBufferPointer<Double>) {
    guard let first = probabilities.baseAddress else { return }
    cl_normal_quantiles(first, probabilities.count)
}
