extension NumberTable {
    /// What to do with a text that was meant as a number; empty where nothing comes to mind.
    package static func remedy(for text: String) -> String {
        if text.hasSuffix("%") { return ": write 95% as 0.95" }
        if text.contains("±") || text.contains("+-") || text.contains("+/-") || text.hasSuffix(")") {
            return ": an error has a column of its own"
        }
        if !text.isEmpty, text.allSatisfy({ $0 == "*" }) {
            return ": a field was too narrow for it when it was written"
        }
        if text.contains("|") { return ": columns are divided by tabs, commas, semicolons or blanks" }
        if text.contains(",") { return ": of commas between digits one is read, a decimal one, with `--decimal ,`" }
        return ""
    }
}
