import Foundation
import PhaseSpace
import Support
import Testing
import Transitions

/// √(1 − x) below 1 and 0 beyond, at 0.1, 0.2 … 2.
private let root = (1...20).map { k -> (x: Double, y: Double) in
    let x = Double(k) / 10
    return (x, x < 1 ? (1 - x).squareRoot() : 0)
}
private func rows(_ separator: String, _ row: (Int, Double, Double) -> [String]) -> String {
    root.enumerated().map { row($0, $1.x, $1.y).joined(separator: separator) + "\n" }.joined()
}
private func short(_ x: Double) -> String { String(format: "%.4f", x) }

private func read(_ text: String, columns: String? = nil, decimal: DecimalSign? = nil) throws -> TableReading {
    try TableReading(
        NumberTable(text, source: "t", decimal: decimal), columns: columns.map { try ColumnChoice(parsing: $0) })
}
/// The refusal of a table, as the command prints it.
private func refusal(_ text: String, columns: String? = nil) -> String {
    do {
        return "read: \(try read(text, columns: columns).sentence)"
    } catch {
        return "\(error)"
    }
}
private func isRoot(_ reading: TableReading) -> Bool {
    reading.points.map(\.control) == root.map(\.x)
        && zip(reading.points, root).allSatisfy { abs($0.value - $1.y) < 1e-4 }
}

/// Tables as people's tools write them, each read as it was meant or refused with the remedy.
@Suite struct TableReadingTests {
    @Test func decimalCommasAreRefusedWithTheirRemedy() throws {
        let text = "width loss\n" + (1...9).map { "\($0) 1,\(0)\($0)0\n" }.joined()
        #expect(refusal(text).hasPrefix("t:2:3: `1,010` has a comma between its digits"))
        #expect(refusal(text).contains("`--decimal ,`"))
        let told = try read(text, decimal: .comma)
        #expect(told.points[0].value == 1.01 && told.points[8].value == 1.09)
        // A point is no sign of anything where commas are.
        #expect(refusal("a\tb\n0,1\t0.95\n0,2\t0.94\n").contains("but other numbers here have points"))
        #expect(refusal("a\tb\n1\t1,350\n2\t1,340\n").contains("--decimal ,"))
    }

    @Test func decimalCommasBetweenSemicolonsOrTabsAreReadAndSaid() throws {
        for separator in [";", "\t"] {
            let text =
                "wd\(separator)acc\n"
                + rows(separator) { [short($1), short($2)] }
                .replacing(".", with: ",")
            let reading = try read(text)
            #expect(isRoot(reading) && reading.sentence.contains("decimal commas"), "\(reading.sentence)")
        }
        let whole = try read("L;M\n8;0,95\n16;0,5\n")
        #expect(whole.points.map(\.control) == [8, 16] && whole.points.map(\.value) == [0.95, 0.5])
        #expect(refusal("L;M\n8;1,950\n16;2,500\n").contains("--decimal ,"))
    }

    @Test func theIndexOfADataFrameIsLeftOutWithAWord() throws {
        let pandas = try read(",wd,acc\n" + rows(",") { ["\($0)", short($1), short($2)] })
        #expect(isRoot(pandas) && pandas.sentence.contains("index=False") && pandas.valueName == "acc")
        let r = try read("wd acc\n" + rows(" ") { ["\($0 + 1)", short($1), short($2)] })
        #expect(isRoot(r) && r.sentence.contains("row.names=FALSE") && r.controlName == "wd")
        let quoted = try read("\"wd\" \"acc\"\n" + rows(" ") { ["\"\($0 + 1)\"", short($1), short($2)] })
        #expect(isRoot(quoted))
        // One number fewer in the header, and nothing that counts rows.
        #expect(refusal("wd acc\n0.5 1 0.1\n0.7 2 0.1\n").contains("row.names=FALSE"))
        // What an index stood beside alone has no control.
        #expect(refusal(",acc\n0,0.9\n1,0.8\n").contains("number the rows"))
        // A selection of rows.
        #expect(refusal(",wd,acc\n0,0.1,0.9\n3,0.2,0.8\n7,0.3,0.7\n").contains("index=False"))
    }

