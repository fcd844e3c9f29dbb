import Foundation
import OrderedCollections
import PhaseSpace
import Support

/// Turns the sections of a sweep file into a spec, against the declaration of the model that it names.
struct SpecReader {
    let path: String
    let text: String
    var sections: SpecSections
    let family: ModelFamily
    private(set) var declaration: ModelDeclaration
    let program: ProgramSettings?
    var knownFigures: [String]?

    /// - Parameter start: what makes a model of a program; nil where programs are not known.
    init(
        path: String, text: String, sections: SpecSections, models: [ModelFamily], start: ProgramStarter? = nil
    ) throws {
        self.path = path
        self.text = text
        self.sections = sections
        let names = models.map(\.declaration.name)
        guard let node = sections.single["model"] else {
            throw SpecError(sections.place, "`model` is missing; known: \(names.joined(separator: ", "))")
        }
        program = try sections.program(folder: Path.folder(of: path))
        if let program, let start {
            family = try start(program, node.place)
            declaration = family.declaration
            return
        }
        let name = try node.text("`model`")
        guard let found = models.first(where: { $0.declaration.name == name }) else {
            throw SpecError(
                node.place,
                "no model `\(name)`\(nearestHint(to: name, among: names)); known: \(names.joined(separator: ", "))")
        }
        (family, declaration) = (found, found.declaration)
    }

    func read(_ overrides: [String]) throws -> SweepSpec {
        var reader = self
        try reader.sections.moveOldSettings(of: declaration)
        try reader.sections.apply(overrides, to: declaration)
        reader.declaration = declaration.withControls(reader.sections.controlNames)
        return try reader.assemble(overrides)
    }

    private func assemble(_ overrides: [String]) throws -> SweepSpec {
        let seed = try sections.single["seed"]?.seed() ?? 1
        let data = JSONValue.object(try keys("data", declaration.dataKeys))
        var choices: OrderedDictionary<String, JSONValue> = [:]
        for section in SettingSection.allCases {
            choices.merge(try keys(section.rawValue, declaration.keys(of: section))) { $1 }
        }
        let dimensions = try dimensions()
        let given = Set(dimensions.flatMap(\.controls) + sections.members("fixed").map(\.key))
        let derived = try derivedControls(beside: given)
        let fixed = try fixedControls(beside: dimensions, derived)
        let directions = try directions()
        let replicas = try sections.single["replicas"]?.wholeNumber("`replicas`", 1...pointLimit) ?? 1
        try checkSize(dimensions, replicas * directions.count)
        let along = try along(dimensions, fixed, directions)
        let orderParameter = try orderParameter()
        let settings = ModelSettings(
            seed: seed, data: data, optimiser: .object(choices), folder: Path.folder(of: path),
            precision: try precision())
        return SweepSpec(
            path: path, name: SweepSpec.name(ofPath: path), text: text, overrides: overrides,
            title: try sections.single["title"]?.text("`title`") ?? "", declaration: declaration, family: family,
            program: program, settings: settings, sections: sections, fixed: fixed,
            dimensions: dimensions, derived: derived, along: along,
            isLogarithmic: sections.members("axes").first { $0.key == along }?.value.isLogarithmic, replicas: replicas,
            replicaRule: try replicaRule(orderParameter, replicas: replicas), directions: directions,
            orderParameter: orderParameter, figures: try figures(), refinement: try refinement(along: along),
            quickOverrides: try quickOverrides(),
            expectations: try expectations(directions))
    }

    // MARK: - Single keys

    private func directions() throws(SpecError) -> [Direction] {
        guard let node = sections.single["direction"] else { return [.cold] }
        let known = declaration.directions.map(\.rawValue)
        var found: Set<Direction> = []
        for element in node.elements {
            let name = try element.text("`direction`")
            guard let direction = declaration.directions.first(where: { $0.rawValue == name }) else {
                throw SpecError(
                    element.place,
                    "\(declaration.name) has no direction `\(name)`\(nearestHint(to: name, among: known)); "
                        + "it has \(known.joined(separator: ", "))")
            }
            guard found.insert(direction).inserted else {
                throw SpecError(element.place, "the direction `\(name)` stands here twice")
            }
        }
        guard !found.isEmpty else { throw SpecError(node.place, "`direction` is an empty list") }
        return Direction.allCases.filter(found.contains)
    }

