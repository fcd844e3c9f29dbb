import OrderedCollections
import PhaseSpace
import Support

/// The members that differ between what a store rests on and what a sweep asks for, as `data.samples: 500 → 1000`.
///
/// A control that is fixed on one side only has become an axis or was one: its values are part of every point's own
/// identity, so that no result can be mistaken for another.
func differences(from old: JSONValue, to new: JSONValue) -> [String] {
    let before = leaves(of: old)
    let after = leaves(of: new)
    let names = OrderedSet(before.keys).union(after.keys).sorted()
    return names.compactMap { name in
        let (a, b) = (before[name], after[name])
        guard a != b else { return nil }
        if name.hasPrefix("fixed."), a == nil || b == nil { return nil }
        func text(_ value: JSONValue?) -> String { value?.serialized(numbers: .shortest) ?? "(not set)" }
        return "\(name): \(text(a)) → \(text(b))"
    }
}

private func leaves(of value: JSONValue) -> [String: JSONValue] {
    guard case .object(let members) = value else { return [:] }
    var found: [String: JSONValue] = [:]
    for (name, value) in members {
        if let inner = value.object, !inner.isEmpty {
            for (rest, leaf) in leaves(of: value) { found["\(name).\(rest)"] = leaf }
        } else {
            found[name] = value
        }
    }
    return found
}