    @Test func namesMayHaveBlanks() throws {
        for (header, separator) in [
            ("weight decay\ttest accuracy", "\t"), ("weight decay,test accuracy", ","),
            ("# weight decay, test accuracy", " "), ("\"weight decay\" \"test accuracy\"", " "),
            ("weight decay   test accuracy", "  "), ("# weight decay\ttest accuracy", " "),
        ] {
            let reading = try read(header + "\n" + rows(separator) { [short($1), short($2)] })
            #expect(isRoot(reading), "\(header)")
            #expect(reading.controlName == "weight decay" && reading.valueName == "test accuracy", "\(header)")
        }
        #expect(refusal("weight decay test accuracy\n0.1 2\n0.2 3\n").contains("double quotes"))
    }

    @Test func blocksAreCurvesWithTheirCommentForALabel() throws {
        let text = ["64", "128"].map { "# L = \($0)\n" + rows(" ") { [short($1), short($2), "0.01"] } }
            .joined(separator: "\n\n")
        let reading = try read(text)
        #expect(reading.curves.map { $0.curve.key.fixed } == [["L": .number(64)], ["L": .number(128)]])
        #expect(reading.curves.map(\.curve.label) == ["L = 64", "L = 128"])
        #expect(reading.curves.allSatisfy { $0.points.count == 20 && $0.hasErrors })
        #expect(reading.sentence == "control column 1, value column 2, error column 3, 40 rows, 2 curves by L")
        let words = try read("T M\n1 2\n2 3\n\n\n# cold start\n1 4\n2 5\n\n\n\n1 6\n2 7\n")
        #expect(words.curves.map { $0.points.map(\.value) } == [[2, 3], [4, 5], [6, 7]])
        #expect(words.curves[1].curve.label == "block = cold start")
        // One empty line divides nothing.
        #expect(try read("1 2\n\n2 3\n").curves.count == 1)
    }

    @Test func oneEmptyLineDividesCurvesWhereTheLabelSaysSo() throws {
        func block(_ label: String) -> String { label + "\n" + rows(" ") { [short($1), short($2)] } }
        let two = try read(block("# L=16") + "\n" + block("# L=32"))
        #expect(two.curves.map(\.curve.key.fixed) == [["L": .number(16)], ["L": .number(32)]])
        // A gap between rows of one curve is none between curves, and remarks are no labels.
        let one = try read(block("# L=16") + "\n" + "2.1 0\n2.2 0\n")
        #expect(one.curves.count == 1 && one.points.count == 22)
        #expect(try read(block("# L=16") + "\n# stopped here, then went on\n2.1 0\n").curves.count == 1)
    }

    @Test func aValueThatRunsInEqualStepsLooksLikeTheControl() throws {
        let noisy = root.enumerated().map { k, row in (row.x, row.y + (k % 2 == 0 ? 0.01 : -0.01)) }
        let table = "acc,wd\n" + noisy.map { "\(short($0.1)),\(short($0.0))\n" }.joined()
        #expect(refusal(table).hasPrefix("t:"))
        #expect(refusal(table).contains("wd looks like the control"))
        #expect(refusal(table).contains("--columns control=2,value=1"))
        #expect(try read(table, columns: "control=2,value=1").controlName == "wd")
        // Swept to and fro, or measured in any order, a control is one.
        #expect(try read("T,M\n1,5\n3,4\n2,6\n5,1\n4,2\n7,0\n6,0.3\n").controlName == "T")
    }

    @Test(arguments: ["?", "NA", "N/A", "null", "-", ".", ""]) func missingValuesAreCounted(_ word: String) throws {
        let reading = try read("x\ty\n1\t10\n2\t20\n3\t\(word)\n4\t40\n5\t50\n")
        #expect(reading.points.map(\.control) == [1, 2, 4, 5])
        #expect(reading.curves[0].missing == 1 && reading.sentence.contains("1 value missing"))
    }

    @Test func nanIsMissingBetweenFiniteValuesAndDivergedBeyondThem() throws {
        let reading = try read("lr\tloss\n1\t3\n2\tnan\n3\t2\n4\tnan\n5\tinf\n")
        #expect(reading.curves[0].missing == 1)
        let samples = reading.curves[0].curve.samples
        #expect(samples.map(\.outcome) == [.completed, .completed, .diverged, .diverged])
        #expect(samples.map(\.control) == [1, 3, 4, 5])
        #expect(reading.sentence.contains("2 not finite"))
    }

