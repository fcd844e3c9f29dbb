/// A matrix of lane vectors inside a buffer, with the strides of its rows and columns, so that a transpose is a view.
struct LaneMatrix {
    let start: Lanes
    let rowStride: Int
    let columnStride: Int

    @inline(__always) init(_ start: Lanes, columns: Int) {
        self.start = start
        rowStride = columns
        columnStride = 1
    }
    @inline(__always) init(_ start: Lanes, rowStride: Int, columnStride: Int) {
        self.start = start
        self.rowStride = rowStride
        self.columnStride = columnStride
    }
    @inline(__always) var transposed: LaneMatrix {
        LaneMatrix(start, rowStride: columnStride, columnStride: rowStride)
    }
}

/// C = A B, or C += A B, where C is contiguous by rows. Terms are summed in the order of the inner index.
///
/// - Parameter symmetric: the product is known to be symmetric: the upper triangle is computed and mirrored.
@inline(never)
func multiply(
    _ a: LaneMatrix, _ b: LaneMatrix, into c: Lanes, rows: Int, columns: Int, inner: Int, adding: Bool = false,
    symmetric: Bool = false
) {
    var i = 0
    while i < rows {
        let height = rows &- i >= 4 ? 4 : (rows &- i >= 2 ? 2 : 1)
        var j = symmetric ? i : 0
        while j < columns {
            let tile = c + (i &* columns &+ j)
            let left = a.start + i &* a.rowStride
            let right = b.start + j &* b.columnStride
            let isWide = columns &- j >= 2
            switch (height, isWide) {
            case (4, true): tile4x2(left, a, right, b, tile, columns, inner, adding)
            case (4, false): tile4x1(left, a, right, b, tile, columns, inner, adding)
            case (2, true): tile2x2(left, a, right, b, tile, columns, inner, adding)
            case (2, false): tile2x1(left, a, right, b, tile, columns, inner, adding)
            case (_, true): tile1x2(left, a, right, b, tile, columns, inner, adding)
            case (_, false): tile1x1(left, a, right, b, tile, columns, inner, adding)
            }
            j &+= isWide ? 2 : 1
        }
        i &+= height
    }
    if symmetric {
        var row = 1
        while row < rows {
            var column = 0
            while column < row {
                c[row &* columns &+ column] = c[column &* columns &+ row]
                column &+= 1
            }
            row &+= 1
        }
    }
}

// Register tiles: the accumulators of a tile stay in registers over the whole inner loop.

@inline(__always)
private func tile4x2(
    _ left: Lanes, _ a: LaneMatrix, _ right: Lanes, _ b: LaneMatrix, _ c: Lanes, _ stride: Int, _ inner: Int,
    _ adding: Bool
) {
    var c00 = adding ? c[0] : LaneVector(0)
    var c01 = adding ? c[1] : LaneVector(0)
    var c10 = adding ? c[stride] : LaneVector(0)
    var c11 = adding ? c[stride &+ 1] : LaneVector(0)
    var c20 = adding ? c[2 &* stride] : LaneVector(0)
    var c21 = adding ? c[2 &* stride &+ 1] : LaneVector(0)
    var c30 = adding ? c[3 &* stride] : LaneVector(0)
    var c31 = adding ? c[3 &* stride &+ 1] : LaneVector(0)
    var k = 0
    var p = left
    var q = right
    while k < inner {
        let b0 = q[0]
        let b1 = q[b.columnStride]
        let a0 = p[0]
        c00 = .fma(a0, b0, c00)
        c01 = .fma(a0, b1, c01)
        let a1 = p[a.rowStride]
        c10 = .fma(a1, b0, c10)
        c11 = .fma(a1, b1, c11)
        let a2 = p[2 &* a.rowStride]
        c20 = .fma(a2, b0, c20)
        c21 = .fma(a2, b1, c21)
        let a3 = p[3 &* a.rowStride]
        c30 = .fma(a3, b0, c30)
        c31 = .fma(a3, b1, c31)
        p += a.columnStride
        q += b.rowStride
        k &+= 1
    }
    c[0] = c00
    c[1] = c01
    c[stride] = c10
    c[stride &+ 1] = c11
    c[2 &* stride] = c20
    c[2 &* stride &+ 1] = c21
    c[3 &* stride] = c30
    c[3 &* stride &+ 1] = c31
}

