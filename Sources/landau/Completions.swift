import ArgumentParser
import Figures
import Models
import PhaseSpace
import Studies

/// What a shell proposes for words that have no files for values.
extension CompletionKind {
    static var models: CompletionKind { .list(allModels.map { $0.declaration.name }) }
    static var figures: CompletionKind { .list(FigureWriter.names) }
    static var formats: CompletionKind { .list(FigureFormat.names) }
    /// Those that are known at the time of asking.
    static var recipes: CompletionKind {
        .custom { _, _, _ in
            let known = KnownRecipes(models: allModels)
            return ["all"] + (known.own + known.shipped).map(\.name)
        }
    }
}
