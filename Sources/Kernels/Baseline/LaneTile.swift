/// Where a tile reads its blocks: element (p, k) stands at p · `across` + k · `along`.
protocol BlockSource {
    associatedtype Block: LaneBlock
    func load() -> Block
    mutating func advance()
    /// Moves by a number of elements.
    mutating func skip(_ elements: Int)
}

/// Blocks of lane vectors.
struct LaneSource<Block: LaneBlock>: BlockSource {
    var start: UnsafePointer<Block.V>
    let across: Int
    let along: Int

    @inline(__always) init(_ start: UnsafePointer<Block.V>, across: Int, along: Int) {
        self.start = start
        self.across = across
        self.along = along
    }
    @inline(__always) func load() -> Block { Block(start, stride: across) }
    @inline(__always) mutating func advance() { start += along }
    @inline(__always) mutating func skip(_ elements: Int) { start += elements }
}

/// Blocks of plain numbers that all lanes share.
struct SharedSource<Block: LaneBlock>: BlockSource {
    var start: UnsafePointer<Block.V.Scalar>
    let across: Int
    let along: Int

    @inline(__always) init(_ start: UnsafePointer<Block.V.Scalar>, across: Int, along: Int) {
        self.start = start
        self.across = across
        self.along = along
    }
    @inline(__always) func load() -> Block { Block(broadcasting: start, stride: across) }
    @inline(__always) mutating func advance() { start += along }
    @inline(__always) mutating func skip(_ elements: Int) { start += elements }
}

/// A matrix of lane vectors: element (j, k) stands at j · `across` + k · `along`.
struct LaneOperand<V: RealLanes> {
    var start: UnsafePointer<V>
    let across: Int
    let along: Int

    @inline(__always) init(_ start: UnsafePointer<V>, across: Int, along: Int) {
        self.start = start
        self.across = across
        self.along = along
    }
}

/// A register tile: C(p, j) = start(j) + Σ_k x(p, k) m(j, k) for the block's p and `width` values of j, with the terms
/// in the order of k; the accumulators stay in registers. `finish` takes the columns of C.
@inline(__always)
func tile<X: BlockSource>(
    width: Int, _ x: X, _ m: LaneOperand<X.Block.V>, count: Int, start: (Int) -> X.Block, finish: (Int, X.Block) -> Void
) {
    switch width {
    case 6: tile6(x, m, count, start, finish)
    case 5: tile5(x, m, count, start, finish)
    case 4: tile4(x, m, count, start, finish)
    case 3: tile3(x, m, count, start, finish)
    case 2: tile2(x, m, count, start, finish)
    default: tile1(x, m, count, start, finish)
    }
}

@inline(__always)
private func tile1<X: BlockSource>(
    _ x: X, _ m: LaneOperand<X.Block.V>, _ count: Int, _ start: (Int) -> X.Block, _ finish: (Int, X.Block) -> Void
) {
    var x = x
    var q = m.start
    var c0 = start(0)
    var k = 0
    while k < count {
        let block = x.load()
        c0 = .fma(block, q[0], c0)
        x.advance()
        q += m.along
        k &+= 1
    }
    finish(0, c0)
}

@inline(__always)
private func tile2<X: BlockSource>(
    _ x: X, _ m: LaneOperand<X.Block.V>, _ count: Int, _ start: (Int) -> X.Block, _ finish: (Int, X.Block) -> Void
) {
    var x = x
    var q = m.start
    var c0 = start(0)
    var c1 = start(1)
    var k = 0
    while k < count {
        let block = x.load()
        c0 = .fma(block, q[0], c0)
        c1 = .fma(block, q[m.across], c1)
        x.advance()
        q += m.along
        k &+= 1
    }
    finish(0, c0)
    finish(1, c1)
}

@inline(__always)
private func tile3<X: BlockSource>(
    _ x: X, _ m: LaneOperand<X.Block.V>, _ count: Int, _ start: (Int) -> X.Block, _ finish: (Int, X.Block) -> Void
) {
    var x = x
    var q = m.start
    var c0 = start(0)
    var c1 = start(1)
    var c2 = start(2)
    var k = 0
    while k < count {
        let block = x.load()
        c0 = .fma(block, q[0], c0)
        c1 = .fma(block, q[m.across], c1)
        c2 = .fma(block, q[2 &* m.across], c2)
        x.advance()
        q += m.along
        k &+= 1
    }
    finish(0, c0)
    finish(1, c1)
    finish(2, c2)
}

@inline(__always)
private func tile4<X: BlockSource>(
    _ x: X, _ m: LaneOperand<X.Block.V>, _ count: Int, _ start: (Int) -> X.Block, _ finish: (Int, X.Block) -> Void
) {
    var x = x
    var q = m.start
    var c0 = start(0)
    var c1 = start(1)
    var c2 = start(2)
    var c3 = start(3)
    var k = 0
    while k < count {
        let block = x.load()
        c0 = .fma(block, q[0], c0)
        c1 = .fma(block, q[m.across], c1)
        c2 = .fma(block, q[2 &* m.across], c2)
        c3 = .fma(block, q[3 &* m.across], c3)
        x.advance()
        q += m.along
        k &+= 1
    }
    finish(0, c0)
    finish(1, c1)
    finish(2, c2)
    finish(3, c3)
}

@inline(__always)
private func tile5<X: BlockSource>(
    _ x: X, _ m: LaneOperand<X.Block.V>, _ count: Int, _ start: (Int) -> X.Block, _ finish: (Int, X.Block) -> Void
) {
    var x = x
    var q = m.start
    var c0 = start(0)
    var c1 = start(1)
    var c2 = start(2)
    var c3 = start(3)
    var c4 = start(4)
    var k = 0
    while k < count {
        let block = x.load()
        c0 = .fma(block, q[0], c0)
        c1 = .fma(block, q[m.across], c1)
        c2 = .fma(block, q[2 &* m.across], c2)
        c3 = .fma(block, q[3 &* m.across], c3)
        c4 = .fma(block, q[4 &* m.across], c4)
        x.advance()
        q += m.along
        k &+= 1
    }
    finish(0, c0)
    finish(1, c1)
    finish(2, c2)
    finish(3, c3)
    finish(4, c4)
}

@inline(__always)
private func tile6<X: BlockSource>(
    _ x: X, _ m: LaneOperand<X.Block.V>, _ count: Int, _ start: (Int) -> X.Block, _ finish: (Int, X.Block) -> Void
) {
    var x = x
    var q = m.start
    var c0 = start(0)
    var c1 = start(1)
    var c2 = start(2)
    var c3 = start(3)
    var c4 = start(4)
    var c5 = start(5)
    var k = 0
    while k < count {
        let block = x.load()
        c0 = .fma(block, q[0], c0)
        c1 = .fma(block, q[m.across], c1)
        c2 = .fma(block, q[2 &* m.across], c2)
        c3 = .fma(block, q[3 &* m.across], c3)
        c4 = .fma(block, q[4 &* m.across], c4)
        c5 = .fma(block, q[5 &* m.across], c5)
        x.advance()
        q += m.along
        k &+= 1
    }
    finish(0, c0)
    finish(1, c1)
    finish(2, c2)
    finish(3, c3)
    finish(4, c4)
    finish(5, c5)
}
