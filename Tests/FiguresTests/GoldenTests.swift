import Figures
import Foundation
import Testing

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
        let picture = try picture(name)
        #expect(picture.labels.count > 5)
        #expect(picture.touching.isEmpty, "\(name)")
    }

    @Test(arguments: FigureWriter.names) func noLabelLeavesThePage(_ name: String) throws {
        let picture = try picture(name)
        for label in picture.labels { #expect(label.size >= 9, "\(label.text): letters must be 7 pt high") }
        for box in picture.boxes {
            #expect(box.x.lowerBound >= -1 && box.x.upperBound <= picture.width + 1, "\(box.text)")
            #expect(box.y.lowerBound >= -1 && box.y.upperBound <= picture.height + 1, "\(box.text)")
        }
    }
}
