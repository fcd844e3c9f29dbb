import Foundation
import Models
import PhaseSpace
import Testing

@Suite struct DataFileTests {
    func table(_ text: String, target: String? = nil) throws -> RegressionTable {
        try RegressionTable(parsing: Array(text.utf8), file: "t.csv", target: target)
    }

    @Test func quotesBlankLinesAndEitherLineEndAreRead() throws {
        let text = "\u{FEFF}\"a, b\", \"say \"\"y\"\"\" ,c\r\n\r\n1, 2 ,\t3\r4e1,\"5\",-6.\n"
        let table = try table(text, target: "say \"y\"")
        #expect(table.inputNames == ["a, b", "c"])
        #expect(table.inputs == [1, 3, 40, -6])
        #expect(table.targets == [2, 5])
    }

    @Test func aFileWithoutHeaderHasItsTargetLast() throws {
        let table = try table("1,2\n3,4\n")
        #expect(table.inputNames == ["column 1"] && table.targets == [2, 4])
    }

    @Test(arguments: [
        ("a,b\n1,2\n3,x\n", "t.csv:3:2: `x` is not a finite number (column `b`)"),
        ("a,b\n1,2\n3\n", "t.csv:3: has 1 columns where 2 were expected"),
        ("a,b\n1,\n", "t.csv:2:2: the cell is empty (column `b`)"),
        ("a,b\n1,0x10\n", "t.csv:2:2: `0x10` is not a finite number (column `b`)"),
        ("a,b\n1,inf\n", "t.csv:2:2: `inf` is not a finite number (column `b`)"),
        ("a,b\n1,1e999\n", "t.csv:2:2: `1e999` is not a finite number (column `b`)"),
        ("a,b\n1,1e101\n", "t.csv:2:2: `1e101` is beyond ±1e+100: its square must stay finite"),
        ("a,b\n1,\"2\n3,4\n", "t.csv:2:2: a quote is opened here and not closed on this line"),
        ("a,b\n1,\"2\"3\n", "t.csv:2:2: a comma or the end of the line belongs after a closing quote"),
        ("a,b\n1,2\"\n", "t.csv:2:2: a quote stands within a cell"),
        ("a,b,a\n1,2,3\n", "t.csv:1:3: `a` is already the name of column 1"),
        ("a,,c\n1,2,3\n", "t.csv:1:2: the column has no name"),
        ("1.5,x\n1,2\n", "t.csv:1:2: `x` is not a finite number, and a row with `1.5` in it is no header"),
        (
            "a\n1\n",
            "t.csv:1: needs at least two columns separated by commas, semicolons or tabs, inputs and a target; "
                + "the line is `a`"
        ),
        ("a,b\n1,2\n", "t.csv: needs at least two rows of numbers"),
        ("", "t.csv: holds no rows"),
    ]) func malformedTablesNameLineAndColumn(text: String, message: String) {
        let error = #expect(throws: DataFileError.self) { try table(text) }
        #expect(error.map { "\($0)" } == message)
    }

    @Test func aCellThatIsNoTextHasItsPlace() {
        let bytes = Array("a,b\n1,".utf8) + [0xFF, 0x0A]
        let error = #expect(throws: DataFileError.self) {
            try RegressionTable(parsing: bytes, file: "t.csv", target: nil)
        }
        #expect(error?.place == .cell(line: 2, column: 2))
    }

    // MARK: - IDX

    func idx(_ type: UInt8, _ dimensions: [UInt8], _ elements: [UInt8]) -> [UInt8] {
        [0, 0, type, UInt8(dimensions.count)] + dimensions.flatMap { [0, 0, 0, $0] } + elements
    }

    @Test func idxElementsOfEveryTypeAreReadMostSignificantByteFirst() throws {
        let cases: [(UInt8, [UInt8], Double)] = [
            (0x08, [0xFE], 254), (0x09, [0xFE], -2), (0x0B, [0xFF, 0xFE], -2), (0x0C, [0, 0, 1, 2], 258),
            (0x0D, [0xBF, 0xC0, 0, 0], -1.5), (0x0E, [0x40, 0x04, 0, 0, 0, 0, 0, 0], 2.5),
        ]
        for (type, bytes, value) in cases {
            #expect(try IDXFile(idx(type, [1], bytes), file: "i").values == [value])
        }
    }

    @Test func imagesArePooledOverBlocks() throws {
        let images = idx(8, [2, 2, 4], [1, 3, 5, 5, 1, 3, 5, 9, 0, 0, 8, 8, 0, 4, 8, 8])
        let labels = idx(8, [2], [7, 9])
        let table = try RegressionTable(images: images, file: "i", labels: labels, labelFile: "l", pool: 2)
        #expect(table.inputs == [2, 6, 1, 8] && table.targets == [7, 9])
        let whole = try RegressionTable(images: images, file: "i", labels: labels, labelFile: "l", pool: 1)
        #expect(whole.columns == 8)
    }

    @Test func malformedIDXFilesNameTheByte() {
        let good = idx(8, [2, 3], [1, 2, 3, 4, 5, 6])
        let cases: [([UInt8], Int, String)] = [
            ([0x1F, 0x8B, 8], 0, "compressed"), ([1, 2, 3, 4], 0, "two zero bytes"),
            ([0, 0, 7, 1], 2, "element type"), ([0, 0, 8, 0], 3, "0 dimensions"), (Array(good.prefix(7)), 7, "ends"),
            (Array(good.prefix(15)), 15, "6 bytes of elements belong here, there are 3"), (good + [0], 18, "1 bytes"),
            (idx(8, [2, 0], []), 8, "no size"),
            ([0, 0, 14, 2] + [UInt8](repeating: 0xFF, count: 8), 8, "no size"),
            (idx(0x0D, [1], [0x7F, 0x80, 0, 0]), 8, "not finite"),
        ]
        for (bytes, offset, part) in cases {
            let error = #expect(throws: DataFileError.self) { try IDXFile(bytes, file: "i") }
            #expect(error?.place == .byte(offset) && error!.message.contains(part), "\(error!)")
        }
        for length in 0..<good.count {
            #expect(throws: DataFileError.self) { try IDXFile(Array(good.prefix(length)), file: "i") }
        }
    }

    @Test func labelsBelongToTheirImages() {
        let images = idx(8, [2, 2], [1, 2, 3, 4])
        let error = #expect(throws: DataFileError.self) {
            try RegressionTable(
                images: images, file: "i", labels: idx(8, [3], [1, 2, 3]), labelFile: "l", pool: 1)
        }
        #expect("\(error!)" == "l: byte 4: holds 3 labels for the 2 rows of i")
    }

    // MARK: - Classes

    @Test func twoClassesAreSignsAndMoreAreOneHot() throws {
        let digits = try table("x,label\n1,3\n2,8\n3,5\n4,3\n")
        let two = try digits.classified([8, 3], oneHot: false, file: "t.csv")
        #expect(two.inputs == [1, 2, 4] && two.targets == [1, -1, 1] && two.outputs == 1)
        let three = try digits.classified(nil, oneHot: true, file: "t.csv")
        #expect(three.outputs == 3 && three.targets == [1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0])
        let error = #expect(throws: DataFileError.self) {
            try digits.classified([3, 4], oneHot: false, file: "t.csv")
        }
        #expect("\(error!)" == "t.csv: has no row of class 4; its labels are 3, 5, 8")
    }
}
