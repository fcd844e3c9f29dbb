import Sweeps
import Testing

/// Definitions of tables, read as text.
@Suite struct TableDefinitionTests {
    @Test func columnsAreReadInTheirOrder() throws {
        let plain = try #require(
            TableDefinition("CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)"))
        #expect(plain.table == "meta" && plain.columns == ["name", "value"])
        let quoted = try #require(
            TableDefinition(
                "CREATE TABLE \"a\"(\"x\"\"y\" REAL, b NUMERIC(3, 4) CHECK (b IN (1, 2)), PRIMARY KEY (\"b\", c), \"c\" REAL) "
                    + "WITHOUT ROWID"))
        #expect(quoted.table == "a" && quoted.columns == ["x\"y", "b", "c"])
        #expect(TableDefinition("CREATE TABLE IF NOT EXISTS t (a)")?.table == "t")
    }

    @Test func whatFollowsIsNotLookedAt() throws {
        let planted = try #require(TableDefinition("CREATE TABLE t (a); ATTACH 'x' AS y; CREATE TABLE y.z (b)"))
        #expect(planted.table == "t" && planted.columns == ["a"])
    }

    @Test(arguments: [
        "", "CREATE", "CREATE VIEW t (a)", "CREATE TABLE t", "CREATE TABLE t (a", "CREATE TABLE t (\"a",
        "CREATE TABLE (a)",
        "CREATE TABLE t AS SELECT 1", "CREATE TABLE t (, a)", "CREATE TABLE t ('a')", "\"", "((((((((",
    ])
    func whatIsNoDefinitionIsNone(_ text: String) { #expect(TableDefinition(text) == nil) }
}
