/// A word as a shell reads it: in single quotes where a letter of it means something there.
package func shellWord(_ text: String) -> String {
    let plain =
        !text.isEmpty
        && text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || "_-+=,./:@%".unicodeScalars.contains($0)
        }
    return plain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
}
