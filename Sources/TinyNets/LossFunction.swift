import CLanes
import Lanes

/// The loss of one output f with its target y; a net's loss is the mean over samples of the sum over outputs.
public enum LossFunction: String, Sendable, CaseIterable, Hashable {
    /// (f − y)².
    case squaredError
    /// log(1 + e^(−y f)) for labels y = ±1.
    case logistic

    /// The loss of one output.
    public func value(_ f: Double, _ y: Double) -> Double {
        switch self {
        case .squaredError: return (f - y) * (f - y)
        case .logistic:
            let small = exponential(-abs(y * f))
            return max(0, -y * f) + logarithm(1 + small)
        }
    }

    var kernelCode: Int {
        switch self {
        case .squaredError: CL_SQUARED_ERROR
        case .logistic: CL_LOGISTIC_LOSS
        }
    }
}
