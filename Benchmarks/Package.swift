// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "Landau", path: ".."),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .executableTarget(
            name: "Coverage",
            dependencies: [
                .product(name: "Transitions", package: "Landau"),
                .product(name: "TinyNets", package: "Landau"),
                .product(name: "PhaseSpace", package: "Landau"),
                .product(name: "GSLNumerics", package: "Landau"),
            ]),
        .executableTarget(
            name: "CollapseCoverage",
            dependencies: [
                .product(name: "Transitions", package: "Landau"),
                .product(name: "PhaseSpace", package: "Landau"),
                .product(name: "GSLNumerics", package: "Landau"),
            ]),
        .executableTarget(
            name: "SingleCurves",
            dependencies: [
                .product(name: "Transitions", package: "Landau"),
                .product(name: "PhaseSpace", package: "Landau"),
                .product(name: "GSLNumerics", package: "Landau"),
            ]),
        .executableTarget(
            name: "NetSteps",
            dependencies: [.product(name: "TinyNets", package: "Landau")]),
        .executableTarget(
            name: "StoreRows",
            dependencies: [
                .product(name: "Sweeps", package: "Landau"),
                .product(name: "PhaseSpace", package: "Landau"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .executableTarget(name: "Empty"),
    ],
    swiftLanguageModes: [.v6]
)
