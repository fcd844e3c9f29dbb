import ArgumentParser
import Foundation
import PhaseSpace
import Support

struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "The manual page landau(1), in the form that man reads.",
        discussion: "landau manual > landau.1 && man ./landau.1")

    func run() throws { print(try ManualPage(describing: Landau.self).text, terminator: "") }
}

/// A manual page in mdoc, made of what a command says of itself.
struct ManualPage {
    private let root: JSONValue

    /// - Throws: `Failure` where the description has another form than this expects.
    init(describing command: any ParsableCommand.Type) throws {
        guard let root = try JSONValue(parsing: command._dumpHelp())["command"], root["commandName"]?.text != nil else {
            throw Failure("the command's description of itself cannot be read")
        }
        self.root = root
    }

    var text: String {
        var lines = [
            ".Dd \(Self.date)", ".Dt LANDAU 1", ".Os", ".Sh NAME", ".Nm landau",
            ".Nd \(Self.escaped(root["abstract"]?.text ?? ""))", ".Sh SYNOPSIS",
        ]
        for verb in verbs {
            lines += [".Nm landau", ".Cm \(Self.name(verb))"]
            lines += Self.arguments(of: verb).map { Self.synopsis($0) }
        }
        lines += [
            ".Sh DESCRIPTION", "With",
            ".Fl \\-errors Cm json",
            "every verb writes what is wrong as lines of JSON with file, line, column and message.",
            ".Pp", "The verbs are these.", ".Bl -tag -width Ds",
        ]
        for verb in verbs { lines += Self.section(verb) }
        lines += [".El", ".Sh FILES", ".Bl -tag -width Ds"]
        for (file, meaning) in Self.files { lines += [".It Pa \(file)", meaning] }
        lines += [".El", ".Sh ENVIRONMENT", ".Bl -tag -width Ds"]
        for (name, meaning) in Self.environment { lines += [".It Ev \(name)", meaning] }
        lines += [".El", ".Sh EXIT STATUS", ".Bl -tag -width Ds"]
        for (status, meaning) in Self.statuses { lines += [".It \(status.rawValue)", meaning] }
        lines += [".El", ".Sh EXAMPLES"]
        for (meaning, example) in Self.examples { lines += [meaning, ".Pp", ".Dl \(Self.escaped(example))", ".Pp"] }
        lines += [".Sh SEE ALSO", ".Xr gnuplot 1 ,", ".Xr sqlite3 1"]
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Verbs

    private var verbs: [JSONValue] {
        (root["subcommands"]?.list ?? []).filter { Self.name($0) != "help" && $0["shouldDisplay"] != false }
    }

    private static func name(_ command: JSONValue) -> String { command["commandName"]?.text ?? "" }

    private static func arguments(of command: JSONValue) -> [JSONValue] {
        (command["arguments"]?.list ?? []).filter { argument in
            argument["shouldDisplay"] != false && !["help", "version"].contains(name(ofOption: argument))
        }
    }

    private static func name(ofOption argument: JSONValue) -> String {
        argument["preferredName"]?["name"]?.text ?? argument["valueName"]?.text ?? ""
    }

    private static func words(_ argument: JSONValue) -> String {
        switch argument["kind"]?.text {
        case "flag": "Fl \\-\(escaped(name(ofOption: argument)))"
        case "option":
            "Fl \\-\(escaped(name(ofOption: argument))) Ar \(escaped(argument["valueName"]?.text ?? "value"))"
        default: "Ar \(escaped(name(ofOption: argument)))" + (argument["isRepeating"] == true ? " ..." : "")
        }
    }

    private static func synopsis(_ argument: JSONValue) -> String {
        argument["isOptional"] == true || argument["kind"]?.text != "positional"
            ? ".Op \(words(argument))" : ".\(words(argument))"
    }

    private static func section(_ verb: JSONValue) -> [String] {
        var lines = [".It Cm \(escaped(name(verb)))"] + paragraphs(verb["abstract"]?.text)
        if let discussion = verb["discussion"]?.text, !discussion.isEmpty {
            lines += [".Pp"] + paragraphs(discussion)
        }
        let arguments = arguments(of: verb)
        guard !arguments.isEmpty else { return lines }
        lines.append(".Bl -tag -width Ds")
        for argument in arguments {
            lines.append(".It \(words(argument))")
            lines += paragraphs(argument["abstract"]?.text)
            if let value = argument["defaultValue"]?.text, argument["kind"]?.text == "option" {
                lines.append("Default: \(escaped(value)).")
            }
        }
        return lines + [".El"]
    }

    // MARK: - Words

    /// Lines of text; those that show a command stand apart.
    private static func paragraphs(_ text: String?) -> [String] {
        (text ?? "").split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty { return ".Pp" }
            return line.hasPrefix("landau ") ? ".Dl \(escaped(line))" : escaped(line)
        }
    }

    /// Text that nothing of is taken for a request, an escape or a hyphen.
    static func escaped(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\"", with: "\\(dq")
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }

    /// The page belongs to a version, not to a day.
    private static let date = "Landau \(toolVersion)"

    private static let files = [
        ("sweeps/", "Sweep files of your own; those with an expect: section are recipes."),
        (
            "results/NAME/store.sqlite",
            "The results of a sweep: a table observations with a column per control and observable."
        ),
        ("results/NAME/figures/", "Its figures, each a folder that gnuplot rebuilds."),
        ("share/landau/plots/, share/landau/sweeps/", "What ships with the command: templates of figures, recipes."),
    ]
    private static let environment = [
        ("LANDAU_PLOTS", "The folder of the figures' templates, instead of those that ship with the command."),
        ("LANDAU_SHARE", "The folder that holds plots and sweeps, instead of ../share/landau beside the command."),
        (
            "LANDAU_KERNEL",
            "The build of the training kernel: avx512, avx2 or baseline, instead of the widest that the processor runs. "
                + "All give the same bits."
        ),
        ("SLURM_JOB_END_TIME", "When the cluster ends the job, in seconds since 1970: the run stops cleanly before."),
    ]
    private static let statuses: [(ExitStatus, String)] = [
        (.done, "Done."), (.unfinished, "A recipe failed, or a sweep is not complete."),
        (.badInput, "Usage, bad input, a folder that cannot be written, a damaged or locked store."),
        (.missingTool, "A tool such as gnuplot is not installed."),
        (.interrupted, "Stopped by a signal; the same command goes on."),
    ]
    private static let examples = [
        ("Begin a sweep of your own, run it, look at it:", "landau new weight-decay mine.yaml"),
        ("Train, judge and draw:", "landau run mine.yaml"),
        ("See its figures in the terminal:", "landau plot mine.yaml --show"),
        ("Ask exact theory, without training:", "landau predict weight-decay depth=2 gamma=0.3 width=8 noise=0.5"),
    ]
}
