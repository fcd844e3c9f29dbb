extension Formula {
    /// The formula without the strictly monotone functions around it: it tells the same points apart, and does not
    /// saturate. `1 + 2*tanh(10*z^2)` becomes `z^2`.
    public var monotoneCore: Formula {
        Formula(text: text, variables: variables, columns: variableColumns, root: root.core)
    }

    private init(text: String, variables: [String], columns: [Int], root: Node) {
        (self.text, self.variables, variableColumns, self.root) = (text, variables, columns, root)
    }
}

extension Formula.Node {
    fileprivate var core: Formula.Node {
        var node = self
        while let inner = node.monotoneArgument { node = inner }
        return node
    }

    /// What the outermost operation is a strictly monotone function of; nil where it is none.
    private var monotoneArgument: Formula.Node? {
        switch self {
        case .negative(let a): a
        case .operation(let operation, let a, let b): Self.argument(operation, a, b)
        case .function(.exp, let arguments), .function(.tanh, let arguments), .function(.erf, let arguments),
            .function(.sqrt, let arguments), .function(.log, let arguments):
            arguments[0]
        case .function(.abs, let arguments): arguments[0].isNonNegative ? arguments[0] : nil
        case .function(.relu, let arguments): arguments[0].isNonNegative ? arguments[0] : nil
        case .hermite(1, let a): a
        default: nil
        }
    }

    private static func argument(_ operation: Formula.Operation, _ a: Formula.Node, _ b: Formula.Node) -> Formula.Node?
    {
        switch (a.constant, b.constant) {
        case (nil, nil), (_?, _?): return nil
        case (let x?, nil):
            switch operation {
            case .plus, .minus: return b
            case .times: return x != 0 ? b : nil
            case .divided: return x != 0 && b.isNonNegative ? b : nil
            case .power: return x > 0 && x != 1 ? b : nil
            }
        case (nil, let x?):
            switch operation {
            case .plus, .minus: return a
            case .times: return x != 0 ? a : nil
            case .divided: return x != 0 ? a : nil
            case .power:
                guard x != 0 else { return nil }
                let isOdd = x > 0 && x == x.rounded() && x.truncatingRemainder(dividingBy: 2) != 0
                return isOdd || a.isNonNegative ? a : nil
            }
        }
    }

    /// The value of a node without variables.
    private var constant: Double? {
        switch self {
        case .number(let x): return x
        case .variable: return nil
        case .negative(let a): return a.constant.map { -$0 }
        case .operation(let operation, let a, let b):
            guard let x = a.constant, let y = b.constant else { return nil }
            return operation.apply(x, y)
        case .function(let function, let arguments):
            let values = arguments.compactMap(\.constant)
            return values.count == arguments.count ? function.apply(values) : nil
        case .hermite(let degree, let a): return a.constant.map { hermitePolynomial(degree, $0) }
        }
    }

    /// Whether its form alone keeps it from being negative.
    private var isNonNegative: Bool {
        switch self {
        case .number(let x): return x >= 0
        case .function(.abs, _), .function(.exp, _), .function(.sqrt, _), .function(.relu, _): return true
        case .function(.tanh, let a), .function(.erf, let a), .function(.sign, let a): return a[0].isNonNegative
        case .function(.min, let a): return a.allSatisfy(\.isNonNegative)
        case .function(.max, let a): return a.contains(where: \.isNonNegative)
        case .operation(.plus, let a, let b), .operation(.divided, let a, let b):
            return a.isNonNegative && b.isNonNegative
        case .operation(.times, let a, let b): return a == b || (a.isNonNegative && b.isNonNegative)
        case .operation(.power, let a, let b):
            if let x = b.constant, x == x.rounded(), x.truncatingRemainder(dividingBy: 2) == 0 { return true }
            return a.isNonNegative
        default: return false
        }
    }
}
