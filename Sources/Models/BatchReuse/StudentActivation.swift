import CLanes
import Kernels
import PhaseSpace

/// The student's activation s and its derivative; `erf` is erf(h/√2), whose derivative is √(2/π) exp(−h²/2).
public enum StudentActivation: String, ControlChoice, Hashable {
    case relu, erf, tanh, softplus

    /// Replaces pre-activations h by s(h + shift), and fills `slopes` with s′(h + shift).
    /// - Parameter count: a multiple of eight; both addresses suit whole registers.
    func apply(
        _ values: UnsafeMutablePointer<Double>, slopes: UnsafeMutablePointer<Double>, count: Int, shift: Double
    ) {
        if shift != 0 { for i in 0..<count { values[i] += shift } }
        switch self {
        case .relu:
            cl_relu_columns(values, slopes, count / 8)
        case .erf:
            let unit = 0.5.squareRoot()
            for i in 0..<count { values[i] *= unit }
            map(.gaussian, values, into: slopes, count)
            map(.erf, values, into: values, count)
            let factor = (2 / Double.pi).squareRoot()
            for i in 0..<count { slopes[i] *= factor }
        case .tanh:
            map(.tanh, values, into: values, count)
            for i in 0..<count { slopes[i] = 1 - values[i] * values[i] }
        case .softplus:
            map(.logistic, values, into: slopes, count)
            map(.softplus, values, into: values, count)
        }
    }

    private func map(
        _ function: ElementaryFunction, _ input: UnsafeMutablePointer<Double>,
        into output: UnsafeMutablePointer<Double>, _ count: Int
    ) {
        let variant = KernelVariant.current
        let lanes = SampledKernel(variant, .double).laneCount
        function.apply(input, output, count: count / lanes, variant, .double)
    }
}
