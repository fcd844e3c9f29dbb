import OrderedCollections
import PhaseSpace
import Support

extension TableAssembly {
    /// The curve that a group of rows makes.
    mutating func curve(of group: Group, key: CurveKey, varying: [String]) -> TableCurve {
        var points = group.points
        var missing = group.missing
        var course = TableCurve.Course.plain
        if roles.up != nil {
            turnDownSweep(&points, group.parts)
            course = .loop
        } else if roles.direction != nil || !blocks.directions.isEmpty {
            course = Set(points.map(\.direction)).isSuperset(of: [.up, .down]) ? .loop : .plain
        } else if roles.values.count == 1, roles.replica == nil {
            course = FileOrder(points).course(&points)
        }
        remark(on: course, key)
        // A gap between finite values is a gap; where nothing finite follows, the runs have diverged.
        let finite = points.filter(\.isFinite).map(\.control)
        if let low = finite.min(), let high = finite.max() {
            let gaps = points.count { $0.value.isNaN && low <= $0.control && $0.control <= high }
            points.removeAll { $0.value.isNaN && low <= $0.control && $0.control <= high }
            missing += gaps
        }
        number(&points, group.parts)
        return TableCurve(key: key, varying: varying, points: points, course: course, missing: missing)
    }

    /// Replicas: value columns, the column that says so, or the repeats of a control in their order.
    private func number(_ points: inout [TablePoint], _ parts: [Int]) {
        if roles.values.count > 1, points.count == parts.count {
            for i in points.indices { points[i].replica = points[i].replica * roles.values.count + parts[i] }
        } else if roles.replica == nil {
            var seen: [Direction: [Double: Int]] = [:]
            for i in points.indices {
                let count = seen[points[i].direction, default: [:]][points[i].control, default: 0]
                points[i].replica = count
                seen[points[i].direction, default: [:]][points[i].control] = count + 1
            }
        }
    }

    /// A down-sweep that is listed in its own order, from the highest control on: seen by a loop that closes at both
    /// ends only when it is read backwards.
    private mutating func turnDownSweep(_ points: inout [TablePoint], _ parts: [Int]) {
        let (ups, downs) = (points.indices.filter { parts[$0] == 0 }, points.indices.filter { parts[$0] == 1 })
        guard ups.count == downs.count, ups.count >= 4 else { return }
        let order = ups.indices.sorted { points[ups[$0]].control < points[ups[$1]].control }
        let (u, d) = (order.map { points[ups[$0]].value }, order.map { points[downs[$0]].value })
        guard (u + d).allSatisfy(\.isFinite) else { return }
        let span = (u + d).max()! - (u + d).min()!
        let count = u.count
        let asItIs = min(abs(u[0] - d[0]), abs(u[count - 1] - d[count - 1]))
        let turned = max(abs(u[0] - d[count - 1]), abs(u[count - 1] - d[0]))
        guard span > 0, asItIs > 0.5 * span, turned < 0.1 * span else { return }
        let controls = downs.map { points[$0].control }
        for (index, control) in zip(downs, controls.reversed()) { points[index] = points[index].moved(to: control) }
        remarks.append("\(table.name(roles.down!)) runs in the order of its own sweep and is read from its last row up")
    }

    private mutating func remark(on course: TableCurve.Course, _ key: CurveKey) {
        let text: String
        switch course {
        case .plain: return
        case .loop:
            guard roles.up == nil, roles.direction == nil, blocks.directions.isEmpty else { return }
            text = "\(key.axis) runs there and back: an up- and a down-sweep"
        case .mirrored:
            text = "the rows back mirror the rows there: `--abs` judges |\(key.orderParameter)|"
        case .folded: text = "\(key.axis) runs back and forth, with several values at one \(key.axis)"
        }
        if !remarks.contains(text) { remarks.append(text) }
    }

    // MARK: - What was understood

    /// `control wd, value acc, no errors, 24 rows, 3 curves`, then what was left out or guessed.
    func said() -> String {
        var parts: [String] = []
        if let size = roles.size {
            parts.append("size \(table.name(size))")
        } else if sizesFromBlocks {
            parts.append("size \(blocks.names[0]) of each block")
        }
        parts.append("control \(table.name(roles.control))")
        if let up = roles.up, let down = roles.down {
            parts.append("up \(table.name(up)), down \(table.name(down))")
        } else if roles.values.count == 1 {
            parts.append("value \(table.name(roles.values[0]))")
        } else {
            parts.append("value \(roles.values.map(table.name).joined(separator: " + ")) (repeats)")
        }
        parts.append(
            roles.errors.isEmpty ? "no errors" : "error \(roles.errors.map(table.name).joined(separator: " + "))")
        if let direction = roles.direction { parts.append("direction \(table.name(direction))") }
        if let replica = roles.replica { parts.append("replica \(table.name(replica))") }
        let rows = table.rows.count
        parts.append("\(rows) row\(rows == 1 ? "" : "s")")
        if curves.count > 1 {
            parts.append("\(curves.count) curves" + (labels.isEmpty ? "" : " by \(labels.joined(separator: ", "))"))
        }
        let missing = curves.reduce(0) { $0 + $1.missing }
        if missing > 0 { parts.append("\(missing) value\(missing == 1 ? "" : "s") missing") }
        let diverged = curves.reduce(0) { $0 + $1.points.count { !$0.isFinite } }
        if diverged > 0 { parts.append("\(diverged) not finite (nan or inf)") }
        if missingErrors > 0 { parts.append("\(missingErrors) error\(missingErrors == 1 ? "" : "s") missing") }
        return ([parts.joined(separator: ", ")] + remarks).joined(separator: "; ")
    }
}

extension TablePoint {
    fileprivate func moved(to control: Double) -> TablePoint {
        TablePoint(
            line: line, control: control, value: value, error: error, size: size, replica: replica,
            direction: direction)
    }
}
