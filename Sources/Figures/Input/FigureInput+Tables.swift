import PhaseSpace

/// A table whose rows belong to pieces (lines that are not joined), with the curve of each piece.
struct PieceTable {
    var table: FigureTable
    /// Curve number from 1, by piece.
    private(set) var curves: [Int] = []

    /// Columns `piece`, `curve`, then the given ones.
    init(_ name: String, meaning: String, columns: [(name: String, meaning: String)]) {
        table = FigureTable(
            name, meaning: meaning,
            columns: [("piece", "number of the line"), ("curve", "number of the curve")] + columns)
    }

    mutating func add(_ rows: [[Double]], ofCurve curve: Int) {
        guard !rows.isEmpty else { return }
        curves.append(curve)
        table.rows += rows.map { [Double(curves.count), Double(curve)] + $0 }
    }
}

extension FigureInput {
    /// Curves as the figures number them, for headers: `1: D = 0; 2: D = 1`.
    var curveList: String {
        curves.enumerated().map { "\($0 + 1): \($1.label.isEmpty ? "the sweep" : $1.label)" }.joined(separator: "; ")
    }

    var axisSymbol: String { axis.symbol.isEmpty ? axis.name : axis.symbol }

    var axisColumn: (name: String, meaning: String) { (axis.name, axis.meaning) }

    func meaning(ofControl name: String) -> String { controls.first { $0.name == name }?.meaning ?? name }

    func meaning(ofObservable name: String) -> String {
        observables.first { $0.name == name }?.meaning ?? name
    }

    /// The range that the axis of the sweep has.
    var sweepAxis: FigureAxis {
        let grids = curves.map { FigureAxis(sweepOver: $0.samples.map(\.control)) }
        var axis = FigureAxis(sweepOver: curves.flatMap { $0.samples.map(\.control) })
        axis.isLogarithmic = axis.low > 0 && grids.count { $0.isLogarithmic } * 2 > grids.count
        axis.isWhole = isWhole(self.axis.name)
        return axis
    }

    /// The global phase: replica means and standard errors of the named observables, for all curves.
    func points(of names: [String]) -> FigureTable {
        var table = FigureTable(
            "points",
            meaning: "Global phase, mean over replicas with standard error (NaN: a single replica); two rows at a "
                + "control where replicas are in different phases. Curves: "
                + curveList,
            columns: [("curve", "number of the curve"), axisColumn]
                + names.flatMap { name in
                    [
                        (name, meaning(ofObservable: name)), ("\(name)_error", "its standard error"),
                        ("\(name)_replicas", "how many replicas the mean is over"),
                    ]
                })
        for index in curves.indices {
            var own: [[Double]] = []
            let all = curves[index].globalPhase
            for rows in phasesApart(of: index) {
                let means = names.map { name in
                    // F is continuous: only its derivatives tell phases apart.
                    let rows = name == Observable.Name.loss ? all : rows
                    return Dictionary(uniqueKeysWithValues: replicaMeans(of: name, over: rows).map { ($0.control, $0) })
                }
                for control in Set(rows.map(\.control)).sorted() {
                    let here = means.map { $0[control] }
                    own.append(
                        [Double(index + 1), control]
                            + here.flatMap { [$0?.mean ?? .nan, $0?.standardError ?? .nan, Double($0?.count ?? 0)] })
                }
            }
            table.rows += own.sorted { $0[1] < $1[1] }
        }
        return table
    }

    /// The named columns of theory curves; a piece without any of them is left out.
    func theoryTable(
        _ name: String, meaning: String, of names: [String], _ pick: (CurveTheory) -> [TheoryCurve]
    ) -> PieceTable {
        var pieces = PieceTable(
            name, meaning: "\(meaning) Curves: \(curveList)",
            columns: [axisColumn] + names.map { ($0, self.meaning(ofObservable: $0)) })
        for (index, theory) in theory.enumerated() {
            for curve in pick(theory) {
                pieces.add(values(of: [axis.name] + names, in: curve), ofCurve: index + 1)
            }
        }
        return pieces
    }

