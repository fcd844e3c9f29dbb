import Foundation
import PhaseSpace
import Support
import Sweeps

/// Nets for NumPy. Those of one shape stand in common arrays whose first index counts the points: `W1`, `b1` … beside
/// `depth`, `gamma`, `replica`, `direction`, `outcome`. Where there are several shapes their names begin with `1/`, `2/`, ….
struct NetArchive {
    let data: Data

    init(_ nets: [TrainedNet], controls: [ControlParameter]) throws {
        var groups: [[TrainedNet]] = []
        var places: [[String: [Int]]: Int] = [:]
        for net in nets {
            let shape = Dictionary(net.arrays.map { ($0.name, $0.shape) }) { $1 }
            if let place = places[shape] {
                groups[place].append(net)
            } else {
                places[shape] = groups.count
                groups.append([net])
            }
        }
        var archive = NumPyArchive()
        for (index, group) in groups.enumerated() {
            let prefix = groups.count == 1 ? "" : "\(index + 1)/"
            let points = group.map(\.observation.point)
            for control in controls {
                let values = points.map { $0.controls[control.name] }
                let numbers = values.compactMap { $0?.number }
                try archive.add(
                    prefix + control.name, shape: [points.count],
                    numbers.count == values.count
                        ? .numbers(numbers) : .texts(values.map { $0.map { "\($0)" } ?? "" }))
            }
            try archive.add(prefix + "replica", shape: [points.count], .integers(points.map(\.replica)))
            try archive.add(prefix + "direction", shape: [points.count], .texts(points.map(\.direction.rawValue)))
            try archive.add(
                prefix + "outcome", shape: [points.count], .texts(group.map(\.observation.outcome.rawValue)))
            for (part, array) in group[0].arrays.enumerated() {
                try archive.add(
                    prefix + array.name, shape: [points.count] + array.shape,
                    .numbers(group.flatMap { $0.arrays[part].values }))
            }
        }
        data = archive.data
    }
}
