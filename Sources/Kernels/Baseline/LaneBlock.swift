/// A few lane vectors in registers that are treated alike: one side of a register tile.
protocol LaneBlock {
    associatedtype V: RealLanes
    /// The number of vectors.
    static var height: Int { get }
    init(repeating x: V)
    /// Elements 0, stride, 2 stride, …
    init(_ p: UnsafePointer<V>, stride: Int)
    /// Plain numbers, each repeated over the lanes.
    init(broadcasting p: UnsafePointer<V.Scalar>, stride: Int)
    func store(_ p: UnsafeMutablePointer<V>, stride: Int)
    /// x·w + c, one w for all.
    static func fma(_ x: Self, _ w: V, _ c: Self) -> Self
    func map(_ transform: (V) -> V) -> Self
    static func combine(_ a: Self, _ b: Self, _ transform: (V, V) -> V) -> Self
    /// Σ x y over its vectors, in a fixed order.
    func dot(_ other: Self) -> V
    /// The sum of its vectors, in a fixed order.
    var sum: V { get }
}

struct LaneBlock1<V: RealLanes>: LaneBlock {
    var x0: V

    @inline(__always) init(_ x0: V) {
        self.x0 = x0
    }
    @inline(__always) static var height: Int { 1 }
    @inline(__always) init(repeating x: V) { self.init(x) }
    @inline(__always) init(_ p: UnsafePointer<V>, stride: Int) {
        self.init(p[0])
    }
    @inline(__always) init(broadcasting p: UnsafePointer<V.Scalar>, stride: Int) {
        x0 = V(scalar: p[0])
    }
    @inline(__always) func store(_ p: UnsafeMutablePointer<V>, stride: Int) {
        p[0] = x0
    }
    @inline(__always) static func fma(_ x: Self, _ w: V, _ c: Self) -> Self {
        Self(.fma(x.x0, w, c.x0))
    }
    @inline(__always) func map(_ transform: (V) -> V) -> Self {
        Self(transform(x0))
    }
    @inline(__always) static func combine(_ a: Self, _ b: Self, _ transform: (V, V) -> V) -> Self {
        Self(transform(a.x0, b.x0))
    }
    @inline(__always) func dot(_ y: Self) -> V { x0 * y.x0 }
    @inline(__always) var sum: V { x0 }
}

struct LaneBlock2<V: RealLanes>: LaneBlock {
    var x0, x1: V

    @inline(__always) init(_ x0: V, _ x1: V) {
        self.x0 = x0
        self.x1 = x1
    }
    @inline(__always) static var height: Int { 2 }
    @inline(__always) init(repeating x: V) { self.init(x, x) }
    @inline(__always) init(_ p: UnsafePointer<V>, stride: Int) {
        self.init(p[0], p[stride])
    }
    @inline(__always) init(broadcasting p: UnsafePointer<V.Scalar>, stride: Int) {
        x0 = V(scalar: p[0])
        x1 = V(scalar: p[stride])
    }
    @inline(__always) func store(_ p: UnsafeMutablePointer<V>, stride: Int) {
        p[0] = x0
        p[stride] = x1
    }
    @inline(__always) static func fma(_ x: Self, _ w: V, _ c: Self) -> Self {
        Self(.fma(x.x0, w, c.x0), .fma(x.x1, w, c.x1))
    }
    @inline(__always) func map(_ transform: (V) -> V) -> Self {
        Self(transform(x0), transform(x1))
    }
    @inline(__always) static func combine(_ a: Self, _ b: Self, _ transform: (V, V) -> V) -> Self {
        Self(transform(a.x0, b.x0), transform(a.x1, b.x1))
    }
    @inline(__always) func dot(_ y: Self) -> V { .fma(x1, y.x1, x0 * y.x0) }
    @inline(__always) var sum: V { x0 + x1 }
}