    /// The named columns, NaN where the curve lacks one; rows that hold none but the first are left out.
    func values(of names: [String], in curve: TheoryCurve) -> [[Double]] {
        let places = names.map { curve.columns.firstIndex(of: $0) }
        guard let first = places.first, first != nil else { return [] }
        return curve.rows.map { row in places.map { $0.map { row[$0] } ?? .nan } }.filter { row in
            row[0].isFinite && row.dropFirst().contains { $0.isFinite }
        }
    }

    /// What the legend adds to exact branches: beside means over replicas with data of their own they are those of one.
    var ofOneReplica: String { theory.contains { !$0.population.isEmpty } ? ", replica 1" : "" }

    /// The parts of branches that are not the global phase: metastable ones and unstable ones.
    func otherBranches(of names: [String]) -> (metastable: PieceTable, unstable: PieceTable) {
        let columns = [axisColumn] + names.map { ($0, self.meaning(ofObservable: $0)) }
        var metastable = PieceTable(
            "metastable", meaning: "Exact local minima above the global one. Curves: \(curveList)", columns: columns)
        var unstable = PieceTable(
            "unstable", meaning: "Exact stationary points that are no minima. Curves: \(curveList)", columns: columns)
        for (index, theory) in theory.enumerated() {
            for branch in theory.branches {
                guard branch.isStable else {
                    unstable.add(values(of: [axis.name] + names, in: branch), ofCurve: index + 1)
                    continue
                }
                let rivals = rivals(of: branch, in: theory)
                for rows in metastableParts(of: branch, above: rivals) {
                    let part = TheoryCurve(name: branch.name, columns: branch.columns, rows: rows)
                    metastable.add(values(of: [axis.name] + names, in: part), ofCurve: index + 1)
                }
            }
        }
        return (metastable, unstable)
    }

    /// What a stable branch is compared with: the global phase, or, where that is a mean over replicas and the branches
    /// are those of one, the other stable branches.
    private func rivals(of branch: TheoryCurve, in theory: CurveTheory) -> [TheoryCurve] {
        guard !theory.population.isEmpty else { return theory.equilibrium }
        let others = theory.branches.filter { $0.isStable && $0.rows != branch.rows }
        return others.isEmpty ? theory.equilibrium : others
    }

    /// Runs of rows whose loss lies above the global phase's, each with the row before and after it, so that the line
    /// starts where it leaves the global phase.
    private func metastableParts(of branch: TheoryCurve, above equilibrium: [TheoryCurve]) -> [[[Double]]] {
        guard let lossColumn = branch.columns.firstIndex(of: Observable.Name.loss),
            let controlColumn = branch.columns.firstIndex(of: axis.name)
        else { return [] }
        let names = [axis.name, Observable.Name.loss, Observable.Name.lossSlope]
        let global = equilibrium.map { values(of: names, in: $0).filter { $0.allSatisfy(\.isFinite) } }
            .filter { !$0.isEmpty }
        let ends = global.map { rows in (low: rows.map { $0[0] }.min()!, high: rows.map { $0[0] }.max()!) }
        guard !global.isEmpty else { return [] }
        let isAbove = branch.rows.map { row in
            // F is concave: every tangent is an upper bound of it, so only a metastable row lies above all of them.
            let x = row[controlColumn]
            // A branch that has ended bounds nothing.
            let present = global.indices.filter { ends[$0].low <= x && x <= ends[$0].high }
            let bound = present.flatMap { global[$0] }.map { $0[1] + $0[2] * (x - $0[0]) }.min()
            guard let bound else { return false }
            return row[lossColumn] > bound + 1e-9 * max(abs(bound), 1e-300)
        }
        return runs(of: isAbove).map { run in
            Array(branch.rows[max(run.lowerBound - 1, 0)..<min(run.upperBound + 1, branch.rows.count)])
        }
    }
}

/// Ranges of neighbouring true elements.
func runs(of flags: [Bool]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for (index, flag) in flags.enumerated() where flag {
        if let last = result.last, last.upperBound == index {
            result[result.count - 1] = last.lowerBound..<(index + 1)
        } else {
            result.append(index..<(index + 1))
        }
    }
    return result
}
