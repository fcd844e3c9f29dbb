import Figures
import Foundation
import PhaseSpace
import Testing

@Suite struct FiguresTests {
    @Test(arguments: Figures.names)
    func everyScriptRunsWithoutWarnings(_ name: String) throws {
        try withFolder("complete-\(name)") { folder in
            let drawn = try Figures(templates: templates).draw(
                name, Synthetic.input(), into: folder, formats: FigureFormat.allCases)
            #expect(drawn.warnings == "")
            for picture in drawn.pictures {
                let size = try FileManager.default.attributesOfItem(atPath: picture)[.size] as! Int
                #expect(size > 1000, "\(picture)")
            }
        }
    }
}
