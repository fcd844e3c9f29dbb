// swift-tools-version: 6.1
import PackageDescription

// The training kernel is one source built for several instruction sets and chosen at run time; the wider builds exist
// on x86-64 only. Their files are symbolic links to the baseline's.
#if arch(x86_64)
    let wideKernels = [("KernelAVX512", "x86-64-v4"), ("KernelAVX2", "x86-64-v3")]
#else
    let wideKernels: [(String, String)] = []
#endif
let kernels: [Target] =
    [
        .target(
            name: "KernelBaseline", dependencies: ["CLanes"], path: "Sources/Kernels/Baseline",
            swiftSettings: [.unsafeFlags(["-Ounchecked"])])
    ]
    + wideKernels.map { name, architecture in
        .target(
            name: name, dependencies: ["CLanes"], path: "Sources/Kernels/\(name.dropFirst("Kernel".count))",
            swiftSettings: [.unsafeFlags(["-Ounchecked", "-Xcc", "-march=\(architecture)"])])
    }

// Exact versions: `Package.resolved` stays out of the repository, this file is the record.
let package = Package(
    name: "Landau",
    products: [
        .executable(name: "landau", targets: ["landau"]),
        .library(name: "TinyNets", targets: ["TinyNets", "Kernels"]),
        .library(name: "Sweeps", targets: ["Sweeps"]),
        .library(name: "Transitions", targets: ["Transitions"]),
        .library(name: "PhaseSpace", targets: ["PhaseSpace"]),
        .library(name: "LandauCommand", targets: ["LandauCommand", "Models"]),
        .library(name: "GSLNumerics", targets: ["GSLNumerics"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/attaswift/BigInt", exact: "6.0.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .executableTarget(name: "landau", dependencies: ["LandauCommand"], path: "Sources/Main"),
        .target(
            name: "LandauCommand",
            dependencies: [
                "Studies", "Explorer", "Figures", "Sweeps", "Transitions", "Models", "Programs", "PhaseSpace",
                "Support",
                "Kernels", "GSLNumerics", .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/landau"),
        .executableTarget(
            name: "tied-autoencoder", dependencies: ["LandauCommand", "Models", "PhaseSpace", "Support"],
            path: "Examples/TiedAutoencoder"),
        .target(
            name: "Studies",
            dependencies: [
                "Explorer", "Figures", "Sweeps", "Transitions", "PhaseSpace", "Support", "GSLNumerics",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]),
        .target(
            name: "Explorer",
            dependencies: [
                "Transitions", "PhaseSpace", "Support",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            resources: [.embedInCode("Page")]),
        .target(
            name: "Figures",
            dependencies: [
                "Transitions", "PhaseSpace", "Support", "CGnuplot",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]),
        .target(
            name: "Sweeps",
            dependencies: [
                "PhaseSpace", "Support", "Expressions", "Lanes", "GSLNumerics",
                .product(name: "Yams", package: "Yams"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]),
        .target(
            name: "Programs",
            dependencies: [
                "TinyNets", "PhaseSpace", "Support", "GSLNumerics", "CProcess",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]),
        .target(name: "CProcess"),
        .target(name: "Expressions", dependencies: ["Kernels", "Lanes"]),
        .target(
            name: "Transitions",
            dependencies: [
                "PhaseSpace", "Support", "Lanes", "GSLNumerics",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]),
        .target(
            name: "Models",
            dependencies: [
                "TinyNets", "PhaseSpace", "Support", "Expressions", "Lanes", "Kernels", "GSLNumerics", "CLanes",
                .product(name: "BigInt", package: "BigInt"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]),
        .target(
            name: "TinyNets", dependencies: ["CLanes", "Lanes", "Kernels", "PhaseSpace", "GSLNumerics"]),
        .target(
            name: "PhaseSpace",
            dependencies: ["Support", .product(name: "OrderedCollections", package: "swift-collections")]),
        .target(
            name: "Support",
            dependencies: ["CDigest", .product(name: "OrderedCollections", package: "swift-collections")]),
        .target(name: "CDigest"),
        .target(
            name: "Kernels", dependencies: ["CLanes"] + kernels.map { .byName(name: $0.name) },
            path: "Sources/Kernels/Dispatch"),
        .target(name: "Lanes", dependencies: ["CLanes"]),
        .target(name: "GSLNumerics", dependencies: ["CGSL"]),
        .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
        .target(
            name: "CGnuplot",
            linkerSettings: [
                .linkedLibrary("boost_iostreams"), .linkedLibrary("boost_filesystem"), .linkedLibrary("boost_system"),
            ]),
        .target(name: "CLanes"),
        .testTarget(name: "LanesTests", dependencies: ["Lanes"]),
        .testTarget(
            name: "TinyNetsTests",
            dependencies: ["TinyNets", "Lanes", "Kernels", "CLanes", "PhaseSpace", "GSLNumerics"]),
        .testTarget(name: "TransitionsTests", dependencies: ["Transitions", "PhaseSpace", "Support", "GSLNumerics"]),
        .testTarget(name: "PhaseSpaceTests", dependencies: ["PhaseSpace", "Support"]),
        .testTarget(name: "SupportTests", dependencies: ["Support"]),
        .testTarget(
            name: "ModelsTests",
            dependencies: [
                "Models", "PhaseSpace", "Support", "Expressions", "Lanes", "TinyNets", "GSLNumerics",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            resources: [.copy("Reference")]),
        .testTarget(
            name: "ProgramsTests", dependencies: ["Programs", "PhaseSpace", "Support"], resources: [.copy("Programs")]),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions"]),
        .testTarget(name: "GSLNumericsTests", dependencies: ["GSLNumerics"]),
        .testTarget(
            name: "SweepsTests",
            dependencies: ["Sweeps", "PhaseSpace", "Support", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(name: "StudiesTests", dependencies: ["Studies", "Sweeps", "PhaseSpace", "Support"]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "landau", "tied-autoencoder", "TinyNets", "PhaseSpace", "Support", "GSLNumerics",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Golden"], resources: [.copy("Specs"), .copy("Stores"), .copy("Programs")]),
        .testTarget(
            name: "FiguresTests", dependencies: ["Figures", "Transitions", "PhaseSpace", "Support"], exclude: ["Golden"]
        ),
        .testTarget(
            name: "ExplorerTests",
            dependencies: [
                "landau", "Explorer", "PhaseSpace", "Support",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            resources: [.copy("Browser")]),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels"], resources: [.copy("Oracle")]),
    ] + kernels,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
