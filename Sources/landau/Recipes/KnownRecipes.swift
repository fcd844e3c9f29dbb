import Foundation
import Support
import Sweeps

/// The recipes that have names: those below `sweeps/` in the working directory, and those that ship with the command.
struct KnownRecipes {
    let own: [Recipe]
    /// Without those whose names are taken by own ones.
    let shipped: [Recipe]

    /// - Parameter folder: where the shipped ones are; nil where there are none.
    init(own: String = "sweeps", shipped folder: String? = SharedFiles().path(of: "sweeps")) {
        let ours = Recipe.below(own)
        let taken = Set(ours.map(\.name))
        self.own = ours
        shipped = (folder.map(Recipe.below) ?? []).filter { !taken.contains($0.name) }
    }

    /// What `all` means: a folder with recipes of its own stands for itself.
    var all: [Recipe] { own.isEmpty ? shipped : own }

    /// The recipes that these names mean, each once.
    ///
    /// - Parameter names: `all`, a folder's name, a recipe's, or the path of a sweep file.
    func chosen(_ names: [String]) throws -> [Recipe] {
        var found: [Recipe] = []
        for name in names {
            let matching =
                name == "all"
                ? all
                : (own + shipped).filter { $0.name == name || $0.name.hasPrefix(name + "/") || $0.path == name }
            if !matching.isEmpty {
                found += matching.filter { recipe in !found.contains { $0.path == recipe.path } }
            } else if FileManager.default.fileExists(atPath: name) {
                let recipe = Recipe(path: name)
                guard !(try recipe.spec().expectations.isEmpty) else {
                    throw Failure("\(name): this sweep expects nothing; a recipe has an `expect:` section")
                }
                found.append(recipe)
            } else {
                throw Failure(
                    "there is no recipe `\(name)`\(nearestHint(to: name, among: (own + shipped).map(\.name))); "
                        + "`landau reproduce` lists them")
            }
        }
        return found
    }

    /// There are neither own ones nor shipped ones.
    static let nothing = Failure(
        "there are no recipes: none in sweeps/ of this folder, and none beside the command; "
            + "set LANDAU_SHARE to a folder that holds Landau's `sweeps` and `plots`")
}