struct LaneBlock3<V: RealLanes>: LaneBlock {
    var x0, x1, x2: V

    @inline(__always) init(_ x0: V, _ x1: V, _ x2: V) {
        self.x0 = x0
        self.x1 = x1
        self.x2 = x2
    }
    @inline(__always) static var height: Int { 3 }
    @inline(__always) init(repeating x: V) { self.init(x, x, x) }
    @inline(__always) init(_ p: UnsafePointer<V>, stride: Int) {
        self.init(p[0], p[stride], p[2 &* stride])
    }
    @inline(__always) init(broadcasting p: UnsafePointer<V.Scalar>, stride: Int) {
        x0 = V(scalar: p[0])
        x1 = V(scalar: p[stride])
        x2 = V(scalar: p[2 &* stride])
    }
    @inline(__always) func store(_ p: UnsafeMutablePointer<V>, stride: Int) {
        p[0] = x0
        p[stride] = x1
        p[2 &* stride] = x2
    }
    @inline(__always) static func fma(_ x: Self, _ w: V, _ c: Self) -> Self {
        Self(.fma(x.x0, w, c.x0), .fma(x.x1, w, c.x1), .fma(x.x2, w, c.x2))
    }
    @inline(__always) func map(_ transform: (V) -> V) -> Self {
        Self(transform(x0), transform(x1), transform(x2))
    }
    @inline(__always) static func combine(_ a: Self, _ b: Self, _ transform: (V, V) -> V) -> Self {
        Self(transform(a.x0, b.x0), transform(a.x1, b.x1), transform(a.x2, b.x2))
    }
    @inline(__always) func dot(_ y: Self) -> V { .fma(x2, y.x2, .fma(x1, y.x1, x0 * y.x0)) }
    @inline(__always) var sum: V { x0 + x1 + x2 }
}

struct LaneBlock4<V: RealLanes>: LaneBlock {
    var x0, x1, x2, x3: V

    @inline(__always) init(_ x0: V, _ x1: V, _ x2: V, _ x3: V) {
        self.x0 = x0
        self.x1 = x1
        self.x2 = x2
        self.x3 = x3
    }
    @inline(__always) static var height: Int { 4 }
    @inline(__always) init(repeating x: V) { self.init(x, x, x, x) }
    @inline(__always) init(_ p: UnsafePointer<V>, stride: Int) {
        self.init(p[0], p[stride], p[2 &* stride], p[3 &* stride])
    }
    @inline(__always) init(broadcasting p: UnsafePointer<V.Scalar>, stride: Int) {
        x0 = V(scalar: p[0])
        x1 = V(scalar: p[stride])
        x2 = V(scalar: p[2 &* stride])
        x3 = V(scalar: p[3 &* stride])
    }
    @inline(__always) func store(_ p: UnsafeMutablePointer<V>, stride: Int) {
        p[0] = x0
        p[stride] = x1
        p[2 &* stride] = x2
        p[3 &* stride] = x3
    }
    @inline(__always) static func fma(_ x: Self, _ w: V, _ c: Self) -> Self {
        Self(.fma(x.x0, w, c.x0), .fma(x.x1, w, c.x1), .fma(x.x2, w, c.x2), .fma(x.x3, w, c.x3))
    }
    @inline(__always) func map(_ transform: (V) -> V) -> Self {
        Self(transform(x0), transform(x1), transform(x2), transform(x3))
    }
    @inline(__always) static func combine(_ a: Self, _ b: Self, _ transform: (V, V) -> V) -> Self {
        Self(transform(a.x0, b.x0), transform(a.x1, b.x1), transform(a.x2, b.x2), transform(a.x3, b.x3))
    }
    @inline(__always) func dot(_ y: Self) -> V { .fma(x1, y.x1, x0 * y.x0) + .fma(x3, y.x3, x2 * y.x2) }
    @inline(__always) var sum: V { (x0 + x1) + (x2 + x3) }
}
