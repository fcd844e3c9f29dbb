import Kernels
import Lanes

// In the kernels' own elementary functions: the C library's differ in the last bit from processor to processor.

/// The density of the standard normal distribution.
func normalDensity(_ x: Double) -> Double { exponential(-x * x / 2) / (2 * Double.pi).squareRoot() }

/// Φ(x), the cumulative standard normal distribution.
func normalProbability(_ x: Double) -> Double { ElementaryFunction.normal(x) }