    @Test func aThirdColumnThatMayBeNoErrorIsRefused() throws {
        let seeds = "wd\tseed1\tseed2\n" + rows("\t") { [short($1), short($2), short($2 + 0.01)] }
        #expect(refusal(seeds).contains("`--columns control=wd,value=seed1+seed2`"))
        let repeats = try read(seeds, columns: "control=wd,value=seed1+seed2")
        #expect(Set(repeats.curves[0].curve.samples.map(\.replica)) == [0, 1] && repeats.points.count == 40)
        let unnamed = rows(" ") { [short($1), short($2 + 0.2), short($2 + 0.21)] }
        #expect(refusal(unnamed).contains("as large as"))
        #expect(refusal("1 2 0.1\n2 3 -0.1\n").hasPrefix("t:2:5: column 3 would be the standard error, but `-0.1` is"))
        #expect(refusal("T M chi\n1 2 0.5\n2 3 0.6\n").contains("nothing says whether chi is the standard error"))
        for name in ["err", "dM", "std error", "σ(M)", "M_err", "e", "sem"] {
            let reading = try read("T,M,\(name)\n1,2,0.1\n2,3,0.1\n")
            #expect(reading.sentence.contains("error \(name)") && reading.points[0].error == 0.1)
        }
        let plain = try read("1 2 0.1\n2 3 0.1\n")
        #expect(plain.sentence == "control column 1, value column 2, error column 3, 2 rows")
        // Without its header a data frame's index cannot be told from a control.
        let headless = rows(" ") { ["\($0)", short($1), short($2 / 20)] }
        #expect(refusal(headless).contains("number the rows"))
        // Errors are larger than values that vanish.
        #expect(try read(rows(" ") { [short($1), short($2), "0.03"] }).points.allSatisfy { $0.error == 0.03 })
    }

    @Test func columnsAreChosenByNameOrNumber() throws {
        let text = "# T, |M|, E, X, C, Domain Size\n1.0 0.9 -2 0.1 0.2 0.99\n2.0 0.5 -1 0.3 0.4 0.5\n"
        #expect(refusal(text).contains("6 columns"))
        for columns in ["control=T,value=|M|", "T,|M|", "1,2", "control=1,value=2", "control=t,value=|m|"] {
            let reading = try read(text, columns: columns)
            #expect(reading.points.map(\.value) == [0.9, 0.5], "\(columns)")
            #expect(reading.valueName == "|M|" && reading.controlName == "T" && reading.points[0].error == nil)
        }
        #expect(try read(text, columns: "T,|M|,X").points.map(\.error) == [0.1, 0.3])
        #expect(try read(text, columns: "control=T,value=Domain Size").valueName == "Domain Size")
        #expect(refusal(text, columns: "control=T,value=M").contains("has no column `M`"))
        #expect(refusal(text, columns: "contrl=T,value=M").contains("did you mean `control`?"))
        #expect(refusal(text, columns: "control=T,value=9").contains("1 T, 2 |M|"))
        #expect(refusal(text, columns: "control=T,value=T").contains("twice"))
        #expect(refusal(text, columns: "control=T").contains("no `value=`"))
    }

    @Test func furtherColumnsLabelCurves() throws {
        let text = "opt depth wd acc\nadam 1 0.1 0.9\nadam 1 0.2 0.8\nsgd 2 0.1 0.7\nsgd 2 0.2 0.6\n"
        for columns in ["control=wd,value=acc,curve=opt+depth", "control=wd,value=acc,opt,depth"] {
            let reading = try read(text, columns: columns)
            #expect(reading.curves.map(\.curve.label) == ["opt = adam, depth = 1", "opt = sgd, depth = 2"])
            #expect(reading.sentence == "control wd, value acc, no errors, 4 rows, 2 curves by opt, depth")
        }
        let sized = try read(text, columns: "control=wd,value=acc,size=depth")
        #expect(sized.curves.map(\.size) == [1, 2])
        #expect(refusal(text).contains("curve=opt"))
    }

    @Test func replicasAndDirectionsHaveColumns() throws {
        let text = "H M way run\n1 2 up a\n2 3 up a\n1 4 down b\n2 5 down b\n"
        let samples = try read(text, columns: "control=H,value=M,direction=way,replica=run").curves[0].curve.samples
        #expect(samples.map(\.direction) == [.up, .down, .up, .down] && samples.map(\.replica) == [0, 1, 0, 1])
        #expect(refusal(text, columns: "control=H,value=M,direction=run").hasPrefix("t:2:8: a direction is up, down"))
    }

