import TinyNets

/// Sharpness along one net's way: the largest eigenvalue of Ξ^½ H Ξ^½, from step to step.
final class TopCurvature {
    private let net: SoloNet
    private let eigenvalue: LeadingEigenvalue
    private let start: PaddedVector

    /// - Parameter net: that of the gradients, in their precision.
    init(net: SoloNet) {
        self.net = net
        // Rounding of the products bounds what an eigenvalue can be known to.
        let tolerance = net.kernel.precision == .single ? 1e-4 : 1e-6
        eigenvalue = LeadingEigenvalue(count: net.paddedCount, tolerance: tolerance)
        start = PaddedVector(count: net.paddedCount)
    }

    /// The sharpness at the net's weights, after its gradient.
    /// - Parameters:
    ///   - factors: square roots of the layers' rate factors.
    ///   - gradient: by effective weights, which lies along the steepest directions.
    ///   - probe: at the same weights, its kernel's eigenvalue `kernel` taken.
    func value(factors: [Double], gradient: [Double], probe: NetProbe, kernel: Double) throws -> Double {
        if eigenvalue.productCount == 0 { fillStart(factors, gradient) }
        let coefficients = probe.gaussNewtonCoefficients(value: kernel)
        return try eigenvalue.solve(
            start: start,
            guide: coefficients.map { c in { [net] in net.pullBack(c, factors: factors, into: $0) } },
            { vector, product in net.hessianProduct(vector, factors: factors, into: product) })
    }

    private func fillStart(_ factors: [Double], _ gradient: [Double]) {
        var scaled = gradient
        for (k, factor) in factors.enumerated() {
            for i in net.shape.layerOffsets[k]..<net.shape.layerOffsets[k + 1] { scaled[i] = factor * scaled[i] + 1e-6 }
        }
        net.pad(scaled, into: start.numbers)
    }
}
