/// Where a sum of matrix products goes: out = s ∘ (f C) + a, and beside it e ∘ (f C), for what is given. All have rows
/// of lanes in the same places.
struct SoloResult<V: RealLanes> {
    let out: UnsafeMutablePointer<V>
    let stride: Int
    var factor = V(1)
    var slopes: UnsafePointer<V>?
    var added: UnsafePointer<V>?
    var curvatures: UnsafePointer<V>?
    var curved: UnsafeMutablePointer<V>?

    @inline(__always) init(_ out: UnsafeMutablePointer<V>, stride: Int) {
        self.out = out
        self.stride = stride
    }

    @inline(__always) func take<Block: LaneBlock>(_ sum: Block, row: Int, register: Int) where Block.V == V {
        let index = row &* stride &+ register
        var value = sum.map { $0 * factor }
        if let curvatures, let curved {
            Block.combine(Block(curvatures + index, stride: 1), value) { $0 * $1 }.store(curved + index, stride: 1)
        }
        if let slopes { value = .combine(Block(slopes + index, stride: 1), value) { $0 * $1 } }
        if let added { value = .combine(value, Block(added + index, stride: 1)) { $0 + $1 } }
        value.store(out + index, stride: 1)
    }
}

/// The sum of two terms for `rows` rows of `registers` lane vectors, tile by tile.
@inline(never)
func soloProduct<V: RealLanes>(
    _ first: SoloTerm<V>, _ second: SoloTerm<V>, rows: Int, registers: Int, into result: SoloResult<V>
) {
    let columnParts = NearEqualParts(registers, limit: 4)
    var part = 0
    var p = 0
    while p < registers {
        let height = columnParts.length(of: part)
        switch height {
        case 4: soloRows(first, second, rows, p, result, LaneBlock4<V>.self)
        case 3: soloRows(first, second, rows, p, result, LaneBlock3<V>.self)
        case 2: soloRows(first, second, rows, p, result, LaneBlock2<V>.self)
        default: soloRows(first, second, rows, p, result, LaneBlock1<V>.self)
        }
        part &+= 1
        p &+= height
    }
}

@inline(__always)
private func soloRows<V: RealLanes, Block: LaneBlock>(
    _ first: SoloTerm<V>, _ second: SoloTerm<V>, _ rows: Int, _ p: Int, _ result: SoloResult<V>, _ type: Block.Type
) where Block.V == V {
    let parts = NearEqualParts(rows, limit: tileWidth)
    var part = 0
    var j = 0
    while j < rows {
        let width = parts.length(of: part)
        let a = first.moved(register: p, row: j)
        let b = second.moved(register: p, row: j)
        @inline(__always) func finish(_ k: Int, _ block: Block) { result.take(block, row: j &+ k, register: p) }
        switch width {
        case 6: soloTile(a, b, TileRows6<Block>.self, finish: finish)
        case 5: soloTile(a, b, TileRows5<Block>.self, finish: finish)
        case 4: soloTile(a, b, TileRows4<Block>.self, finish: finish)
        case 3: soloTile(a, b, TileRows3<Block>.self, finish: finish)
        case 2: soloTile(a, b, TileRows2<Block>.self, finish: finish)
        default: soloTile(a, b, TileRows1<Block>.self, finish: finish)
        }
        part &+= 1
        j &+= width
    }
}
