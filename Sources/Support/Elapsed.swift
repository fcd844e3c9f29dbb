/// Seconds since an instant, by a clock that is never set: the wall clock jumps.
package func elapsed(since start: ContinuousClock.Instant) -> Double { (ContinuousClock.now - start) / .seconds(1) }
