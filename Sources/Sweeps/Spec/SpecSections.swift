import PhaseSpace
import Support

/// A spec's keys sorted into its sections, before anything is checked against a model.
struct SpecSections: Sendable {
    /// Keys whose value stands right behind them.
    static let singles = [
        "title", "model", "seed", "along", "replicas", "direction", "orderParameter", "figures", "precision", "quick",
        "expect", "workers", "threads", "gpus", "timeout", "watch",
    ]
    static let mappings = [
        "fixed", "data", "axes", "zip", "derived", "net", "training", "measure", "refine", "stopWhen",
    ]
    /// What `net`, `training` and `measure` were before they had names of their own; it goes on being read.
    static let oldSettings = "optimiser"
    /// Singles that an override may set; another model would be another sweep, and what to expect stands in the file.
    static let overridable = singles.filter { !["model", "quick", "expect", "timeout"].contains($0) }

    let place: SpecPlace
    var single: [String: SpecNode] = [:]
    /// The members of each mapping, in the order of the file.
    var section: [String: [SpecNode.Member]] = [:]
    /// Where the sections' own keys stand.
    private(set) var keyPlace: [String: SpecPlace] = [:]
    /// What the writer of the file should know, although it is read as it stands.
    private(set) var notes: [String] = []
    /// Whether the paired axes stand above the others in the file, which makes them the outer ones.
    private(set) var pairedAxesComeFirst = false

    init(_ root: SpecNode, path: String) throws(SpecError) {
        place = .file(path)
        let known = Self.singles + Self.mappings
        for member in try root.members(of: "a sweep") {
            guard known.contains(member.key) || member.key == Self.oldSettings else {
                let hint = nearestHint(to: member.key, among: known)
                throw SpecError(
                    member.keyPlace, "unknown key `\(member.key)`\(hint); known: \(known.joined(separator: ", "))")
            }
            keyPlace[member.key] = member.keyPlace
            if Self.singles.contains(member.key) {
                if member.value.isNull { throw SpecError(member.keyPlace, "`\(member.key)` has no value") }
                single[member.key] = member.value
            } else {
                if member.key == "zip", section["axes"] == nil { pairedAxesComeFirst = true }
                section[member.key] = member.value.isNull ? [] : try member.value.members(of: "`\(member.key)`")
            }
        }
    }

    func members(_ name: String) -> [SpecNode.Member] { section[name] ?? [] }

    /// Names that stand where a sweep sets its controls.
    var controlNames: [String] {
        ["fixed", "axes", "derived"].flatMap { members($0).map(\.key) }
            + members("zip").flatMap { group -> [String] in
                if case .mapping(let members) = group.value.content { members.map(\.key) } else { [] }
            }
    }

    /// The place of a control's or a data key's name; a key may be named with its section, as `data.samples`.
    func place(ofKey name: String) -> SpecPlace? {
        if let dot = name.firstIndex(of: "."), let members = section[String(name[..<dot])] {
            let key = name[name.index(after: dot)...]
            return members.first { $0.key == key }?.keyPlace ?? keyPlace[String(name[..<dot])]
        }
        for section in ["fixed", "axes", "derived", "data"] + SettingSection.allCases.map(\.rawValue) {
            if let member = members(section).first(where: { $0.key == name }) { return member.keyPlace }
        }
        for group in members("zip") {
            if case .mapping(let members) = group.value.content, let member = members.first(where: { $0.key == name }) {
                return member.keyPlace
            }
        }
        return keyPlace[name]
    }
}

// MARK: - Old words

extension SpecSections {
    /// Moves what stands under the old name of the settings to where it belongs now, and says so.
    mutating func moveOldSettings(of declaration: ModelDeclaration) throws(SpecError) {
        guard let place = keyPlace[Self.oldSettings] else { return }
        var moved: [SettingSection: [String]] = [:]
        for member in members(Self.oldSettings) {
            let target = try Self.section(ofSetting: member.key, declaration, member.keyPlace)
            if let other = members(target.rawValue).first(where: { $0.key == member.key }) {
                throw SpecError(
                    member.keyPlace,
                    "`\(member.key)` is set twice, here and under `\(target.rawValue)` at \(other.keyPlace); keep one")
            }
            section[target.rawValue, default: []].append(member)
            moved[target, default: []].append("`\(member.key)`")
        }
        section[Self.oldSettings] = nil
        let words = SettingSection.allCases.compactMap { target in
            moved[target].map { "\($0.joined(separator: ", ")) under `\(target.rawValue):`" }
        }
        notes.append(
            "\(place): `optimiser:` is an old name"
                + (words.isEmpty ? "" : "; write \(words.joined(separator: ", and "))"))
    }

