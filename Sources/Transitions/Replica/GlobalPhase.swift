import PhaseSpace

/// The state of lowest loss at one control, for one replica.
public struct GlobalPhase: Sendable {
    /// What gave the state.
    public enum Source: Sendable, Hashable {
        case trained(Direction)
        /// No row went as low as the net whose weights are all zero.
        case zeroNet
    }

    public let control: Double
    public let replica: Int
    /// F: the lowest loss over all directions and the zero net.
    public let freeEnergy: Double
    /// F′ along the swept control, where it is known exactly.
    public let slope: Double?
    /// F″ of the branch that the state is on, where it is known exactly.
    public let curvature: Double?
    public let orderParameter: Double?
    public let source: Source
    /// Whether the state is the zero net, found by training or not.
    public let isZeroNet: Bool
    /// All observables of the row; those that the zero net has where no row went as low.
    public let values: [String: Double]
}

/// The global phase of every replica at every control with a done row that has a loss: by replica, then control.
/// - Parameter observables: the model's; exact derivatives along the curve's axis are used where they are declared.
public func globalPhase(of curve: Curve, observables: [Observable]) -> [GlobalPhase] {
    replicas(of: curve, observables: observables).flatMap(\.phases)
}

/// A done row of one replica.
struct Row {
    let control: Double
    let direction: Direction
    let loss: Double?
    let slope: Double?
    let curvature: Double?
    let zeroNetLoss: Double?
    let orderParameter: Double?
    let error: Double?
    let values: [String: Double]
}

/// The rows of one replica, with the lowest state at every control.
struct ReplicaRows {
    let replica: Int
    /// By rising control.
    let rows: [Row]
    /// Rows of other replicas on the same data: their minima are minima here too.
    let sharedRows: [Row]
    let phases: [GlobalPhase]
    /// Own rows and shared ones.
    private let rowsByControl: [Double: [Row]]
    /// Differences of losses below this mean nothing.
    let lossTolerance: Double
    let scatter: Scatter

    init(replica: Int, rows own: [Row], shared: [Row] = [], orderParameterName: String) {
        self.replica = replica
        self.rows = own
        sharedRows = shared
        let rows = own + shared
        let scale = rows.reduce(1) { max($0, abs($1.loss ?? 0), abs($1.zeroNetLoss ?? 0)) }
        let orderScale = rows.reduce(0) { max($0, abs($1.slope ?? $1.orderParameter ?? 0)) }
        rowsByControl = Dictionary(grouping: rows, by: \.control)
        let grouped = rowsByControl.sorted { $0.key < $1.key }
        let tolerance = 1e-10 * scale
        /// Loss, derivatives and order parameter are the zero net's; the rest is not known of it.
        func zeroNetValues(of row: Row, loss: Double) -> [String: Double] {
            let zeros = [orderParameterName, Observable.Name.lossSlope, Observable.Name.lossCurvature].filter {
                row.values[$0] != nil
            }
            return Dictionary(zeros.map { ($0, 0.0) }, uniquingKeysWith: { a, _ in a })
                .merging([Observable.Name.loss: loss, Observable.Name.zeroNetLoss: loss]) { $1 }
        }
        /// At the zero net the loss is its loss and the order parameter vanishes: both, because near a continuous
        /// transition either alone is already small.
        func isZeroNet(_ row: Row) -> Bool {
            guard let loss = row.loss, let zero = row.zeroNetLoss else { return false }
            return loss >= zero - tolerance && loss <= zero + 1e3 * tolerance
                && abs(row.slope ?? row.orderParameter ?? 0) <= 1e-6 * orderScale
        }
        phases = grouped.compactMap { control, rows in
            let trained = rows.filter { $0.loss != nil }
            guard let lowest = trained.min(by: { $0.loss! < $1.loss! }) else { return nil }
            let zero = rows.compactMap(\.zeroNetLoss).min()
            if let zero, zero < lowest.loss! - tolerance {
                return GlobalPhase(
                    control: control, replica: replica, freeEnergy: zero, slope: nil, curvature: nil,
                    orderParameter: 0, source: .zeroNet, isZeroNet: true,
                    values: zeroNetValues(of: lowest, loss: zero))
            }
            return GlobalPhase(
                control: control, replica: replica, freeEnergy: lowest.loss!, slope: lowest.slope,
                curvature: lowest.curvature, orderParameter: lowest.orderParameter,
                source: .trained(lowest.direction), isZeroNet: isZeroNet(lowest), values: lowest.values)
        }
        scatter = Scatter(phases)
        lossTolerance = max(tolerance, 6 * scatter.loss)
    }

