import ArgumentParser
import Figures
import Foundation
import Models
import PhaseSpace
import Support
import Sweeps

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Models with their controls, observables, defaults, ranges and sources.")

    @Argument(help: "One model, in full.", completion: .models) var name: String?
    @Flag(help: "JSON Schema of sweep files, for editors.") var schema = false

    func run() throws {
        if schema {
            let models = try name.map { [try LandauCommand.model(named: $0)] } ?? allModels
            print(SpecSchema.document(for: models.map { $0.declaration }, figures: FigureWriter.names).serialized())
            return
        }
        guard let name else {
            for type in allModels {
                print("\(type.declaration.name): \(type.declaration.summary)")
            }
            return
        }
        print(Self.page(of: try LandauCommand.model(named: name).declaration))
    }

    static func page(of model: ModelDeclaration) -> String {
        func lines(_ entries: [(name: String, text: String)]) -> [String] {
            let width = entries.map(\.name.count).max() ?? 0
            return entries.map { "  " + $0.name.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + $0.text }
        }
        func controls(_ list: [ControlParameter]) -> [(name: String, text: String)] {
            list.map { control in
                let symbol = control.symbol.isEmpty ? "" : "\(control.symbol): "
                let fallback =
                    (control.defaultValue?.description ?? control.fallbackInWords).map { "; default \($0)" } ?? ""
                return (control.name, "\(symbol)\(control.meaning) (\(control.requirement)\(fallback))")
            }
        }
        var page = [model.name, "", model.summary, "", "Controls"]
        page += lines(controls(model.controls))
        page += ["", "Observables (order parameter unless a sweep names another: \(model.orderParameter))"]
        page += lines(model.observables.map { ($0.name, "\($0.symbol): \($0.meaning)") })
        page += ["", "data:"] + lines(controls(model.dataKeys))
        for section in SettingSection.allCases where !model.keys(of: section).isEmpty {
            page += ["", "\(section.rawValue):"] + lines(controls(model.keys(of: section)))
        }
        page += ["", "Precision: " + model.precisions.map(\.rawValue).joined(separator: ", ")]
        if model.revision > 1 { page += ["", "Revision: \(model.revision)"] }
        page += ["", "Directions: " + model.directions.map(\.rawValue).joined(separator: ", ")]
        page += ["", "Sources"] + model.sources.map { "  " + $0 }
        return page.joined(separator: "\n")
    }
}

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "A commented starter spec for a model.")

    @Argument(help: "The model, as listed by `landau models`.", completion: .models) var model: String
    @Argument(help: "The file to write; standard output without it.") var file: String?

    /// The starter that a model from outside brings, or the file that ships with the command.
    private static func starter(of model: ModelDeclaration) throws -> String {
        guard model.starterSpec.isEmpty else { return model.starterSpec }
        let name = "sweeps/starters/\(model.name).yaml"
        guard let path = SharedFiles().path(of: name) else {
            throw Failure(
                "there is no starter of \(model.name): no `\(name)` beside the command; set LANDAU_SHARE to a folder that "
                    + "holds Landau's `sweeps` and `plots`")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw unreadable(path) }
        return text
    }

    func run() throws {
        let spec = try Self.starter(of: try LandauCommand.model(named: model).declaration)
        guard let file else {
            print(spec, terminator: "")
            return
        }
        guard !FileManager.default.fileExists(atPath: file) else {
            throw Failure("\(file): is there already, and is left as it is")
        }
        do {
            try spec.write(toFile: file, atomically: true, encoding: .utf8)
        } catch {
            throw Failure("\(file): cannot be written: \(error.localizedDescription)")
        }
        complain("wrote \(file); run it with: landau run \(file)")
    }
}
