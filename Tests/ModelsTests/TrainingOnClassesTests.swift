import Foundation
import Models
import PhaseSpace
import Support
import Testing

/// Training dynamics on samples from files.
@Suite struct TrainingOnClassesTests {
    private static let controls: [String: ControlValue] = [
        "depth": .number(0), "width": .number(4), "activation": .text("linear"), "leak": .number(0.1),
        "parameterization": .text("ntk"), "widthExponent": .number(0), "outputScale": .number(1),
        "relativeRate": .number(1), "schedule": .text("constant"), "annealing": .number(0),
        "gradientScaling": .text("none"), "gamma": .number(0), "steps": .number(200),
    ]

    /// Label 3 where the first column is positive, 8 where it is negative.
    private func run(_ data: JSONValue, _ text: String) throws -> [Observation] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try text.write(to: folder.appendingPathComponent("classes.csv"), atomically: true, encoding: .utf8)
        let model = try TrainingDynamics(
            settings: ModelSettings(seed: 1, data: data, optimiser: [:], folder: folder.path))
        let context = ListContext((0..<4).map { chain(Self.controls, model: "training-dynamics", replica: $0) })
        try model.run(context)
        return context.observations
    }

    private let table = (0..<40).map { i in
        let side: Double = i % 2 == 0 ? 1 : -1
        return "\(side * (1 + Double(i % 7) / 7)),\(Double((i * 5) % 11) / 11 - 0.45),\(i % 2 == 0 ? 3 : 8)\n"
    }.joined()

    @Test func classesThatALineSplitsAreLearnedWithoutTestErrors() throws {
        let data: JSONValue = ["file": "classes.csv", "classes": .numbers([8, 3]), "trainFraction": 0.5]
        let runs = try run(data, table)
        #expect(runs.count == 4)
        #expect(runs.allSatisfy { $0.values["testError"] == 0 && $0.values["testLoss"]! < 0.5 })
        // Each replica has a split of its own.
        #expect(Set(runs.map { $0.values["initialLoss"]! }).count == 4)
        #expect(Set(runs.map { $0.values["testLoss"]! }).count == 4)
    }

    @Test func wrongLabelsOfTheTestSamplesAreTestErrors() throws {
        let swapped = table.split(separator: "\n").map { line in
            line.hasSuffix(",3") ? line.dropLast() + "8" : line.dropLast() + "3"
        }.joined(separator: "\n")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".csv")
        try swapped.write(to: folder, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: folder) }
        let data: JSONValue = ["file": "classes.csv", "classes": .numbers([8, 3]), "test": .text(folder.path)]
        #expect(try run(data, table).allSatisfy { $0.values["testError"] == 1 })
    }

    @Test func dataWithoutTestSamplesHaveNoTestErrors() throws {
        let runs = try run(["file": "classes.csv", "classes": .numbers([8, 3])], table)
        #expect(runs.allSatisfy { $0.outcome == .completed && $0.values["testError"] == nil })
    }

    @Test func severalOutputsAreRefused() {
        #expect(throws: DataFileError.self) { try run(["file": "classes.csv", "oneHot": "true"], table) }
        #expect(throws: ControlError.self) { try run(["classes": .numbers([8, 3])], table) }
    }
}