    /// Own rows, and behind them those of other replicas.
    func rows(at control: Double) -> [Row] { rowsByControl[control] ?? [] }

    /// The zero net's loss by control.
    var zeroNet: [(control: Double, loss: Double)] {
        var points: [(control: Double, loss: Double)] = []
        for row in rows where points.last?.control != row.control {
            if let zero = row.zeroNetLoss { points.append((row.control, zero)) }
        }
        return points
    }
}

/// Which values of a sample are F′ and F″ along the swept control.
struct DerivativeNames {
    let slope: String?
    let curvature: String?

    init(axis: String, observables: [Observable]) {
        func name(_ order: Int, preferring preferred: String) -> String? {
            let exact = observables.filter {
                $0.derivative == Observable.Derivative(of: Observable.Name.loss, order: order, by: axis)
            }.map(\.name)
            return exact.contains(preferred) ? preferred : exact.first
        }
        slope = name(1, preferring: Observable.Name.lossSlope)
        curvature = name(2, preferring: Observable.Name.lossCurvature)
    }
}

/// Done rows with finite controls, replica by replica.
///
/// - Parameter isPooled: replicas that train on the same data share their minima, as all of them do with a file.
func replicas(of curve: Curve, observables: [Observable], isPooled: Bool = false) -> [ReplicaRows] {
    let names = DerivativeNames(axis: curve.key.axis, observables: observables)
    let order = curve.key.orderParameter
    let done = curve.samples.filter { $0.counts && $0.control.isFinite }
    let byReplica = Dictionary(grouping: done, by: \.replica).sorted { $0.key < $1.key }.map { replica, samples in
        let rows = samples.map { sample in
            func value(_ name: String?) -> Double? {
                name.flatMap { sample.values[$0] }.flatMap { $0.isFinite ? $0 : nil }
            }
            return Row(
                control: sample.control, direction: sample.direction, loss: value(Observable.Name.loss),
                slope: value(names.slope), curvature: value(names.curvature),
                zeroNetLoss: value(Observable.Name.zeroNetLoss), orderParameter: value(order),
                error: value(errorName(of: order)), values: sample.values)
        }
        return (replica: replica, rows: rows)
    }
    let sharesData = isPooled && haveSameData(byReplica.map(\.rows))
    return byReplica.map { replica, rows in
        let others = sharesData ? byReplica.filter { $0.replica != replica }.flatMap(\.rows) : []
        return ReplicaRows(replica: replica, rows: rows, shared: others, orderParameterName: order)
    }
}

/// Whether all replicas have the same data: the zero net has the same loss in all of them, to the last bit, and so has the
/// lowest minimum at a quarter of the controls at least, to what training leaves. Of data of their own neither is so.
private func haveSameData(_ replicas: [[Row]]) -> Bool {
    guard replicas.count > 1 else { return false }
    func lowest(_ rows: [Row], _ value: (Row) -> Double?) -> [Double: Double] {
        Dictionary(rows.compactMap { row in value(row).map { (row.control, $0) } }, uniquingKeysWith: min)
    }
    let zeroNets = replicas.map { lowest($0, \.zeroNetLoss) }
    let minima = replicas.map { rows in lowest(rows.filter { ($0.slope ?? 0) != 0 }, \.loss) }
    let common = minima[0].keys.filter { x in minima.allSatisfy { $0[x] != nil } }
    guard !common.isEmpty else { return false }
    return zip(zeroNets, minima).allSatisfy { zero, minimum in
        let agreeing = common.count { abs(minimum[$0]! - minima[0][$0]!) <= 1e-9 * max(1, abs(minima[0][$0]!)) }
        return common.allSatisfy { zero[$0] == zeroNets[0][$0] } && 4 * agreeing >= common.count
    }
}

/// The observable that holds the standard error of another one, in curves read from tables.
package func errorName(of observable: String) -> String { observable + "Error" }
