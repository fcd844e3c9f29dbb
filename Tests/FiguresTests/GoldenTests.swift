import Figures
import Foundation
import FoundationXML
import Testing

/// What stands where in a drawn SVG.
private final class Picture: NSObject, XMLParserDelegate {
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
}

@Suite struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden").path

    private func picture(_ name: String) throws -> Picture {
        try withFolder { folder in
            let drawn = try FigureWriter(templates: templates).draw(
                name, Synthetic.input(for: name, points: 24), into: folder)
            return Picture(try text(of: drawn.pictures[0]))
        }
    }

    /// LANDAU_UPDATE_GOLDEN=1 writes the files anew; look at the pictures before you commit them.
    @Test(arguments: FigureWriter.names) func theFigureIsDrawnAsBefore(_ name: String) throws {
        let path = "\(Self.folder)/\(name).txt"
        let structure = try picture(name).structure
        if ProcessInfo.processInfo.environment["LANDAU_UPDATE_GOLDEN"] != nil {
            try FileManager.default.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
            try structure.write(toFile: path, atomically: true, encoding: .utf8)
            try gnuplotVersion().write(toFile: "\(Self.folder)/gnuplot", atomically: true, encoding: .utf8)
        }
        guard try gnuplotVersion() == text(of: "\(Self.folder)/gnuplot") else {
            print("SKIPPED: golden figures: they were drawn by another gnuplot, which may place labels elsewhere")
            return
        }
        #expect(try structure == text(of: path), "\(name)")
    }

    @Test(arguments: FigureWriter.names) func noLabelTouchesAnother(_ name: String) throws {
        // DejaVu Sans: letters are 0.6 of the size wide on average, digits 0.64.
        let boxes = try picture(name).labels.map {
            label -> (text: String, x: ClosedRange<Double>, y: ClosedRange<Double>) in
            let (length, height) = (0.56 * label.size * Double(label.text.count), 0.72 * label.size)
            let start = label.anchor == "middle" ? -length / 2 : label.anchor == "end" ? -length : 0
            return label.isTurned
                ? (label.text, (label.x - height)...label.x, (label.y - length - start)...(label.y - start))
                : (label.text, (label.x + start)...(label.x + start + length), (label.y - height)...label.y)
        }
        #expect(boxes.count > 5)
        for (index, a) in boxes.enumerated() {
            for b in boxes[(index + 1)...] {
                #expect(!(a.x.overlaps(b.x) && a.y.overlaps(b.y)), "\(name): \(a.text) | \(b.text)")
            }
        }
    }

    @Test(arguments: FigureWriter.names) func noLabelLeavesThePage(_ name: String) throws {
        let picture = try picture(name)
        for label in picture.labels {
            #expect(label.size >= 9, "\(label.text): letters must be 7 pt high")
            let length = 0.56 * label.size * Double(label.text.count)
            let start = label.anchor == "middle" ? -length / 2 : label.anchor == "end" ? -length : 0
            let ends =
                label.isTurned
                ? [label.y - start, label.y - start - length] : [label.x + start, label.x + start + length]
            let limit = label.isTurned ? picture.height : picture.width
            #expect(ends.allSatisfy { $0 >= -1 && $0 <= limit + 1 }, "\(label.text)")
        }
    }
}
