import Kernels

/// The student's activation s and its derivative; `erf` is erf(h/√2), whose derivative is √(2/π) exp(−h²/2).
public enum StudentActivation: String, Sendable, CaseIterable, Hashable {
    case relu, erf, tanh, softplus

    /// Replaces pre-activations h by s(h + shift), and fills `slopes` with s′(h + shift).
    func apply(_ h: SampleColumn, slopes: SampleColumn, shift: Double) {
        let (values, derivatives) = (h.pointer, slopes.pointer)
        let count = h.count
        if shift != 0 { for i in 0..<count { values[i] += shift } }
        switch self {
        case .relu:
            for i in 0..<count {
                let isActive = values[i] > 0
                derivatives[i] = isActive ? 1 : 0
                values[i] = isActive ? values[i] : 0
            }
        case .erf:
            let unit = 0.5.squareRoot()
            for i in 0..<count { values[i] *= unit }
            map(.gaussian, h, into: slopes)
            map(.erf, h, into: h)
            let factor = (2 / Double.pi).squareRoot()
            for i in 0..<count { derivatives[i] *= factor }
        case .tanh:
            map(.tanh, h, into: h)
            for i in 0..<count { derivatives[i] = 1 - values[i] * values[i] }
        case .softplus:
            map(.logistic, h, into: slopes)
            map(.softplus, h, into: h)
        }
        // What is beyond the last sample must stay zero, whatever s(0) is.
        for i in count..<h.paddedCount { (values[i], derivatives[i]) = (0, 0) }
    }

    private func map(_ function: ElementaryFunction, _ input: SampleColumn, into output: SampleColumn) {
        let variant = KernelVariant.current
        let lanes = SampledKernel(variant, .double).laneCount
        function.apply(
            input.pointer, output.pointer, count: input.paddedCount / lanes, variant, .double)
    }
}
