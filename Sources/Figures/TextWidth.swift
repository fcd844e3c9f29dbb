/// How wide drawn text is, in centimetres: letters 7 pt high of DejaVu Sans, which all terminals with a font of their own
/// use. Letters of LaTeX are narrower.
package enum TextWidth {
    package static func cm(_ text: String) -> Double {
        let longest = text.split(separator: "\n").map { line in
            line.unicodeScalars.reduce(0) { $0 + thousandths(of: $1) }
        }.max()
        return Double(longest ?? 0) / 1000 * letterHeight
    }

    /// 7 pt.
    package static let letterHeight = 7 * 2.54 / 72

    private static func thousandths(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 32..<127: printable[Int(scalar.value) - 32]
        default: others[scalar] ?? 680
        }
    }

    /// Advance widths of the characters from the blank to the tilde, in thousandths of the letters' height.
    private static let printable = [
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636,
        636,
        636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557,
        863,
        748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550,
        635,
        615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525,
        636,
        337, 636, 838,
    ]
    private static let others: [Unicode.Scalar: Int] = {
        var widths: [Unicode.Scalar: Int] = [
            "−": 838, "·": 318, "⁻": 528, "‖": 500, "′": 227, "″": 374, "±": 838, "≤": 838, "≥": 838, "×": 838,
        ]
        for digit in "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".unicodeScalars { widths[digit] = 401 }
        return widths
    }()
}
