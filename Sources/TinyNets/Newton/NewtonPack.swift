import CLanes
import Kernels
import Lanes

/// Eight nets in a trust-region Newton method with conjugate gradients (Steihaug), down to the rounding floor of the
/// gradient; then Lanczos for the lowest curvature, an escape along it from a saddle, and conjugate gradients for F″.
///
/// All lanes share Hessian-vector products whatever they use them for; what a lane does depends on its own numbers only.
final class NewtonPack {
    let pack: LanePack
    let settings: TrainingSettings
    let lanes: [NewtonLane]
    private(set) var occupied = 0
    /// Some lane's point is not the one that was last evaluated.
    var isStale = true
    /// Lanczos iterations at most, and its start vector of norm 1.
    let lanczosLimit: Int
    let lanczosStart: [Double]
    var finishedLanes: [Int] = []

    init(_ kind: PackKind, _ kernel: LaneKernel, _ settings: TrainingSettings) {
        pack = LanePack(kind, kernel)
        self.settings = settings
        let limit = min(2 * pack.layout.weightCount + 8, 320)
        lanczosLimit = limit
        lanes = (0..<LanePack.laneCount).map { _ in NewtonLane(capacity: limit) }
        var stream = RandomStream(seed: 0, key: 0, purpose: .curvature)
        let start = stream.normals(pack.layout.weightCount)
        let norm = start.reduce(0) { $0 + $1 * $1 }.squareRoot()
        lanczosStart = start.map { $0 / norm }
    }

    var isFull: Bool { occupied == LanePack.laneCount }
    var fields: cl_pack { pack.description.pointee }

    func load(_ run: TrainingRun) {
        let lane = lanes.firstIndex { $0.phase == .empty }!
        pack.set(run.job, lane: lane)
        fields.smoothing[lane] = run.smoothings[0]
        pack.scatter(run.weights, to: fields.point, lane: lane)
        for array in [fields.iterate, fields.residual, fields.direction] { pack.fill(array!, with: 0, lane: lane) }
        lanes[lane].reset(run)
        occupied += 1
        isStale = true
    }

    /// Frees a lane; its numbers stay behind, which is harmless.
    func release(_ lane: Int) {
        lanes[lane].phase = .empty
        lanes[lane].run = nil
        pack.release(lane: lane)
        for array in [fields.point, fields.iterate, fields.residual, fields.direction] {
            pack.fill(array!, with: 0, lane: lane)
        }
        occupied -= 1
    }

    /// One Hessian-vector product for all lanes and what follows from it.
    /// - Returns: the lanes that are through; the caller takes their results and releases them.
    func advance() -> [Int] {
        finishedLanes.removeAll(keepingCapacity: true)
        while isStale {
            isStale = false
            pack.gradient()
            for lane in 0..<LanePack.laneCount {
                switch lanes[lane].phase {
                case .arriving: arrive(lane)
                case .trying: judgeTrial(lane)
                case .atFloor, .stuck: settle(lane)
                default: break
                }
            }
        }
        if !finishedLanes.isEmpty { return finishedLanes }
        pack.hessianProduct()
        pack.kernel.krylovProducts(pack.description, results: pack.products)
        for lane in 0..<LanePack.laneCount { chooseStep(lane) }
        pack.kernel.krylovStep(
            pack.description, coefficients: pack.coefficients, results: pack.products + 3 * LanePack.laneCount)
        for lane in 0..<LanePack.laneCount { chooseTurn(lane) }
        pack.kernel.krylovTurn(pack.description, coefficients: pack.coefficients + 6 * LanePack.laneCount)
        for lane in 0..<LanePack.laneCount { endIteration(lane) }
        return finishedLanes
    }

    /// The coefficients of a lane's next pass; the ones not named leave everything as it is.
    func setStep(_ lane: Int, _ c0: Double, _ c1: Double, _ c2: Double, _ c3: Double, _ c4: Double, _ c5: Double) {
        let values = (c0, c1, c2, c3, c4, c5)
        let c = pack.coefficients + lane
        let n = LanePack.laneCount
        c[0] = values.0
        c[n] = values.1
        c[2 * n] = values.2
        c[3 * n] = values.3
        c[4 * n] = values.4
        c[5 * n] = values.5
    }
    func setTurn(_ lane: Int, _ c0: Double, _ c1: Double) {
        pack.coefficients[6 * LanePack.laneCount + lane] = c0
        pack.coefficients[7 * LanePack.laneCount + lane] = c1
    }

    /// The lane's run is through, unless a ReLU net still has to show that its minimum is one.
    func finish(_ lane: Int) {
        if pushOffKinks(lane) { return }
        lanes[lane].phase = .done
        finishedLanes.append(lane)
    }

    private func chooseStep(_ lane: Int) {
        switch lanes[lane].phase {
        case .solving, .response: chooseConjugateStep(lane)
        case .spectrum, .escapeDirection: chooseLanczosStep(lane)
        default: setStep(lane, 1, 0, 1, 0, 0, 0)
        }
    }

    private func chooseTurn(_ lane: Int) {
        switch lanes[lane].phase {
        case .solving, .response: chooseConjugateTurn(lane)
        case .spectrum, .escapeDirection: chooseLanczosTurn(lane)
        default: setTurn(lane, 0, 1)
        }
    }

    private func endIteration(_ lane: Int) {
        guard lanes[lane].isIterationOver else { return }
        lanes[lane].isIterationOver = false
        switch lanes[lane].phase {
        case .solving: proposeStep(lane)
        case .response: endResponse(lane)
        case .spectrum: endSpectrum(lane)
        case .escapeDirection: endEscapeDirection(lane)
        default: break
        }
    }
}
