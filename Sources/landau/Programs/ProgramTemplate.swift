import ArgumentParser
import Foundation
import Support

/// Programs to begin with, which `landau new` writes.
enum ProgramTemplate: String, EnumerableFlag {
    case python, torch, jax

    /// - Throws: `Failure` where the file is there already, or cannot be written.
    func write(to file: String) throws {
        let name = "python/landau_nets/templates/\(rawValue).py"
        guard let path = SharedFiles().path(of: name), let text = try? String(contentsOfFile: path, encoding: .utf8)
        else {
            throw Failure("the template \(name) is not beside the command; set LANDAU_SHARE to Landau's shared files")
        }
        guard !FileManager.default.fileExists(atPath: file) else {
            throw Failure("\(file): is there already, and is left as it is")
        }
        do {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        } catch {
            throw Failure("\(file): cannot be written: \(error.localizedDescription)")
        }
        let named = file.contains("/") ? file : "./" + file
        complain("wrote \(file); fill it in, then: landau check \(named); landau new \(named) sweep.yaml")
    }
}
