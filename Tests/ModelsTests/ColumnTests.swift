import Models
import PhaseSpace
import Support
import Testing

/// Columns and separators of tables of data.
@Suite struct ColumnTests {
    private static let text = "id,bmi,bp,y\na,1,2,3\nb,4,5,7\nc,6,8,9\n"

    private func table(
        _ columns: [String]?, of text: String = Self.text, target: String? = nil
    ) throws -> RegressionTable {
        try RegressionTable(parsing: Array(text.utf8), file: "t.csv", target: target, columns: columns)
    }

    @Test func columnsAreChosenOrLeftOut() throws {
        for columns in [["bmi", "bp"], ["-id"], ["-1"], ["2", "3"], ["bp", "bmi"]] {
            let read = try table(columns)
            #expect(read.inputNames == ["bmi", "bp"] && read.inputs == [1, 2, 4, 5, 6, 8], "\(columns)")
            #expect(read.targets == [3, 7, 9])
        }
        #expect(try table(["y"], target: "bmi").inputs == [3, 7, 9])
        // What is used must be numbers.
        #expect(throws: DataFileError.self) { try table(nil) }
    }

    @Test(arguments: [
        (["bmj"], "has no column `bmj` (did you mean `bmi`?)"), (["y"], "the column `y` is the target"),
        (["bmi", "2"], "names the column `bmi` twice"), (["bmi", "-bp"], "either inputs or, with a minus"),
        (["-id", "-bmi", "-bp"], "`columns` leaves no input"),
    ])
    func aChoiceThatIsNoneIsNamed(_ columns: [String], _ message: String) throws {
        let error = #expect(throws: DataFileError.self) { try table(columns) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [";", "\t", ","]) func anySeparatorWillDo(_ separator: String) throws {
        let read = try table(["bmi", "bp"], of: Self.text.replacing(",", with: separator))
        #expect(read.inputs == [1, 2, 4, 5, 6, 8] && read.inputNames == ["bmi", "bp"])
        let quoted = try table(nil, of: "\"a;b\"\(separator)y\n1\(separator)2\n3\(separator)4\n")
        #expect(quoted.inputNames == ["a;b"] && quoted.targets == [2, 4])
        // An empty cell between two separators is one, whatever separates.
        let gap = #expect(throws: DataFileError.self) {
            try table(nil, of: "a,b,y\n1,,2\n".replacing(",", with: separator))
        }
        #expect(gap?.description.contains("the cell is empty (column `b`)") == true)
    }

    @Test func aQuestionKnowsTheNamesOfASweepFile() throws {
        let plain = try WeightDecay.predict([
            "depth": 1, "inputVariances": [1, 2], "correlations": [1, 0.5], "targetSecondMoment": 1.375,
        ])
        // gᵀA⁻¹g is 1.125 of the doubled correlations, and the noise adds 0.25.
        let teacher = try WeightDecay.predict([
            "depth": 1, "data.inputVariances": [1, 2], "correlations": [0.5, 0.25], "signal": 2, "labelNoise": 0.5,
        ])
        #expect(teacher["transition"] == plain["transition"])
        let gamma = ["depth": 1, "gamma": 0.1, "inputVariances": [1], "correlations": [1]] as JSONValue
        func loss(_ more: [String: JSONValue]) throws -> Double {
            var members = gamma.object ?? [:]
            for (key, value) in more { members[key] = value }
            return try #require(try WeightDecay.predict(.object(members))["freeEnergy"]?.number)
        }
        #expect(abs(try loss(["labelNoise": 0.5]) - loss([:]) - 0.25) < 1e-15)
        for query in [
            ["depth": 1, "data": "x.csv", "data.file": "y.csv"], ["depth": 1, "data.file": "x.csv", "signal": 2],
            ["depth": 1, "targetSecondMoment": 2, "labelNoise": 1], ["depth": 1, "signal": -1],
        ] as [JSONValue] { #expect(throws: ControlError.self) { try WeightDecay.predict(query) } }
    }
}
