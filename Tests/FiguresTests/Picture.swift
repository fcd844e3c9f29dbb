import Figures
import Foundation
import FoundationXML
import Testing

/// What stands where in a drawn SVG.
final class Picture: NSObject, XMLParserDelegate {
    struct Label {
        let text: String
        let x: Double
        let y: Double
        /// `start`, `middle` or `end`.
        let anchor: String
        let size: Double
        let isTurned: Bool
    }
    private(set) var labels: [Label] = []
    /// Number of elements by kind and colour.
    private(set) var counts: [String: Int] = [:]
    private(set) var width = 0.0
    private(set) var height = 0.0
    private var transform = ""
    private var groups: [[String: String]] = []
    private var text: String?

    init(_ svg: String) {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        #expect(parser.parse())
    }

    private func inherited(_ name: String) -> String? { groups.last { $0[name] != nil }?[name] }

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        groups.append(attributes)
        switch element {
        case "svg": (width, height) = (Double(attributes["width"]!)!, Double(attributes["height"]!)!)
        case "text": text = ""
        case "path", "polygon", "use", "rect":
            // Definitions of markers are gnuplot's own.
            guard inherited("id").map({ !$0.hasPrefix("gpPt") && $0 != "gpDot" }) ?? true else { break }
            let colour = attributes["stroke"] ?? attributes["fill"] ?? attributes["color"] ?? inherited("color") ?? ""
            counts["\(element) \(colour.filter { $0 != " " })", default: 0] += 1
        default: break
        }
    }
    func parser(_ parser: XMLParser, foundCharacters string: String) { text?.append(string) }
    func parser(_ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?) {
        if element == "text", let text {
            let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
            let place = (inherited("transform") ?? "").split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
            if !words.isEmpty, place.count >= 2 {
                labels.append(
                    Label(
                        text: words, x: place[0], y: place[1], anchor: inherited("text-anchor") ?? "start",
                        size: Double(inherited("font-size") ?? "") ?? 0, isTurned: place.count > 2))
            }
            self.text = nil
        }
        groups.removeLast()
    }

    /// A line for each label, then one for each kind of element: enough to see that a figure has changed, and how.
    var structure: String {
        var lines = ["\(Int(width)) × \(Int(height))"]
        lines += labels.map { "\(Int($0.x.rounded())),\(Int($0.y.rounded())) \($0.anchor) \($0.text)" }
        lines += counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The labels' boxes, by the widths of DejaVu Sans.
    var boxes: [(text: String, x: ClosedRange<Double>, y: ClosedRange<Double>)] {
        labels.map { label in
            let length = TextWidth.cm(label.text) / TextWidth.letterHeight * label.size
            let height = 0.72 * label.size
            let start = label.anchor == "middle" ? -length / 2 : label.anchor == "end" ? -length : 0
            return label.isTurned
                ? (label.text, (label.x - height)...label.x, (label.y - length - start)...(label.y - start))
                : (label.text, (label.x + start)...(label.x + start + length), (label.y - height)...label.y)
        }
    }

    /// Pairs of labels whose boxes overlap.
    var touching: [String] {
        let boxes = boxes
        return boxes.indices.flatMap { index in
            boxes[(index + 1)...].filter { $0.x.overlaps(boxes[index].x) && $0.y.overlaps(boxes[index].y) }
                .map { "\(boxes[index].text) | \($0.text)" }
        }
    }
}
