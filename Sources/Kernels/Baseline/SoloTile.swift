/// One term of a sum of matrix products: Σ_k x(p, k) m(j, k), where x has blocks of lanes and m plain numbers.
struct SoloTerm<V: RealLanes> {
    var x: UnsafePointer<V>
    let xAlong: Int
    var m: UnsafePointer<V.Scalar>
    let across: Int
    let along: Int
    /// 0 for no term.
    let count: Int

    @inline(__always)
    init(_ x: UnsafePointer<V>, along xAlong: Int, _ m: UnsafePointer<V.Scalar>, across: Int, along: Int, count: Int) {
        self.x = x
        self.xAlong = xAlong
        self.m = m
        self.across = across
        self.along = along
        self.count = count
    }

    /// The term of a tile that starts at register p and row j.
    @inline(__always) func moved(register p: Int, row j: Int) -> SoloTerm {
        SoloTerm(x + p, along: xAlong, m + j &* across, across: across, along: along, count: count)
    }
}

/// The accumulators of a register tile: blocks of lanes for a few rows.
protocol TileRows {
    associatedtype Block: LaneBlock
    init()
    /// C(p, j) += x(p) m[j · across].
    mutating func add(_ x: Block, _ m: UnsafePointer<Block.V.Scalar>, _ across: Int)
    func forEach(_ body: (Int, Block) -> Void)
}

/// A register tile of two terms, in the order of k, the first term first.
@inline(__always)
func soloTile<Rows: TileRows>(
    _ first: SoloTerm<Rows.Block.V>, _ second: SoloTerm<Rows.Block.V>, _ type: Rows.Type,
    finish: (Int, Rows.Block) -> Void
) {
    var rows = Rows()
    @inline(__always) func add(_ term: SoloTerm<Rows.Block.V>) {
        var x = term.x
        var m = term.m
        var k = 0
        while k < term.count {
            rows.add(Rows.Block(x, stride: 1), m, term.across)
            x += term.xAlong
            m += term.along
            k &+= 1
        }
    }
    add(first)
    add(second)
    rows.forEach(finish)
}

struct TileRows1<Block: LaneBlock>: TileRows {
    var c0 = Block(repeating: Block.V(0))

    @inline(__always) mutating func add(_ x: Block, _ m: UnsafePointer<Block.V.Scalar>, _ across: Int) {
        c0 = .fma(x, Block.V(scalar: m[0]), c0)
    }
    @inline(__always) func forEach(_ body: (Int, Block) -> Void) { body(0, c0) }
}

struct TileRows2<Block: LaneBlock>: TileRows {
    var c0 = Block(repeating: Block.V(0))
    var c1 = Block(repeating: Block.V(0))

    @inline(__always) mutating func add(_ x: Block, _ m: UnsafePointer<Block.V.Scalar>, _ across: Int) {
        c0 = .fma(x, Block.V(scalar: m[0]), c0)
        c1 = .fma(x, Block.V(scalar: m[across]), c1)
    }
    @inline(__always) func forEach(_ body: (Int, Block) -> Void) {
        body(0, c0)
        body(1, c1)
    }
}

struct TileRows3<Block: LaneBlock>: TileRows {
    var low = TileRows2<Block>()
    var c2 = Block(repeating: Block.V(0))

    @inline(__always) mutating func add(_ x: Block, _ m: UnsafePointer<Block.V.Scalar>, _ across: Int) {
        low.add(x, m, across)
        c2 = .fma(x, Block.V(scalar: m[2 &* across]), c2)
    }
    @inline(__always) func forEach(_ body: (Int, Block) -> Void) {
        low.forEach(body)
        body(2, c2)
    }
}

struct TileRows4<Block: LaneBlock>: TileRows {
    var low = TileRows3<Block>()
    var c3 = Block(repeating: Block.V(0))

    @inline(__always) mutating func add(_ x: Block, _ m: UnsafePointer<Block.V.Scalar>, _ across: Int) {
        low.add(x, m, across)
        c3 = .fma(x, Block.V(scalar: m[3 &* across]), c3)
    }
    @inline(__always) func forEach(_ body: (Int, Block) -> Void) {
        low.forEach(body)
        body(3, c3)
    }
}

struct TileRows5<Block: LaneBlock>: TileRows {
    var low = TileRows4<Block>()
    var c4 = Block(repeating: Block.V(0))

    @inline(__always) mutating func add(_ x: Block, _ m: UnsafePointer<Block.V.Scalar>, _ across: Int) {
        low.add(x, m, across)
        c4 = .fma(x, Block.V(scalar: m[4 &* across]), c4)
    }
    @inline(__always) func forEach(_ body: (Int, Block) -> Void) {
        low.forEach(body)
        body(4, c4)
    }
}

struct TileRows6<Block: LaneBlock>: TileRows {
    var low = TileRows5<Block>()
    var c5 = Block(repeating: Block.V(0))

    @inline(__always) mutating func add(_ x: Block, _ m: UnsafePointer<Block.V.Scalar>, _ across: Int) {
        low.add(x, m, across)
        c5 = .fma(x, Block.V(scalar: m[5 &* across]), c5)
    }
    @inline(__always) func forEach(_ body: (Int, Block) -> Void) {
        low.forEach(body)
        body(5, c5)
    }
}
