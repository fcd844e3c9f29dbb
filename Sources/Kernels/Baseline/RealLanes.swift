import CLanes

/// What the sampled-net kernel asks of a vector of real numbers, one of each net of a pack. Two conformances, double and
/// single precision, each as wide as one register of the build.
protocol RealLanes {
    associatedtype Scalar
    /// The bits of the numbers, as integers.
    associatedtype Bits

    /// The number of lanes.
    static var count: Int { get }
    /// All lanes equal to a constant, rounded to the scalar.
    init(_ x: Double)
    init(scalar x: Scalar)

    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self
    /// a·b + c with one rounding.
    static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self
    /// c − a·b with one rounding.
    static func nfma(_ a: Self, _ b: Self, _ c: Self) -> Self
    /// The smaller; `b` where either is not a number.
    static func min(_ a: Self, _ b: Self) -> Self
    /// The larger; `b` where either is not a number.
    static func max(_ a: Self, _ b: Self) -> Self
    /// `x` where a < b, else `y`.
    static func select(_ a: Self, less b: Self, _ x: Self, _ y: Self) -> Self
    var magnitude: Self { get }
    var squareRoot: Self { get }
    /// A number that is not negative, with the sign of another.
    func signed(like other: Self) -> Self

    var bits: Bits { get }
    static func minus(_ a: Bits, _ b: Bits) -> Bits
    static func shiftRight(_ a: Bits, _ by: Int32) -> Bits
    /// 2ⁿ for the exponents of normal numbers.
    static func powerOfTwo(_ n: Bits) -> Self

    /// 1.5·2^m, where m is the number of mantissa bits: adding it rounds to an integer, which its low bits then show.
    static var roundingOffset: Double { get }
    /// tanh(k · `tanhStep`) for the low five bits k.
    static func tanhNode(_ k: Bits) -> Self
    static var tanhStep: Double { get }
    /// 2^(k / 2^`expTableBits`) for the low bits k.
    static func expNode(_ k: Bits) -> Self
    static var expTableBits: Int32 { get }
    /// The table's step, ln 2 / 2^`expTableBits`, in two parts, and its inverse.
    static var expStepHigh: Double { get }
    static var expStepLow: Double { get }
    static var expStepsPerUnit: Double { get }
    /// Where exp has become 0 and infinite.
    static var expUnderflow: Double { get }
    static var expOverflow: Double { get }
    /// The centre of the map for the tail of the error function.
    static var tailCentre: Double { get }
    /// Beyond it exp(−a²) is 0.
    static var tailEnd: Double { get }

    /// Writes units × samples, rows of samples, as samples × units. Rows are whole 64 bytes, and there is room to round
    /// both numbers up to that.
    static func turn(
        _ from: UnsafePointer<Scalar>, stride: Int, units: Int, samples: Int, into to: UnsafeMutablePointer<Scalar>,
        stride toStride: Int)

    static func tanhNumerator(_ u: Self) -> Self
    static func tanhDenominator(_ u: Self) -> Self
    static func expSeries(_ r: Self) -> Self
    static func artanhSeries(_ v: Self) -> Self
    static func erfSeries(_ u: Self) -> Self
    static func tailSeries(_ t: Self) -> Self
}
