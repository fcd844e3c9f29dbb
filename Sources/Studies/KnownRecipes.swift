import Foundation
import PhaseSpace
import Support
import Sweeps

/// The recipes that have names: those below `sweeps/` in the working directory, and those that ship with the command.
package struct KnownRecipes {
    package let own: [Recipe]
    /// Without those whose names are taken by own ones.
    package let shipped: [Recipe]

    private let models: [ModelFamily]

    /// - Parameters:
    ///   - folder: where the shipped ones are; nil where there are none.
    ///   - models: those that recipes may name.
    package init(
        own: String = "sweeps", shipped folder: String? = SharedFiles().path(of: "sweeps"), models: [ModelFamily]
    ) {
        self.models = models
        let ours = Recipe.below(own, models: models)
        let taken = Set(ours.map(\.name))
        self.own = ours
        shipped = (folder.map { Recipe.below($0, models: models) } ?? []).filter { !taken.contains($0.name) }
    }

    /// What `all` means: a folder with recipes of its own stands for itself.
    package var all: [Recipe] { own.isEmpty ? shipped : own }

    /// The recipes that these names mean, each once.
    ///
    /// - Parameter names: `all`, a folder's name, a recipe's, or the path of a sweep file.
    package func chosen(_ names: [String]) throws -> [Recipe] {
        var found: [Recipe] = []
        for name in names {
            let matching =
                name == "all"
                ? all
                : (own + shipped).filter { $0.name == name || $0.name.hasPrefix(name + "/") || $0.path == name }
            if !matching.isEmpty {
                found += matching.filter { recipe in !found.contains { $0.path == recipe.path } }
            } else if FileManager.default.fileExists(atPath: name) {
                let recipe = Recipe(path: name, models: models)
                guard recipe.expectsSomething else {
                    throw StudyError("\(name): this sweep expects nothing; a recipe has an `expect:` section")
                }
                found.append(recipe)
            } else {
                throw StudyError(
                    "there is no recipe `\(name)`\(nearestHint(to: name, among: (own + shipped).map(\.name))); "
                        + "`landau reproduce` lists them")
            }
        }
        return found
    }

    /// There are neither own ones nor shipped ones.
    package static let nothing = StudyError(
        "there are no recipes: none in sweeps/ of this folder, and none beside the command; "
            + "set LANDAU_SHARE to a folder that holds Landau's `sweeps` and `plots`")
}
