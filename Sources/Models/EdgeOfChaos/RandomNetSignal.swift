import Lanes

/// Two inputs and a small change of the first on their way through one random net of finite width.
///
/// A layer's weights are met by these three signals only, and given the activations its preactivations are exactly
/// normal with the activations' Gram matrix: drawing them directly is the very same net, at a cost of one width per
/// layer instead of its square.
struct RandomNetSignal {
    let field: MeanField
    let width: Int
    private(set) var first: [Double]
    private(set) var second: [Double]
    private var change: [Double]
    private var stream: RandomStream

    /// The first layer's preactivations have variance q and correlation c, as inputs of that similarity give.
    init(field: MeanField, width: Int, variance q: Double, correlation c: Double, stream: RandomStream) {
        self.field = field
        self.width = width
        self.stream = stream
        first = []
        second = []
        change = []
        draw(gram: [q, q * c, q, 0, 0, 1])
    }

    /// Mean square of the first input's preactivations.
    var variance: Double { Self.dot(first, first) / Double(width) }
    /// Mean square of the second input's.
    var secondVariance: Double { Self.dot(second, second) / Double(width) }
    /// Cosine of both inputs' preactivations; NaN for a vanished signal.
    var correlation: Double {
        Self.dot(first, second) / (Self.dot(first, first) * Self.dot(second, second)).squareRoot()
    }

    /// One more layer.
    /// - Returns: by how much the squared norm of the change has grown.
    mutating func advance() -> Double {
        let phi = field.activation
        let norm = Self.dot(change, change)
        let (a, slopes) = phi.valuesAndSlopes(first)
        let moved = zip(slopes, change).map { $0 * $1 }
        let b = phi.values(second)
        let scale = field.weightVariance / Double(width)
        // Only directions matter for a small change: it is kept at unit size, so that it can neither over- nor underflow.
        let unit = norm > 0 ? 1 / norm.squareRoot() : 0
        let root = Double(width).squareRoot()
        draw(gram: [
            scale * Self.dot(a, a) + field.biasVariance, scale * Self.dot(a, b) + field.biasVariance,
            scale * Self.dot(b, b) + field.biasVariance, scale * Self.dot(a, moved) * unit * root,
            scale * Self.dot(b, moved) * unit * root, field.weightVariance * Self.dot(moved, moved) * unit * unit,
        ])
        return Self.dot(change, change) / Double(width)
    }

    /// Draws the three preactivations of every unit from their covariance, given by rows of its lower triangle.
    private mutating func draw(gram g: [Double]) {
        let l00 = max(0, g[0]).squareRoot()
        let l10 = l00 > 0 ? g[1] / l00 : 0
        let l11 = max(0, g[2] - l10 * l10).squareRoot()
        let l20 = l00 > 0 ? g[3] / l00 : 0
        let l21 = l11 > 0 ? (g[4] - l20 * l10) / l11 : 0
        let l22 = max(0, g[5] - l20 * l20 - l21 * l21).squareRoot()
        first = []
        second = []
        change = []
        for _ in 0..<width {
            let (x, y, z) = (stream.normal(), stream.normal(), stream.normal())
            first.append(l00 * x)
            second.append(l10 * x + l11 * y)
            change.append(l20 * x + l21 * y + l22 * z)
        }
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }
}
