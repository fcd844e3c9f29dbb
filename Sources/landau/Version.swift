import Figures
import GSLNumerics
import Kernels

let toolVersion = "0.2.0"

/// The tool with everything that a number or a figure of it depends on.
func versionText() -> String {
    let gnuplot = (try? gnuplotVersion()) ?? "not installed (apt-get install gnuplot-nox)"
    return """
        landau \(toolVersion)
        kernel \(KernelVariant.current.name)
        GSL \(GSLNumerics.version)
        gnuplot \(gnuplot)
        """
}
