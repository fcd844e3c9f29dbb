/// A sentence that says what is wrong with what a study reads.
package struct StudyError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
