import ArgumentParser
import Foundation
import Support
import Sweeps
import Transitions

/// What every verb that reads a table of somebody's own takes.
struct TableOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Which column is what, by name or number: control=wd,value=seed1+seed2,error=4, or a bare list.",
            discussion: """
                control, value, error, size, curve, replica, direction, up, down; further columns label curves. A bare \
                list is control, value, error; of `collapse` size, control, value, error.
                """, valueName: "columns"))
    var columns: String?
    @Option(help: ArgumentHelp("The sign before a number's fraction: . or ,", valueName: "sign"))
    var decimal: String?

    /// Whether a path names a table: what is no sweep file and no folder.
    static func isTable(_ path: String) -> Bool {
        if path == "-" { return true }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { return false }
        return !["yaml", "yml"].contains(Path.ending(of: path).lowercased())
    }

    /// The first of these options that is set, for verbs that take sweeps as well.
    var firstSet: String? { columns != nil ? "--columns" : decimal != nil ? "--decimal" : nil }

    /// Reads a table and says on standard error what was understood.
    func reading(of path: String, for purpose: TablePurpose) throws -> TableReading {
        let sign = try decimal.map { text in
            guard let sign = DecimalSign(rawValue: text) else {
                throw Failure("`--decimal` is . or , and not `\(text)`")
            }
            return sign
        }
        let choice = try columns.map { try ColumnChoice(parsing: $0) }
        let name = path == "-" ? "standard input" : path
        let data: Data
        if path == "-" {
            data = try FileHandle.standardInput.readToEnd() ?? Data()
        } else {
            guard let content = FileManager.default.contents(atPath: path) else { throw unreadable(path) }
            data = content
        }
        let reading = try TableReading(NumberTable(data, source: name, decimal: sign), columns: choice, for: purpose)
        complain("\(name): \(reading.sentence)")
        return reading
    }
}