    private static func section(
        ofSetting name: String, _ declaration: ModelDeclaration, _ place: SpecPlace
    ) throws(SpecError) -> SettingSection {
        if let section = declaration.section(ofSetting: name) { return section }
        let known = SettingSection.allCases.flatMap { declaration.keys(of: $0).map(\.name) }
        throw SpecError(
            place,
            "`\(name)` is no setting of \(declaration.name)\(nearestHint(to: name, among: known)); "
                + (known.isEmpty ? "it has none" : "known: \(known.joined(separator: ", "))"))
    }
}

// MARK: - Overrides

extension SpecSections {
    /// Sections whose keys an override names with a dot: `data.samples=500`.
    private static let dotted = ["data", oldSettings] + SettingSection.allCases.map(\.rawValue)

    /// The same for keys that decide how a program is started, before anything is known of its controls.
    mutating func applyProgramKeys(_ overrides: [String]) throws(SpecError) {
        for text in overrides {
            let override = try SpecOverride(text)
            guard Self.programKeys.contains(override.key), Self.overridable.contains(override.key) else { continue }
            single[override.key] = override.value
            keyPlace[override.key] = override.place
        }
    }

    /// Puts the overrides of the command line in the place of what the file says.
    ///
    /// An override with several values, or a range, makes an axis; a new axis goes before those of the file, so that
    /// the file's last one stays the axis of the curves.
    mutating func apply(_ overrides: [String], to declaration: ModelDeclaration) throws(SpecError) {
        var seen: Set<String> = []
        var newAxes: [SpecNode.Member] = []
        for text in overrides {
            let override = try SpecOverride(text)
            let key = override.key
            guard seen.insert(key).inserted else {
                throw SpecError(override.place, "`\(key)` is overridden twice; keep one")
            }
            if Self.overridable.contains(key) {
                single[key] = override.value
            } else if let dot = key.firstIndex(of: "."), Self.dotted.contains(String(key[..<dot])) {
                var section = String(key[..<dot])
                let name = String(key[key.index(after: dot)...])
                if section == Self.oldSettings {
                    section = try Self.section(ofSetting: name, declaration, override.place).rawValue
                    notes.append("\(override.place): `\(key)` is called `\(section).\(name)` now")
                }
                set(name, override.value, in: section, override.place)
            } else {
                try apply(override, declaration, &newAxes)
            }
        }
        section["axes"] = newAxes + members("axes")
    }

    private mutating func apply(
        _ override: SpecOverride, _ declaration: ModelDeclaration, _ newAxes: inout [SpecNode.Member]
    ) throws(SpecError) {
        let name = override.key
        guard declaration.control(name) != nil else {
            let known = declaration.controls.map(\.name) + Self.overridable
            throw SpecError(
                override.place,
                "`\(name)` is no control of \(declaration.name) and no key of a sweep"
                    + nearestHint(to: name, among: known))
        }
        if let group = members("zip").first(where: { $0.value.hasMember(name) }) {
            throw SpecError(
                override.place, "`\(name)` is paired with others in `zip: \(group.key)`; change it in the file")
        }
        if members("derived").contains(where: { $0.key == name }) {
            throw SpecError(override.place, "`\(name)` is computed by a formula under `derived`; change it in the file")
        }
        if members("axes").contains(where: { $0.key == name }) {
            set(name, override.axis, in: "axes", override.place)
        } else if override.hasSeveralValues {
            section["fixed"] = members("fixed").filter { $0.key != name }
            newAxes.append(.init(key: name, keyPlace: override.place, value: override.axis))
        } else {
            set(name, override.value, in: "fixed", override.place)
        }
    }

    private mutating func set(_ name: String, _ node: SpecNode, in sectionName: String, _ place: SpecPlace) {
        let member = SpecNode.Member(key: name, keyPlace: place, value: node)
        var members = members(sectionName)
        if let index = members.firstIndex(where: { $0.key == name }) {
            members[index] = member
        } else {
            members.append(member)
        }
        section[sectionName] = members
    }
}

extension SpecNode {
    fileprivate func hasMember(_ name: String) -> Bool {
        if case .mapping(let members) = content { members.contains { $0.key == name } } else { false }
    }
}
