import Foundation

/// Seconds of processor time of the calling thread.
func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// Processor time of one call of `work`, repeated `repetitions` times in a row: a sample.
func sample(_ repetitions: Int, _ work: () -> Void) -> Double {
    let start = processorTime()
    for _ in 0..<repetitions { work() }
    return (processorTime() - start) / Double(repetitions)
}

/// How often to call `work` for a sample of about 20 ms.
func repetitions(_ work: () -> Void) -> Int {
    var count = 1
    while true {
        let time = sample(count, work) * Double(count)
        if time > 2e-3 { return max(1, Int(Double(count) * 20e-3 / time)) }
        count *= 4
    }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
