import GSLNumerics
import PhaseSpace
import TinyNets

extension TrainingDynamics {
    /// The tangent kernel of the infinitely wide net on a replica's own data, at the start: its largest eigenvalue and
    /// condition number. Homogeneous activations with the multipliers of `ntk` only; nil otherwise.
    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        guard case .replica(let replica) = ensemble, let kernel = wideKernel(controls, replica: replica) else {
            return nil
        }
        let spectrum = try symmetricEigenSystem(kernel, order: data(replica: replica).count).values
        guard let lowest = spectrum.first, let highest = spectrum.last else { return nil }
        var values = ["initialKernel": highest]
        // Below rounding the lowest eigenvalue says nothing.
        if lowest > 1e-10 * highest { values["conditionNumber"] = highest / lowest }
        return Theory(values: values)
    }

    /// (1/n)[K(x_i, x_j)]/γ² of the infinitely wide net; nil where it is not known.
    private func wideKernel(_ controls: [String: ControlValue], replica: Int) -> [Double]? {
        let parameterization = controls["parameterization"]?.text
        guard parameterization == "ntk" || parameterization == "nup", controls["gradientScaling"]?.text == "none",
            let depth = controls["depth"]?.number, let scale = controls["outputScale"]?.number,
            let asymmetry = SignalActivation(
                name: controls["activation"]?.text ?? "", leak: controls["leak"]?.number ?? 0.1)?.asymmetry
        else { return nil }
        return Self.wideKernel(
            data(replica: replica), asymmetry: asymmetry, matrices: Int(depth) + 1, outputScale: scale)
    }

    /// ‖Θ(0) − Θ_∞‖/‖Θ_∞‖ in the Frobenius norm; nil where Θ_∞ is not known or the net is dead.
    func kernelDeviation(_ kernel: [Double], at point: Point) -> Double? {
        guard !kernel.isEmpty, let wide = wideKernel(point.controls, replica: point.replica) else { return nil }
        let square = zip(kernel, wide).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let norm = wide.reduce(0) { $0 + $1 * $1 }
        return norm > 0 ? (square / norm).squareRoot() : nil
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard name == "equilibrium", ["leak", "depth", "outputScale"].contains(key.axis) else { return [] }
        let columns = ["initialKernel", "conditionNumber"]
        // An eigensystem per value: a coarser grid than others have is enough for so smooth a curve.
        let spacing = max(1, axisValues.count / 40)
        let places = axisValues.enumerated().filter { $0.offset % spacing == 0 || $0.offset == axisValues.count - 1 }
        var rows: [[Double]] = []
        for (_, x) in places where key.axis != "depth" || x == x.rounded() {
            guard let values = try theory(of: key.controls(at: x), ensemble)?.values else { return [] }
            rows.append([x] + columns.map { values[$0] ?? .nan })
        }
        return [TheoryCurve(name: name, columns: [key.axis] + columns, rows: rows)]
    }

    private static func wideKernel(
        _ data: SampledData, asymmetry: Double, matrices: Int, outputScale: Double
    ) -> [Double] {
        let kernel = CriticalKernel(asymmetry: asymmetry)
        let n = data.count
        let d = data.inputs
        let norms = (0..<n).map { s in
            data.features[s * d..<(s + 1) * d].reduce(0) { $0 + $1 * $1 }
        }
        var matrix = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0...i {
                let overlap = (0..<d).reduce(0.0) { $0 + data.features[i * d + $1] * data.features[j * d + $1] }
                let size = (norms[i] * norms[j]).squareRoot()
                let c = i == j ? 1 : size > 0 ? max(-1, min(1, overlap / size)) : 0
                // A homogeneous net's kernel is homogeneous in both inputs.
                let value = kernel.tangentKernel(correlation: c, matrices: matrices) * size / Double(d)
                matrix[i * n + j] = value / (Double(n) * outputScale * outputScale)
                matrix[j * n + i] = matrix[i * n + j]
            }
        }
        return matrix
    }
}
