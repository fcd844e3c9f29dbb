import Foundation
import PhaseSpace
import Support
import Sweeps

/// Trajectories from elsewhere that a figure shows beside ours: `NAME.published.tsv` beside the spec `NAME.yaml`.
///
/// Lines of tab-separated numbers; the last comment before them names the columns, `step` and observables of the model;
/// the first comment is the legend's entry.
struct PublishedTrajectories {
    let curves: [TheoryCurve]

    /// - Throws: `StudyError` with file and line for a table that cannot be read; without a file there is nothing.
    init(besideSpec path: String, _ declaration: ModelDeclaration) throws {
        let file = (path as NSString).deletingPathExtension + ".published.tsv"
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            curves = []
            return
        }
        var comments: [String] = []
        var columns: [String] = []
        var rows: [[Double]] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            if line.hasPrefix("#") {
                comments.append(line.dropFirst().trimmingCharacters(in: .whitespaces))
                continue
            }
            if rows.isEmpty { columns = try Self.columns(comments.last ?? "", "\(file):\(number)", declaration) }
            let values = line.split(separator: "\t").map { Double($0.trimmingCharacters(in: .whitespaces)) }
            guard values.count == columns.count, values.allSatisfy({ $0?.isFinite == true }) else {
                throw StudyError(
                    "\(file):\(number + 1): a line has \(columns.count) numbers: \(columns.joined(separator: ", "))")
            }
            rows.append(values.map { $0! })
        }
        guard !rows.isEmpty else { throw StudyError("\(file): the table has no lines of numbers") }
        curves = [TheoryCurve(name: "trajectory", label: comments.first ?? "published", columns: columns, rows: rows)]
    }

    private static func columns(_ comment: String, _ place: String, _ declaration: ModelDeclaration) throws -> [String]
    {
        let names = comment.split(separator: "\t").map { $0.trimmingCharacters(in: .whitespaces) }
        let known = ["step"] + declaration.observables.map(\.name)
        guard names.first == "step" else {
            throw StudyError(
                "\(place): the last comment before the numbers must name the columns, `step` first, between tabs")
        }
        for name in names where !known.contains(name) {
            throw StudyError(
                "\(place): `\(name)` is no observable of \(declaration.name)\(nearestHint(to: name, among: known))")
        }
        return names
    }
}
