import PhaseSpace

/// What one run may need of the memory; more is a slip of the pen, or needs another kind of program.
enum MemoryLimit {
    static let bytes = 8e9

    /// - Parameters:
    ///   - control: at fault.
    ///   - remedy: what to lower, such as "`hidden` or `inputs`".
    static func check(_ bytes: Double, control: String, lower remedy: String) throws(ControlError) {
        guard bytes < Self.bytes else {
            throw ControlError(
                control: control,
                message: "a run would need about \(Int((bytes / 1e9).rounded())) GB, and at most "
                    + "\(Int(Self.bytes / 1e9)) are allowed; lower \(remedy)")
        }
    }
}