    private func precision() throws(SpecError) -> TrainingPrecision {
        guard let node = sections.single["precision"] else { return .double }
        let name = try node.text("`precision`")
        let all = TrainingPrecision.allCases.map(\.rawValue)
        guard let precision = TrainingPrecision(rawValue: name) else {
            throw SpecError(
                node.place,
                "`precision` must be \(all.joined(separator: " or ")), not `\(name)`"
                    + nearestHint(to: name, among: all))
        }
        guard declaration.precisions.contains(precision) else {
            let known = declaration.precisions.map(\.rawValue).joined(separator: " or ")
            throw SpecError(node.place, "\(declaration.name) computes in \(known) precision, not in \(name)")
        }
        return precision
    }

    private func orderParameter() throws(SpecError) -> String {
        guard let node = sections.single["orderParameter"] else { return declaration.orderParameter }
        let name = try node.text("`orderParameter`")
        guard let observable = declaration.observable(name) else {
            let known = declaration.observables.map(\.name)
            throw SpecError(
                node.place,
                "\(declaration.name) has no observable `\(name)`\(nearestHint(to: name, among: known)); "
                    + "it has \(known.joined(separator: ", "))")
        }
        guard observable.isOrderParameter else {
            let known = declaration.observables.filter(\.isOrderParameter).map(\.name)
            throw SpecError(
                node.place,
                "`\(name)` is no order parameter: no phase is told by it; "
                    + "order parameters of \(declaration.name): \(known.joined(separator: ", "))")
        }
        return name
    }

    private func figures() throws(SpecError) -> [String] {
        var names: [String] = []
        for element in sections.single["figures"]?.elements ?? [] {
            let name = try element.text("each of `figures`")
            if let known = knownFigures, !known.contains(name) {
                throw SpecError(
                    element.place,
                    "there is no figure `\(name)`\(nearestHint(to: name, among: known)); "
                        + "figures: \(known.joined(separator: ", "))")
            }
            guard !names.contains(name) else {
                throw SpecError(element.place, "the figure `\(name)` stands here twice")
            }
            names.append(name)
        }
        return names
    }

    // MARK: - Sections of settings

    /// The members of a section whose keys the model declares, as they stand in identities; a key may be declared several
    /// times, for values of several kinds, and its default is then the first one given.
    private func keys(
        _ section: String, _ declared: [ControlParameter]
    ) throws(SpecError) -> OrderedDictionary<String, JSONValue> {
        var values: OrderedDictionary<String, JSONValue> = [:]
        for parameter in declared where parameter.record == .always {
            if let value = parameter.defaultValue, values[parameter.name] == nil {
                values[parameter.name] = value.json
            }
        }
        let names = OrderedSet(declared.map(\.name))
        for member in sections.members(section) {
            let parameters = declared.filter { $0.name == member.key }
            guard !parameters.isEmpty else {
                let known =
                    names.isEmpty
                    ? "it has none" : "known: \(names.joined(separator: ", "))"
                let elsewhere = declaration.section(ofSetting: member.key).map { "; it belongs to `\($0.rawValue)`" }
                throw SpecError(
                    member.keyPlace,
                    "`\(member.key)` is no \(section) key of \(declaration.name)"
                        + (elsewhere ?? "\(nearestHint(to: member.key, among: Array(names))); \(known)")
                        + (section == SettingSection.training.rawValue && !declaration.trainingRule.isEmpty
                            ? ": \(declaration.trainingRule)" : ""))
            }
            let value = try member.value.value(of: parameters)
            let isLeftOut = parameters.contains { $0.record == .unlessDefault && $0.defaultValue == value }
            // Not a ternary with nil: that would be JSON's null.
            if !isLeftOut { values[member.key] = value.json }
        }
        return values
    }
}
