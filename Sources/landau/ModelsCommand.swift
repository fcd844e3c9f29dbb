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

    @Argument(help: "One model, or a program such as ./net.py, in full.", completion: .models) var name: String?
    @Flag(help: "JSON Schema of sweep files, for editors.") var schema = false

    func run() throws {
        if schema {
            let models = try name.map { [try LandauCommand.modelOrProgram($0)] } ?? allModels
            print(SpecSchema.document(for: models.map { $0.declaration }, figures: FigureWriter.names).serialized())
            return
        }
        guard let name else {
            for type in allModels {
                print("\(type.declaration.name): \(type.declaration.summary)")
            }
            return
        }
        print(Self.page(of: try LandauCommand.modelOrProgram(name).declaration))
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

    @Argument(help: "The model, as listed by `landau models`, or a program such as ./net.py.", completion: .models)
    var model: String
    @Argument(help: "The file to write; standard output without it.") var file: String?
    @Flag(help: "Write a program instead, to be filled in: in plain Python, PyTorch or JAX.") var template:
        ProgramTemplate?

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
        if let template {
            guard file == nil else { throw Failure("`--\(template.rawValue)` takes one file, such as net.py") }
            return try template.write(to: model)
        }
        var spec = try Self.starter(of: try LandauCommand.modelOrProgram(model).declaration)
        if model.contains("/") { spec = Self.naming(model, in: spec, for: file) }
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

    /// A starter that names its program as seen from the folder that the sweep file goes to.
    private static func naming(_ program: String, in spec: String, for file: String?) -> String {
        func parts(_ path: String) -> [String] {
            let here = FileManager.default.currentDirectoryPath
            let url = URL(fileURLWithPath: path.hasPrefix("/") ? path : here + "/" + path)
            return url.standardizedFileURL.resolvingSymlinksInPath().pathComponents
        }
        let (to, from) = (parts(program), Array(parts(file ?? "sweep.yaml").dropLast()))
        let shared = zip(to, from).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: from.count - shared)
        let path = (up + to.dropFirst(shared)).joined(separator: "/")
        let name = path.contains("/") ? path : "./" + path
        let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "./_-".contains($0) }
        let line = "model: " + (isPlain ? name : JSONValue.text(name).serialized())
        let lines = spec.split(separator: "\n", omittingEmptySubsequences: false)
        guard let index = lines.firstIndex(where: { $0.hasPrefix("model:") }) else { return line + "\n" + spec }
        return (lines[..<index] + [line[...]] + lines[(index + 1)...]).joined(separator: "\n")
    }
}
