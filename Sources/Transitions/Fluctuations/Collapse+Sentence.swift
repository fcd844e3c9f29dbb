import Foundation
import PhaseSpace
import Support

extension Collapse {
    /// What the misfit says, as a sentence.
    public var sentence: String { "S = \(Words.plain(quality)): \(judgement)" }

    private var judgement: String {
        guard isCollapse else {
            return "the sizes do not collapse: no power law of this form fits within the range of the data, so that no "
                + "number is claimed"
        }
        if scatter > 1 {
            return "the sizes collapse as well as curves of their own fit them; the stated errors are too small by a "
                + "factor of about \(String(format: "%.1f", scatter.squareRoot())), and the intervals are wider by it"
        }
        if quality < 0.3 { return "the sizes collapse within their errors, which look too large" }
        return "the sizes collapse within their errors"
    }

    /// What else a reader of the numbers must know, a sentence each.
    public var notes: [String] {
        var notes: [String] = []
        let used = ranges.filter(\.isUsed)
        if let widest = used.first {
            let (size, control) = (names[0], names[1])
            notes.append(
                "\(usedCount) of \(pointCount) points of \(sizes.count) sizes count, those with "
                    + "|\(control) − \(control)*| \(size)^(1/ν) up to \(Words.plain(widest.range)); ± is 95 % over "
                    + (used.count == 1 ? "that range" : "that range and \(used.count - 1) narrower"))
            notes.append(correctionSentence)
        }
        if isLogarithm {
            notes.append("a logarithm of the size fits as well as a small power of it: no β is claimed")
        }
        if isCollapse, sizes.count == 2 {
            notes.append("two sizes cannot tell corrections from exponents: a third would say more")
        }
        let missing = [("\(names[1])*", critical), ("ν", nu), ("β/ν", isLogarithm ? critical : betaOverNu)]
            .filter { $0.1 == nil }.map(\.0)
        if isCollapse, !missing.isEmpty {
            notes.append("the data do not determine \(missing.joined(separator: ", "))")
        }
        return notes
    }

    private var correctionSentence: String {
        let percent = Words.plain(100 * correction.amplitude)
        if correction.probability > 0.95 {
            return "corrections to scaling: about \(percent) % at the smallest size, falling as "
                + "\(names[0])^(−\(String(format: "%.1f", correction.omega)))"
        }
        if correction.probability < 0.2 { return "no corrections to scaling are needed" }
        return "corrections to scaling are possible, and allowed for"
    }

    /// What `landau collapse --json` prints; `null` for a number that is not claimed.
    public var json: JSONValue {
        func object(_ e: Estimate?) -> JSONValue {
            e.map { ["value": .number($0.value), "interval": $0.interval?.json ?? .null] } ?? .null
        }
        return [
            "critical": object(critical), "nu": object(nu), "beta": object(beta), "zeta": object(zeta),
            "betaOverNu": object(betaOverNu), "collapses": .bool(isCollapse), "quality": .number(quality),
            "scatter": .number(scatter), "qualityUnscaled": .number(qualityUnscaled), "sizes": .numbers(sizes),
            "points": .number(Double(pointCount)), "used": .number(Double(usedCount)),
            "corrections": [
                "probability": .number(correction.probability), "amplitude": .number(correction.amplitude),
                "omega": .number(correction.omega),
            ],
            "ranges": .list(
                ranges.map { range in
                    [
                        "range": .number(range.range), "points": .number(Double(range.pointCount)),
                        "sizes": .numbers(range.sizes), "critical": object(range.critical), "nu": object(range.nu),
                        "betaOverNu": object(range.betaOverNu), "quality": .number(range.quality),
                        "scatter": .number(range.scatter), "acceptable": .bool(range.isAcceptable),
                        "used": .bool(range.isUsed), "corrections": .number(range.correctionProbability),
                    ]
                }),
            "sentence": .text(sentence), "notes": .list(notes.map { .text($0) }),
        ]
    }
}
