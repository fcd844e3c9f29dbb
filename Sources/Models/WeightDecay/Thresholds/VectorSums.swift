/// a·b.
@inline(__always)
func innerProduct(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<a.count { sum += a[i] * b[i] }
    return sum
}

/// ‖a‖.
func euclideanNorm(_ a: [Double]) -> Double { innerProduct(a, a).squareRoot() }

/// a / ‖a‖; nil for a vector of zeros.
func unitVector(_ a: [Double]) -> [Double]? {
    let size = euclideanNorm(a)
    return size > 0 ? a.map { $0 / size } : nil
}
