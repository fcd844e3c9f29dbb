import Foundation
import PhaseSpace
import Support

/// A sweep file that has been read and checked against its model, with the overrides of the command line.
public struct SweepSpec: Sendable {
    /// An axis, or several controls that change together.
    public struct Dimension: Sendable {
        /// The control's name, or the name of the pairing.
        public let name: String
        public let controls: [String]
        /// One element per step along the dimension; in it one value per control.
        public let values: [[ControlValue]]
        /// Where each element stands.
        let places: [SpecPlace]

        /// The values of a dimension of one control that are single numbers; nil where there are others.
        public var numbers: [Double]? {
            guard controls.count == 1 else { return nil }
            let numbers = values.compactMap(\.[0].number)
            return numbers.count == values.count ? numbers : nil
        }
    }

    /// The file as it was named.
    public let path: String
    /// The file's path below `sweeps/` without extension, or else its file name: the name of its results.
    public let name: String
    /// The content of the file, without overrides.
    public let text: String
    public let overrides: [String]

    public let title: String
    public let declaration: ModelDeclaration
    /// What makes the model that the spec names, and answers questions to its theory.
    public let family: ModelFamily
    /// What the file says of the program that trains; nil where a model of this build does.
    public let program: ProgramSettings?
    /// What the model is made with: seed, the sections of settings with defaults filled in, precision.
    public let settings: ModelSettings
    /// Where things stand in the file.
    let sections: SpecSections
    /// Every control that is the same at all points, defaults filled in.
    public let fixed: [String: ControlValue]
    /// Outermost first.
    public let dimensions: [Dimension]
    /// Controls that follow from others, each after those that its formula needs.
    public let derived: [DerivedControl]
    /// The control along which curves are drawn and warm sweeps run.
    public let along: String
    /// Whether that control's values were asked for with `spacing: log`, all or some of them; nil for a plain list.
    public let isLogarithmic: Bool?
    public let replicas: Int
    /// What `stopWhen:` asks for, of which `replicas` is the limit; nil where all points have as many.
    public let replicaRule: ReplicaRule?
    /// In the order cold, up, down, branch, whatever the file's order.
    public let directions: [Direction]
    public let orderParameter: String
    public let figures: [String]
    /// What `refine:` asks for; nil for a sweep of its grid alone.
    public let refinement: RefinementRequest?
    /// Overrides under which the recipe takes seconds and must still hold.
    public let quickOverrides: [String]
    /// What the sweep must reproduce; a sweep that expects something is a recipe.
    public let expectations: [Expectation]

    public var seed: UInt64 { settings.seed }
    /// What the writer of the file should know, although it is read as it stands: old words and where they went.
    public var notes: [String] { sections.notes }

    /// Reads a sweep file. Neither is its model made nor are data read: that is `SweepPlan`'s.
    /// - Parameters:
    ///   - overrides: `key=value` as on the command line; several values or a range make an axis.
    ///   - models: the models that a spec may name.
    ///   - figures: the figures that a spec may name; any where nil.
    ///   - start: makes models of programs; where nil a spec may name none.
    /// - Throws: `SpecError` with file, line and column, or with the override at fault.
    public static func read(
        path: String, overrides: [String] = [], models: [ModelFamily], figures: [String]? = nil,
        start: ProgramStarter? = nil
    ) throws -> SweepSpec {
        let (text, root) = try SpecNode.file(path)
        return try read(text, root, path, overrides, models, figures, start)
    }

    /// The same of a sweep that a store has kept.
    public static func read(
        _ recorded: RecordedSweep, overrides: [String] = [], models: [ModelFamily], figures: [String]? = nil,
        start: ProgramStarter? = nil
    ) throws -> SweepSpec {
        let root = try SpecNode.tree(recorded.text, path: recorded.path)
        let all = recorded.overrides(replacedBy: overrides)
        return try read(recorded.text, root, recorded.path, all, models, figures, start)
    }

    private static func read(
        _ text: String, _ root: SpecNode, _ path: String, _ overrides: [String], _ models: [ModelFamily],
        _ figures: [String]?, _ start: ProgramStarter?
    ) throws -> SweepSpec {
        var sections = try SpecSections(root, path: path)
        if start != nil { try sections.applyProgramKeys(overrides) }
        var reader = try SpecReader(path: path, text: text, sections: sections, models: models, start: start)
        reader.knownFigures = figures
        return try reader.read(overrides)
    }

    /// The name of a sweep's results for the path of its file.
    public static func name(ofPath path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        if let sweeps = parts.dropLast().lastIndex(of: "sweeps") {
            parts.removeFirst(sweeps + 1)
        } else {
            parts = Array(parts.suffix(1))
        }
        guard let file = parts.popLast() else { return path }
        let stem = Path.stem(of: String(file))
        return (parts.map(String.init) + [stem]).joined(separator: "/")
    }

    /// Number of combinations of the dimensions' values.
    public var combinationCount: Int { dimensions.reduce(1) { $0 * $1.values.count } }
}
