import CLanes

/// Plain gradient descent: w ← w − rate ∇L, `steps` times, each lane with its own rate. Afterwards gradient and loss
/// are those of the point before the last step.
@inline(never)
func descendPlainly(_ pack: cl_pack, steps: Int) {
    let point = lanes(pack.point)
    let gradient = lanes(pack.gradient)
    let rate = -lanes(pack.rate)[0]
    var step = 0
    while step < steps {
        computeGradient(pack)
        var i = 0
        while i < pack.weight_count {
            point[i] = .fma(rate, gradient[i], point[i])
            i &+= 1
        }
        step &+= 1
    }
}

/// Monotone gradient descent with Barzilai–Borwein steps, `steps` trials in every lane.
///
/// A trial that lowers the loss enough (Armijo, 1e-4) becomes the base and sets the next step to the short
/// Barzilai–Borwein length, at most ten times the last; any other trial leaves the base and shortens the step.
/// Base, gradient, loss, squared gradient norm and rate must be those of an evaluated point.
@inline(never)
func descend(_ pack: cl_pack, steps: Int) {
    let count = pack.weight_count
    let point = lanes(pack.point)
    let gradient = lanes(pack.gradient)
    let base = lanes(pack.base)
    let baseGradient = lanes(pack.base_gradient)
    let zero = LaneVector(0)
    var loss = lanes(pack.base_loss)[0]
    var norm = lanes(pack.base_norm)[0]
    var rate = lanes(pack.rate)[0]
    var step = 0
    while step < steps {
        let back = -rate
        var i = 0
        while i < count {
            point[i] = .fma(back, baseGradient[i], base[i])
            i &+= 1
        }
        computeGradient(pack)
        let newNorm = dot(gradient, gradient, count: count)
        let overlap = dot(gradient, baseGradient, count: count)
        let newLoss = lanes(pack.loss)[0]
        let enough = LaneVector.fma(LaneVector(-1e-4) * rate, norm, loss)
        i = 0
        while i < count {
            base[i] = .select(newLoss, lessOrEqual: enough, point[i], base[i])
            baseGradient[i] = .select(newLoss, lessOrEqual: enough, gradient[i], baseGradient[i])
            i &+= 1
        }
        // Short step s·y / y·y with s = −rate g and y = g' − g. A non-convex stretch (s·y ≤ 0) doubles the step, and so
        // does a change of the gradient that is lost in rounding, whose sign means nothing.
        let along = norm - overlap
        let change = (norm - overlap) + (newNorm - overlap)
        let short = rate * (along / change)
        let ten = LaneVector(10) * rate
        let bounded = LaneVector.select(short, lessOrEqual: ten, short, ten)
        let double = LaneVector(2) * rate
        let convex = LaneVector.select(along, lessOrEqual: zero, double, bounded)
        let next = LaneVector.select(change, lessOrEqual: LaneVector(1e-12) * norm, double, convex)
        rate = .select(newLoss, lessOrEqual: enough, next, LaneVector(0.25) * rate)
        norm = .select(newLoss, lessOrEqual: enough, newNorm, norm)
        loss = .select(newLoss, lessOrEqual: enough, newLoss, loss)
        step &+= 1
    }
    lanes(pack.base_loss)[0] = loss
    lanes(pack.base_norm)[0] = norm
    lanes(pack.rate)[0] = rate
}
