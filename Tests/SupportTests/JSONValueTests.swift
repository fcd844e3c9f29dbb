import Support
import Testing

@Suite struct JSONValueTests {
    @Test func booleansAndNumbersStayApart() throws {
        let value = try JSONValue(parsing: #"{"a": true, "b": 1, "c": [0, 1.5], "d": null, "e": "x\n"}"#)
        #expect(value["a"] == .bool(true))
        #expect(value["b"] == .number(1))
        #expect(value["c"]?.numbers == [0, 1.5])
        #expect(value["d"]?.isNull == true)
        #expect(value["e"]?.text == "x\n")
    }
    @Test func seventeenDigitsReadBackExactly() throws {
        for x in [0.1, 0.1 + 0.2, 1 / 3.0, 1e-300, -2.5e17, 123456789.123, 1.2345678901234567e-20] {
            #expect(try JSONValue(parsing: JSONValue.number(x).serialized()) == .number(x))
        }
    }
}
