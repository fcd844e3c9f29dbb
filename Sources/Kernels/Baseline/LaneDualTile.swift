import CLanes

/// The widest tile of products and their tangents: with four samples, twice the accumulators and operands of `tile`.
@inline(__always) var dualTileWidth: Int { Int(CL_DUAL_TILE_WIDTH) }

/// A register tile with its tangent: C = start + Σ_k x m and Ċ = start' + Σ_k (x m' + x' m), in the order of k.
@inline(__always)
func dualTile<X: BlockSource>(
    width: Int, _ x: X, _ tangent: X, _ m: LaneOperand<X.Block.V>, _ direction: LaneOperand<X.Block.V>, count: Int,
    start: (Int) -> (X.Block, X.Block), finish: (Int, X.Block, X.Block) -> Void
) {
    if width == 2 {
        dualTile2(x, tangent, m, direction, count, start, finish)
    } else {
        dualTile1(x, tangent, m, direction, count, start, finish)
    }
}

@inline(__always)
private func dualTile1<X: BlockSource>(
    _ x: X, _ tangent: X, _ m: LaneOperand<X.Block.V>, _ direction: LaneOperand<X.Block.V>, _ count: Int,
    _ start: (Int) -> (X.Block, X.Block), _ finish: (Int, X.Block, X.Block) -> Void
) {
    var x = x
    var t = tangent
    var p = m.start
    var q = direction.start
    var (c, d) = start(0)
    var k = 0
    while k < count {
        let block = x.load()
        let moving = t.load()
        c = .fma(block, p[0], c)
        d = .fma(moving, p[0], .fma(block, q[0], d))
        x.advance()
        t.advance()
        p += m.along
        q += direction.along
        k &+= 1
    }
    finish(0, c, d)
}

@inline(__always)
private func dualTile2<X: BlockSource>(
    _ x: X, _ tangent: X, _ m: LaneOperand<X.Block.V>, _ direction: LaneOperand<X.Block.V>, _ count: Int,
    _ start: (Int) -> (X.Block, X.Block), _ finish: (Int, X.Block, X.Block) -> Void
) {
    var x = x
    var t = tangent
    var p = m.start
    var q = direction.start
    var (c0, d0) = start(0)
    var (c1, d1) = start(1)
    var k = 0
    while k < count {
        let block = x.load()
        let moving = t.load()
        let p0 = p[0]
        let p1 = p[m.across]
        c0 = .fma(block, p0, c0)
        c1 = .fma(block, p1, c1)
        d0 = .fma(moving, p0, .fma(block, q[0], d0))
        d1 = .fma(moving, p1, .fma(block, q[direction.across], d1))
        x.advance()
        t.advance()
        p += m.along
        q += direction.along
        k &+= 1
    }
    finish(0, c0, d0)
    finish(1, c1, d1)
}
