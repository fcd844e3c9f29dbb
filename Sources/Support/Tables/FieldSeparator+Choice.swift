extension FieldSeparator {
    /// The separator that makes the most numbers of some lines, and rows of equal length.
    static func dividing(_ lines: [Substring], decimal: DecimalSign?) -> FieldSeparator {
        // A long table shows by its ends what it is.
        let sample = lines.count <= 400 ? lines : Array(lines.prefix(200) + lines.suffix(200))
        let candidates = allCases.filter { $0 != .comma || decimal != .comma }
        let scores = candidates.map { $0.score(sample) }
        return candidates[scores.indices.max { (scores[$0], -$0) < (scores[$1], -$1) }!]
    }

    private struct Score: Comparable {
        /// Fields that are numbers, less those that are words.
        var numbers = 0
        /// Lines that are as long as most are.
        var regular = 0
        var empty = 0

        static func < (a: Score, b: Score) -> Bool {
            (a.numbers, a.regular, -a.empty) < (b.numbers, b.regular, -b.empty)
        }
    }

    private func score(_ lines: [Substring]) -> Score {
        var score = Score()
        var lengths: [Int: Int] = [:]
        for line in lines {
            let fields = fields(of: line)
            lengths[fields.count, default: 0] += 1
            for field in fields {
                switch TableCell(field, decimal: .point) {
                case .number, .notANumber: score.numbers += 1
                case .text(let text):
                    score.numbers += TableCell.number(text, decimal: .comma) == nil ? -1 : 1
                case .missing: if field.text.isEmpty { score.empty += 1 }
                }
            }
        }
        score.regular = lengths.values.max() ?? 0
        return score
    }
}

extension DelimitedReader {
    /// Points, unless every number that has a fraction has a comma in it and nothing else can be meant.
    static func decimal(
        of lines: [Line], separator: FieldSeparator, columns: Int, source: String
    ) throws(TableError) -> DecimalSign {
        guard separator != .comma else { return .point }
        var first: (line: Line, field: TableField)?
        var (withComma, withPoint, whole) = (0, 0, 0)
        /// Whether a comma cannot stand between thousands.
        var isClear = false
        for line in lines where line.fields.count == columns {
            for field in line.fields {
                if TableCell.number(field.text, decimal: .point) != nil {
                    if field.text.contains(".") { withPoint += 1 } else { whole += 1 }
                } else if field.text.contains(","), TableCell.number(field.text, decimal: .comma) != nil {
                    withComma += 1
                    if first == nil { first = (line, field) }
                    let halves = field.text.split(separator: ",", omittingEmptySubsequences: false)
                    isClear = isClear || halves[1].utf8.count != 3 || ["0", "-0", "+0", ""].contains(halves[0])
                }
            }
        }
        guard let first else { return .point }
        // Spreadsheets of half the world write semicolons because their commas are decimal ones.
        if withPoint == 0, separator == .semicolon && isClear || separator != .blanks && whole == 0 { return .comma }
        let position = NumberTable.character(atByte: first.field.offset, of: first.line.text)
        throw TableError(
            source: source, line: first.line.number, column: position,
            message: "`\(first.field.text)` has a comma between its digits; where it is a decimal comma, add "
                + "`--decimal ,`" + (withPoint > 0 ? ", but other numbers here have points" : "")
                + "; where it divides thousands, leave it out")
    }
}
