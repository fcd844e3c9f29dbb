/// The known name that a misspelt one most likely meant: the fewest single-letter edits, at most a third of its
/// length (and at least two edits are forgiven). Nil where nothing is near.
public func nearestName(to name: String, among known: [String]) -> String? {
    let limit = max(2, name.count / 3)
    let candidates = known.map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
    guard let best = candidates.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
    return best.distance <= limit && best.distance < max(name.count, best.name.count) ? best.name : nil
}

/// ` (did you mean …?)`, or nothing.
public func nearestHint(to name: String, among known: [String]) -> String {
    nearestName(to: name, among: known).map { " (did you mean `\($0)`?)" } ?? ""
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other (the optimal string
/// alignment distance, in characters).
func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var cost = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, rows[i][j + 1] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
            row.append(cost)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
