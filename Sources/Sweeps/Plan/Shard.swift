import Foundation
import PhaseSpace

/// One part of n of a sweep's chains. Every n-th chain belongs to a shard, so that slow regions of the grid are
/// spread over all of them.
public struct Shard: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public let index: Int
    public let count: Int

    /// More shards than this are taken for a slip of the pen.
    public static let limit = 100_000

    /// Nil unless 1 ≤ index ≤ count.
    public init?(index: Int, of count: Int) {
        guard count >= 1, count <= Self.limit, index >= 1, index <= count else { return nil }
        self.index = index
        self.count = count
    }

    /// Reads `2/4`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1] else { return nil }
        self.init(index: index, of: count)
    }

    public var description: String { "\(index)/\(count)" }
    /// The name of the shard's folder inside the sweep's.
    public var folder: String { "shard-\(index)-of-\(count)" }

    /// Shards whose folders lie in a sweep's folder, by count and index.
    public static func shards(in folder: String) -> [Shard] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            guard let match = name.wholeMatch(of: /shard-(\d{1,6})-of-(\d{1,6})/), let index = Int(match.1),
                let count = Int(match.2)
            else { return nil }
            return Shard(index: index, of: count)
        }.sorted { ($0.count, $0.index) < ($1.count, $1.index) }
    }
}

extension SweepPlan.Chains {
    /// The chains of one shard; all shards together are all chains, each once.
    public func shard(_ shard: Shard) -> SweepPlan.ShardChains { .init(chains: self, shard: shard) }
}

extension SweepPlan {
    public struct ShardChains: RandomAccessCollection, Sendable {
        let chains: Chains
        let shard: Shard
        public var startIndex: Int { 0 }
        public var endIndex: Int { (chains.count - shard.index + shard.count) / shard.count }
        public subscript(index: Int) -> Chain { chains[shard.index - 1 + index * shard.count] }
    }
}