    /// M(H) of a magnet that holds out to ±1.
    @Test func aDownSweepListedInItsOwnOrderIsTurned() throws {
        let fields = (0...20).map { -2 + 0.2 * Double($0) }
        let up = fields.map { $0 > 1.1 ? 1.0 : -1 }
        let down = fields.map { $0 < -1.1 ? -1.0 : 1 }
        func text(_ down: [Double]) -> String {
            "# H, M up, M down\n" + fields.indices.map { "\(fields[$0]) \(up[$0]) \(down[$0])\n" }.joined()
        }
        #expect(refusal(text(down)).contains("`--columns 'control=H,up=M up,down=M down'`"))
        for (listed, isTurned) in [(down, false), (down.reversed(), true)] {
            let reading = try read(text(listed), columns: "control=H,up=M up,down=M down")
            #expect(reading.sentence.contains("own sweep") == isTurned)
            let found = reading.points.filter { $0.direction == .down }.sorted { $0.control < $1.control }
            #expect(found.map(\.value) == down)
            #expect(reading.curves[0].course == .loop)
        }
        // There and back in one list.
        let list = zip(fields, up).map { "\($0) \($1)\n" } + zip(fields, down).reversed().map { "\($0) \($1)\n" }
        let reading = try read("H M\n" + list.joined())
        #expect(reading.curves[0].course == .loop && reading.points.count { $0.direction == .down } == 21)
    }

    @Test func theOrderOfRowsTellsFoldsAndMirrors() throws {
        let arm = (1...20).map { Double($0) / 20 }
        let mirrored =
            arm.map { "\(-$0) \($0.squareRoot())\n" }.reversed() + ["0.1 0\n", "0.1 0\n"]
            + arm.map { "\(-$0) \(-$0.squareRoot())\n" }
        #expect(try read(mirrored.joined()).curves[0].course == .mirrored)
        let fold = (-22...22).map { Double($0) / 10 }.map { "\($0 * $0 * $0 - 3 * $0) \($0)\n" }
        #expect(try read(fold.joined()).curves[0].course == .folded)
        let twice = (1...9).map { "\($0) \(10 - $0)\n" } + (1...9).map { "\($0) \(11 - $0)\n" }
        let repeats = try read(twice.joined()).curves[0]
        #expect(repeats.course == .plain && Set(repeats.curve.samples.map(\.replica)) == [0, 1])
    }

    @Test func numbersOfEveryToolAreRead() throws {
        let fortran = rows("  ") { [String(format: "%.6fD+00", $1), String(format: "%.6fd0", $2)] }
        #expect(isRoot(try read(fortran)))
        #expect(try read("1. .5\n+2 0.5-101\n3e0 -1.E+2\n").points.map(\.value) == [0.5, 0.5e-101, -100])
        #expect(try read("\u{FEFF}x;y\r\n1;2\r\n2;3\r\n").controlName == "x")
        #expect(try read("x\ty\t\n1\t2\t\n2\t3\t\n").table.columnCount == 2)
        #expect(try read("x,y\n1,2\n,\n2,3\n").points.count == 2)
        #expect(try read("1 2 # good\n2 3 # better\n").points.count == 2)
        for text in ["0x10", "2020-101", "95%", "0.5(1)", "1_000", "**"] {
            #expect(refusal("1\t2\n2\t\(text)\n3\t4\n").hasPrefix("t:2:3: `\(text)` is not a number"), "\(text)")
        }
    }

    @Test func jsonLinesAreTables() throws {
        let text = "{\"wd\": 0.1, \"acc\": 0.9}\n{\"wd\": 0.2, \"acc\": null}\n{\"acc\": 0.5, \"wd\": 0.3}\n"
        let reading = try read(text)
        #expect(reading.points.map(\.value) == [0.9, 0.5] && reading.curves[0].missing == 1)
        #expect(reading.sentence == "control wd, value acc, no errors, 3 rows, 1 value missing")
        #expect(try read("{\"lr\": 1, \"loss\": 2}\n{\"lr\": 2, \"loss\": NaN}\n").points.count == 2)
        #expect(refusal("[{\"a\": 1}]").contains("jq"))
        #expect(refusal("{\"a\": 1, \"b\": [2]}\n").contains("`b` is no single value"))
    }

    @Test func whatIsNoTableIsRefusedWithAPlace() {
        #expect(refusal("a,b\n1,2\na,b\n3,4\n").hasPrefix("t:3:1: the names stand here again"))
        #expect(refusal("1 2\n2 3\n3\n").hasPrefix("t:3:1: this row has 1 column, most have 2"))
        #expect(refusal("a\u{0}b\n").contains("no text"))
        #expect(throws: TableError.self) { try NumberTable(Data([0x31, 0x20, 0xE9, 0x0A]), source: "t") }
        #expect(refusal("hello world\n").contains("no rows"))
    }
}
