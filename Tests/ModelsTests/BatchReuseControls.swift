import Models
import PhaseSpace

extension BatchReuse {
    /// All controls at their defaults but for these.
    static func controls(_ changed: [String: ControlValue]) -> [String: ControlValue] {
        var controls: [String: ControlValue] = [:]
        for control in declaration.controls { controls[control.name] = control.defaultValue }
        return controls.merging(changed) { $1 }
    }
}
