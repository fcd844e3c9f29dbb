import Foundation

/// The least that a Swift program with Foundation does: what a command's start-up is measured against.
@main
struct Empty {
    static func main() { print(Date(timeIntervalSince1970: 0)) }
}
