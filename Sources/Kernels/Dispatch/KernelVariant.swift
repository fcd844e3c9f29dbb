import CLanes
import Foundation

/// A build of the training kernel. All give the same bits.
public enum KernelVariant: String, Sendable, CaseIterable, Hashable {
    /// Eight doubles in one register (x86-64-v4).
    case avx512
    /// Four doubles in one register (x86-64-v3).
    case avx2
    /// What every processor of the architecture runs; on x86-64 its fused multiply-add is the C library's.
    case baseline

    public var name: String { rawValue }

    /// Whether this processor runs it.
    public var isSupported: Bool {
        #if arch(x86_64)
            switch self {
            case .avx512: cl_supports_avx512()
            case .avx2: cl_supports_avx2()
            case .baseline: true
            }
        #else
            self == .baseline
        #endif
    }

    /// The widest variant that this processor runs.
    public static var widest: KernelVariant { allCases.first(where: \.isSupported) ?? .baseline }

    /// The environment variable that forces a variant.
    public static let environmentVariable = "LANDAU_KERNEL"

    /// The variant that is asked for by name, the widest one where nothing is asked for.
    /// - Throws: `KernelVariantError` for an unknown name and for a variant that this processor does not run.
    public static func named(_ name: String?) throws(KernelVariantError) -> KernelVariant {
        guard let name, !name.isEmpty else { return widest }
        guard let variant = KernelVariant(rawValue: name) else { throw .unknown(name) }
        guard variant.isSupported else { throw .unsupported(variant) }
        return variant
    }

    /// The variant that the environment asks for.
    /// - Throws: `KernelVariantError`; a command should ask once at its start, so that the user sees the mistake.
    public static func fromEnvironment() throws(KernelVariantError) -> KernelVariant {
        try named(ProcessInfo.processInfo.environment[environmentVariable])
    }

    /// The variant of this process: from the environment where that is valid, else the widest.
    public static let current: KernelVariant = (try? fromEnvironment()) ?? widest
}

/// A kernel variant that cannot be had.
public enum KernelVariantError: Error, Equatable, CustomStringConvertible {
    case unknown(String)
    case unsupported(KernelVariant)

    public var description: String {
        let all = KernelVariant.allCases.map(\.name).joined(separator: ", ")
        switch self {
        case .unknown(let name):
            return "\(KernelVariant.environmentVariable) is `\(name)`; it must be one of \(all)"
        case .unsupported(let variant):
            return
                "\(KernelVariant.environmentVariable) asks for `\(variant.name)`, which this processor does not run; "
                + "the widest that it runs is `\(KernelVariant.widest.name)`"
        }
    }
}
