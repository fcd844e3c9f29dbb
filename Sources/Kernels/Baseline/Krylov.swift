import CLanes

// One iteration of conjugate gradients or of Lanczos is the same three passes over iterate x, residual r, direction d
// and product H d; the coefficients say which, lane by lane. Lanes that rest get coefficients that change nothing.

/// The inner products d·Hd, d·d and x·d, in this order.
@inline(never)
func krylovProducts(_ pack: cl_pack, _ results: UnsafeMutablePointer<Double>) {
    let count = pack.weight_count
    let direction = lanes(pack.direction)
    let results = lanes(results)
    results[0] = dot(direction, lanes(pack.product), count: count)
    results[1] = dot(direction, direction, count: count)
    results[2] = dot(lanes(pack.iterate), direction, count: count)
}

/// x ← c0 x + c1 d and r ← c2 r + c3 Hd + c4 d + c5 x (with the old x); then the inner products r·r and x·x.
@inline(never)
func krylovStep(
    _ pack: cl_pack, _ coefficients: UnsafePointer<Double>, _ results: UnsafeMutablePointer<Double>
) {
    let count = pack.weight_count
    let c = lanes(coefficients)
    let (c0, c1, c2, c3, c4, c5) = (c[0], c[1], c[2], c[3], c[4], c[5])
    let iterate = lanes(pack.iterate)
    let residual = lanes(pack.residual)
    let direction = lanes(pack.direction)
    let product = lanes(pack.product)
    var i = 0
    while i < count {
        let x = iterate[i]
        let d = direction[i]
        iterate[i] = .fma(c1, d, c0 * x)
        residual[i] = .fma(c3, product[i], .fma(c4, d, .fma(c5, x, c2 * residual[i])))
        i &+= 1
    }
    let results = lanes(results)
    results[0] = dot(residual, residual, count: count)
    results[1] = dot(iterate, iterate, count: count)
}

/// d ← c0 r + c1 d.
@inline(never)
func krylovTurn(_ pack: cl_pack, _ coefficients: UnsafePointer<Double>) {
    let count = pack.weight_count
    let c = lanes(coefficients)
    let (c0, c1) = (c[0], c[1])
    let residual = lanes(pack.residual)
    let direction = lanes(pack.direction)
    var i = 0
    while i < count {
        direction[i] = .fma(c0, residual[i], c1 * direction[i])
        i &+= 1
    }
}
