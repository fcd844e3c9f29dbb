import Foundation
import Lanes

#if arch(x86_64)
    /// Wide enough that a reference's own error does not count.
    typealias Wide = Float80
#else
    typealias Wide = Double
#endif

/// Distance from the exact value in units of its last place.
func ulps(_ value: Double, _ exact: Wide) -> Double {
    let rounded = Double(exact)
    guard value.isFinite, rounded.isFinite else { return value == rounded ? 0 : .infinity }
    return Double(abs(Wide(value) - exact) / Wide(rounded.ulp))
}

/// Numbers whose sizes are spread evenly in their logarithm between powers of ten, of both signs.
func spread(from low: Double, to high: Double, count: Int, key: UInt64) -> [Double] {
    var stream = RandomStream(seed: 6, key: key, purpose: .data)
    return (0..<count).map { i in
        let size = Foundation.pow(10, low + (high - low) * stream.uniform())
        return i % 2 == 0 ? size : -size
    }
}