@inline(__always)
private func tile4x1(
    _ left: Lanes, _ a: LaneMatrix, _ right: Lanes, _ b: LaneMatrix, _ c: Lanes, _ stride: Int, _ inner: Int,
    _ adding: Bool
) {
    var c00 = adding ? c[0] : LaneVector(0)
    var c10 = adding ? c[stride] : LaneVector(0)
    var c20 = adding ? c[2 &* stride] : LaneVector(0)
    var c30 = adding ? c[3 &* stride] : LaneVector(0)
    var k = 0
    var p = left
    var q = right
    while k < inner {
        let b0 = q[0]
        let a0 = p[0]
        c00 = .fma(a0, b0, c00)
        let a1 = p[a.rowStride]
        c10 = .fma(a1, b0, c10)
        let a2 = p[2 &* a.rowStride]
        c20 = .fma(a2, b0, c20)
        let a3 = p[3 &* a.rowStride]
        c30 = .fma(a3, b0, c30)
        p += a.columnStride
        q += b.rowStride
        k &+= 1
    }
    c[0] = c00
    c[stride] = c10
    c[2 &* stride] = c20
    c[3 &* stride] = c30
}

@inline(__always)
private func tile2x2(
    _ left: Lanes, _ a: LaneMatrix, _ right: Lanes, _ b: LaneMatrix, _ c: Lanes, _ stride: Int, _ inner: Int,
    _ adding: Bool
) {
    var c00 = adding ? c[0] : LaneVector(0)
    var c01 = adding ? c[1] : LaneVector(0)
    var c10 = adding ? c[stride] : LaneVector(0)
    var c11 = adding ? c[stride &+ 1] : LaneVector(0)
    var k = 0
    var p = left
    var q = right
    while k < inner {
        let b0 = q[0]
        let b1 = q[b.columnStride]
        let a0 = p[0]
        c00 = .fma(a0, b0, c00)
        c01 = .fma(a0, b1, c01)
        let a1 = p[a.rowStride]
        c10 = .fma(a1, b0, c10)
        c11 = .fma(a1, b1, c11)
        p += a.columnStride
        q += b.rowStride
        k &+= 1
    }
    c[0] = c00
    c[1] = c01
    c[stride] = c10
    c[stride &+ 1] = c11
}

@inline(__always)
private func tile2x1(
    _ left: Lanes, _ a: LaneMatrix, _ right: Lanes, _ b: LaneMatrix, _ c: Lanes, _ stride: Int, _ inner: Int,
    _ adding: Bool
) {
    var c00 = adding ? c[0] : LaneVector(0)
    var c10 = adding ? c[stride] : LaneVector(0)
    var k = 0
    var p = left
    var q = right
    while k < inner {
        let b0 = q[0]
        let a0 = p[0]
        c00 = .fma(a0, b0, c00)
        let a1 = p[a.rowStride]
        c10 = .fma(a1, b0, c10)
        p += a.columnStride
        q += b.rowStride
        k &+= 1
    }
    c[0] = c00
    c[stride] = c10
}

@inline(__always)
private func tile1x2(
    _ left: Lanes, _ a: LaneMatrix, _ right: Lanes, _ b: LaneMatrix, _ c: Lanes, _ stride: Int, _ inner: Int,
    _ adding: Bool
) {
    var c00 = adding ? c[0] : LaneVector(0)
    var c01 = adding ? c[1] : LaneVector(0)
    var k = 0
    var p = left
    var q = right
    while k < inner {
        let b0 = q[0]
        let b1 = q[b.columnStride]
        let a0 = p[0]
        c00 = .fma(a0, b0, c00)
        c01 = .fma(a0, b1, c01)
        p += a.columnStride
        q += b.rowStride
        k &+= 1
    }
    c[0] = c00
    c[1] = c01
}

@inline(__always)
private func tile1x1(
    _ left: Lanes, _ a: LaneMatrix, _ right: Lanes, _ b: LaneMatrix, _ c: Lanes, _ stride: Int, _ inner: Int,
    _ adding: Bool
) {
    var c00 = adding ? c[0] : LaneVector(0)
    var k = 0
    var p = left
    var q = right
    while k < inner {
        let b0 = q[0]
        let a0 = p[0]
        c00 = .fma(a0, b0, c00)
        p += a.columnStride
        q += b.rowStride
        k &+= 1
    }
    c[0] = c00
}
