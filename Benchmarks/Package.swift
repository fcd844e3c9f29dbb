// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "Landau", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "Coverage",
            dependencies: [
                .product(name: "Transitions", package: "Landau"),
                .product(name: "PhaseSpace", package: "Landau"),
                .product(name: "GSLNumerics", package: "Landau"),
            ]),
        .executableTarget(
            name: "NetSteps",
            dependencies: [.product(name: "TinyNets", package: "Landau")]),
    ],
    swiftLanguageModes: [.v6]
)
