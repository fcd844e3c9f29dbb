/// One array of a trained net's weights.
public struct WeightArray: Sendable, Hashable {
    /// `W1` for the matrix from the inputs, `b1` for the biases behind it, `W2` for the next; models with other parts
    /// have their formulas' letters.
    public let name: String
    /// Rows (units of the layer) and columns (what they see); one number for a vector.
    public let shape: [Int]
    /// Row by row.
    public let values: [Double]

    /// - Precondition: as many values as the shape has places.
    public init(_ name: String, shape: [Int], _ values: [Double]) {
        precondition(shape.reduce(1, *) == values.count, "\(name) has \(values.count) values for the shape \(shape)")
        (self.name, self.shape, self.values) = (name, shape, values)
    }
}
