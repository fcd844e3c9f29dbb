import Foundation

/// Why a file could not be used, in plain words: Foundation's own say little more than a number.
package enum FileTrouble {
    /// After an attempt to read the file has failed.
    package static func reading(_ path: String) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return "there is no such file"
        }
        if isFolder.boolValue { return "it is a folder" }
        if access(path, R_OK) != 0 { return "no permission to read it" }
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        return type == .typeRegular || type == .typeSymbolicLink ? "reading it failed" : "it is no regular file"
    }
}
