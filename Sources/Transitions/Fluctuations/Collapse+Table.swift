import PhaseSpace
import Support

/// Collapses a table with the columns size, control, value and its standard error.
/// - Throws: `TableError` for a table that is none, `CollapseError` as `collapse(of:)`.
/// - Returns: the collapse, and what was understood beside the plain numbers, a sentence each.
public func collapse(fromTable text: String, source: String = "table") throws -> (collapse: Collapse, notes: [String]) {
    try collapse(of: TableReading(NumberTable(text, source: source), for: .collapse))
}

/// Collapses a table that was read for it. Errors of exactly 0 at shares of 0 and 1 are binomial ones, where all others
/// are.
/// - Throws: as `collapse(fromTable:)`.
public func collapse(of reading: TableReading) throws -> (collapse: Collapse, notes: [String]) {
    let data = try reading.sizedValues()
    guard data.contains(where: { $0.error == 0 }), let shares = BinomialErrors(data) else {
        return (try collapse(of: data, names: reading.names), [])
    }
    return (try collapse(of: shares.data, names: reading.names), [shares.sentence])
}
