import Foundation
import PhaseSpace
import Support

extension SpecNode {
    func members(of what: String) throws(SpecError) -> [Member] {
        guard case .mapping(let members) = content else {
            throw SpecError(place, "\(what) must be a mapping such as `{name: value}`, not \(kindInWords)")
        }
        return members
    }

    /// Every element of a list; a single value counts as a list of one.
    var elements: [SpecNode] {
        if case .list(let elements) = content { elements } else { [self] }
    }

    func text(_ what: String) throws(SpecError) -> String {
        guard case .scalar(let text, _) = content, !isNull else {
            throw SpecError(place, "\(what) must be a text, not \(kindInWords)")
        }
        return text
    }

    func number(_ what: String) throws(SpecError) -> Double {
        if case .scalar(let text, isQuoted: false) = content {
            switch SpecNumber(text) {
            case .number(let x): return x
            case .refused(let why): throw SpecError(place, "\(what): \(why)")
            case .text: break
            }
        }
        throw SpecError(place, "\(what) must be a number, not \(kindInWords)")
    }

    func wholeNumber(_ what: String, _ range: ClosedRange<Int>) throws(SpecError) -> Int {
        let x = try number(what)
        guard x == x.rounded(), abs(x) < 1e15, range.contains(Int(x)) else {
            let most = range.upperBound == .max ? "≥ \(range.lowerBound)" : "in \(range.lowerBound)…\(range.upperBound)"
            throw SpecError(place, "\(what) must be a whole number \(most), not \(kindInWords)")
        }
        return Int(x)
    }

    /// All 64 bits count, so that it does not go through a double.
    func seed() throws(SpecError) -> UInt64 {
        _ = try number("`seed`")
        guard case .scalar(let text, _) = content, let seed = UInt64(text) else {
            throw SpecError(place, "`seed` must be a whole number in 0…\(UInt64.max), not \(kindInWords)")
        }
        return seed
    }

    /// The value of a control, or of a data or optimiser key, checked against its declarations: where one name is
    /// declared several times, any of them may take the value.
    func value(of parameters: [ControlParameter], rounding: Bool = false) throws(SpecError) -> ControlValue {
        let name = parameters[0].name
        if isNull { throw SpecError(place, "`\(name)` has no value; it must be \(requirement(of: parameters))") }
        if case .mapping = content {
            throw SpecError(place, "`\(name)` must be \(requirement(of: parameters)), not a mapping")
        }
        var refusal: SpecError?
        // Numbers first: a free text would take `500` too.
        for parameter in parameters.filter(\.isNumeric) + parameters.filter({ !$0.isNumeric }) {
            do {
                let value = try reading(as: parameter, rounding: rounding)
                try parameter.check(value)
                return value
            } catch let error as SpecError {
                refusal = refusal ?? error
            } catch let error as ControlError {
                var message = error.message
                if parameter.isNumeric, case .scalar(let text, isQuoted: true) = content, Double(text) != nil {
                    message += "; leave the quotes out"
                }
                refusal = refusal ?? SpecError(place, message)
            } catch {}
        }
        if parameters.count == 1, let refusal { throw refusal }
        throw SpecError(place, "`\(name)` must be \(requirement(of: parameters)), not \(kindInWords)")
    }

    private func requirement(of parameters: [ControlParameter]) -> String {
        parameters.map(\.requirement).joined(separator: ", or ")
    }

    private func reading(as parameter: ControlParameter, rounding: Bool) throws(SpecError) -> ControlValue {
        switch content {
        case .scalar(let text, let isQuoted):
            guard parameter.isNumeric, !isQuoted else { return .text(text) }
            switch SpecNumber(text) {
            case .number(let x): return .number(rounding ? x.roundedToTwelveDigits : x + 0)
            case .refused(let why): throw SpecError(place, "`\(parameter.name)`: \(why)")
            case .text: return .text(text)
            }
        case .list(let elements):
            if case .name(several: true) = parameter.kind {
                var names: [JSONValue] = []
                for element in elements { names.append(.text(try element.text("each of `\(parameter.name)`"))) }
                return .text(JSONValue.list(names).serialized())
            }
            var numbers: [Double] = []
            for element in elements {
                let x = try element.number("each value of `\(parameter.name)`")
                numbers.append(rounding ? x.roundedToTwelveDigits : x + 0)
            }
            return .list(numbers)
        case .mapping: throw SpecError(place, "`\(parameter.name)` must be \(parameter.requirement), not a mapping")
        }
    }
}

extension ControlParameter {
    var isNumeric: Bool {
        switch kind {
        case .real, .integer, .realPerLayer, .integerPerLayer, .numbers: true
        case .choice, .formula, .file, .name: false
        }
    }
}
