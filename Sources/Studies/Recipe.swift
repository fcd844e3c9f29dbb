import Figures
import Foundation
import PhaseSpace
import Support
import Sweeps

/// A sweep file that says what must come out.
package struct Recipe {
    package let path: String
    package var name: String { SweepSpec.name(ofPath: path) }

    /// What its file says.
    /// - Parameter start: makes models of programs; where nil it may name none.
    /// - Throws: `SpecError` with file, line and column.
    package func spec(_ overrides: [String] = [], start: ProgramStarter? = nil) throws -> SweepSpec {
        try SweepSpec.read(
            path: path, overrides: overrides, models: models, figures: FigureWriter.names, start: start)
    }

    private var text: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
    /// Told before the file is read as a sweep, for which its program must run.
    package var hasQuickForm: Bool { text.contains(/(^|\n)quick:/) }
    package var expectsSomething: Bool { text.contains(/(^|\n)expect:/) }

    /// Whether one of these words names it alone, rather than as one of many.
    package func isNamed(among words: [String]) -> Bool { words.contains(name) || words.contains(path) }

    private let models: [ModelFamily]

    /// What `reproduce` finds it by: its name where it is a known one, else its path.
    package let reference: String

    /// - Parameter models: those that a recipe may name.
    package init(path: String, models: [ModelFamily]) { (self.path, reference, self.models) = (path, path, models) }

    /// One of a folder of recipes.
    private init(knownAt path: String, models: [ModelFamily]) {
        (self.path, reference, self.models) = (path, SweepSpec.name(ofPath: path), models)
    }

    /// The recipes of a folder, by name.
    package static func below(_ folder: String, models: [ModelFamily]) -> [Recipe] {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().compactMap { file in
            let recipe = Recipe(knownAt: "\(folder)/\(file)", models: models)
            return recipe.expectsSomething ? recipe : nil
        }
    }
}
