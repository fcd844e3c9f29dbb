// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "Landau", path: "..")],
    targets: [
        .executableTarget(
            name: "net-steps",
            dependencies: [.product(name: "TinyNets", package: "Landau")])
    ],
    swiftLanguageModes: [.v6]
)
