import GSLNumerics
import PhaseSpace
import TinyNets

extension TrainingDynamics {
    /// The tangent kernel of the infinitely wide net on a replica's own data, at the start: its largest eigenvalue and
    /// condition number. Homogeneous activations with the multipliers of `ntk` only; nil otherwise.
    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        guard case .replica(let replica) = ensemble,
            let kernel = try wideKernel(ControlReader(controls), replica: replica)
        else { return nil }
        let spectrum = try symmetricEigenSystem(kernel, order: data(replica: replica).count).values
        guard let lowest = spectrum.first, let highest = spectrum.last else { return nil }
        var values: Measured = [.initialKernel: highest]
        // Below rounding the lowest eigenvalue says nothing.
        if lowest > 1e-10 * highest { values[.conditionNumber] = highest / lowest }
        return Theory(measured: values)
    }

    /// (1/n)[K(x_i, x_j)]/γ² of the infinitely wide net; nil where it is not known.
    private func wideKernel(_ controls: ControlReader, replica: Int) throws(ControlError) -> [Double]? {
        let parameterization = try controls[Controls.parameterization]
        guard parameterization == .ntk || parameterization == .nup, try controls[Controls.gradientScaling] == .plain,
            let asymmetry = SignalActivation(
                name: try controls[Controls.activation], leak: try controls[Controls.leak])?.asymmetry
        else { return nil }
        return Self.wideKernel(
            data(replica: replica), asymmetry: asymmetry, matrices: try controls[Controls.depth] + 1,
            outputScale: try controls[Controls.outputScale])
    }

    /// ‖Θ(0) − Θ_∞‖/‖Θ_∞‖ in the Frobenius norm; nil where Θ_∞ is not known or the net is dead.
    func kernelDeviation(_ kernel: [Double], at point: Point) -> Double? {
        guard !kernel.isEmpty, let wide = try? wideKernel(point.reader, replica: point.replica) else { return nil }
        let square = zip(kernel, wide).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let norm = wide.reduce(0) { $0 + $1 * $1 }
        return norm > 0 ? (square / norm).squareRoot() : nil
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard name == "equilibrium",
            ([Controls.leak, Controls.depth, Controls.outputScale] as [any AnyControl]).contains(where: {
                key.isAlong($0)
            })
        else { return [] }
        // An eigensystem per value: a coarser grid than others have is enough for so smooth a curve.
        let spacing = max(1, axisValues.count / 40)
        let places = axisValues.enumerated().filter { $0.offset % spacing == 0 || $0.offset == axisValues.count - 1 }
        let measures: [Measure] = [.initialKernel, .conditionNumber]
        var rows: [[Double]] = []
        for (_, x) in places where !key.isAlong(Controls.depth) || x == x.rounded() {
            guard let theory = try theory(of: key.controls(at: x), ensemble) else { return [] }
            rows.append([x] + measures.map { theory[$0] ?? .nan })
        }
        return [TheoryCurve(name: name, columns: [key.axis] + measures.map(\.name), rows: rows)]
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
