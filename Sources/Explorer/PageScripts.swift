/// The page's own scripts and style, which lie as files in `Page`.
public enum PageScripts {
    /// In the order in which they must run: each uses those before it.
    public static let all: [(name: String, text: String)] = [
        ("base", text(PackageResources.base_js)), ("numbers", text(PackageResources.numbers_js)),
        ("surface", text(PackageResources.surface_js)), ("plot", text(PackageResources.plot_js)),
        ("data", text(PackageResources.data_js)), ("state", text(PackageResources.state_js)),
        ("colours", text(PackageResources.colours_js)), ("command", text(PackageResources.command_js)),
        ("ridge", text(PackageResources.ridge_js)), ("strip", text(PackageResources.strip_js)),
        ("marks", text(PackageResources.marks_js)),
        ("map", text(PackageResources.map_js)), ("cut", text(PackageResources.cut_js)),
        ("landscape", text(PackageResources.landscape_js)), ("run", text(PackageResources.run_js)),
        ("theory", text(PackageResources.theory_js)), ("gestures", text(PackageResources.gestures_js)),
        ("save", text(PackageResources.save_js)), ("main", text(PackageResources.main_js)),
    ]

    public static let style = text(PackageResources.page_css)

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
