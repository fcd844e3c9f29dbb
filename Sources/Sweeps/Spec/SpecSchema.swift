import OrderedCollections
import PhaseSpace
import Support

/// JSON Schema (draft 2020-12) of sweep files: what an editor needs to complete and check them while they are typed.
public struct SpecSchema {
    private let model: ModelDeclaration
    private let figures: [String]

    /// The schema of the sweep files of some models.
    /// - Parameter figures: names that `figures:` may list.
    public static func document(for models: [ModelDeclaration], figures: [String]) -> JSONValue {
        var members: OrderedDictionary<String, JSONValue> = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": .text("Sweep of " + models.map(\.name).joined(separator: ", ")),
        ]
        let schemas = models.map { SpecSchema(model: $0, figures: figures).sweep }
        if schemas.count == 1 {
            members.merge(schemas[0]) { $1 }
        } else {
            members["type"] = "object"
            members["required"] = ["model"]
            members["properties"] = ["model": ["enum": .list(models.map { .text($0.name) })]]
            // One branch per model, chosen by its name, so that an error speaks of that model alone.
            members["allOf"] = .list(
                zip(models, schemas).map { model, schema in
                    ["if": ["properties": ["model": ["const": .text(model.name)]]], "then": .object(schema)]
                })
        }
        return .object(members)
    }

    private var sweep: OrderedDictionary<String, JSONValue> {
        var schema = usualSweep
        guard case .object(let members)? = schema["properties"], !programKeys.isEmpty else { return schema }
        schema["properties"] = .object(members.merging(programKeys) { $1 })
        return schema
    }

    private var usualSweep: OrderedDictionary<String, JSONValue> {
        let conditions = Self.mapping(
            model.controls.map { ($0.name, ["anyOf": [Self.value(of: $0), Self.list(of: Self.value(of: $0))]]) },
            "swept controls and the values of them at which this axis varies")
        let controls = model.controls.map { control in (control.name, Self.axis(of: control, when: conditions)) }
        let paired = model.controls.map { control in (control.name, Self.list(of: Self.value(of: control))) }
        let fixed = model.controls.map { control in (control.name, Self.described(Self.value(of: control), control)) }
        let numeric = model.controls.filter(\.isNumeric)
        let directions: JSONValue = ["enum": .list(model.directions.map { .text($0.rawValue) })]
        return [
            "type": "object",
            "required": ["model"],
            "additionalProperties": false,
            "properties": [
                "title": ["type": "string", "description": "stands over the figures"],
                "model": named,
                "seed": ["type": "integer", "minimum": 0, "default": 1],
                "fixed": Self.mapping(fixed, "controls that stay the same"),
                "data": Self.mapping(Self.keys(model.dataKeys), "where the data come from"),
                "axes": Self.mapping(controls, "controls that vary; every combination is a point"),
                "zip": [
                    "type": "object", "description": "controls that change together, by a name of your own",
                    "additionalProperties": Self.mapping(paired, "equally long lists"),
                ],
                "derived": Self.mapping(
                    numeric.map { ($0.name, ["type": ["string", "number"], "description": "a formula of controls"]) },
                    "controls computed from others, such as `0.5 / gamma`"),
                "along": [
                    "enum": .list(numeric.map { .text($0.name) }), "description": "the axis of curves and warm sweeps",
                ],
                "precision": ["enum": .list(model.precisions.map { .text($0.rawValue) }), "default": "double"],
                "replicas": ["type": "integer", "minimum": 1, "maximum": .number(Double(pointLimit)), "default": 1],
                "direction": ["anyOf": [directions, Self.list(of: directions)]],
                "orderParameter": [
                    "enum": .list(model.observables.filter(\.isOrderParameter).map { .text($0.name) }),
                    "default": .text(model.orderParameter),
                ],
                "net": Self.mapping(Self.keys(model.netKeys), "loss, biases and noise of the net"),
                "training": Self.mapping(Self.keys(model.trainingKeys), "how it is trained"),
                "measure": Self.mapping(Self.keys(model.measureKeys), "what is recorded"),
                "optimiser": oldSettings,
                "refine": [
                    "type": "object", "description": "points where the verdicts need them", "required": ["until"],
                    "additionalProperties": false,
                    "properties": [
                        "axis": ["enum": .list(numeric.map { .text($0.name) })],
                        "until": [
                            "type": "number", "exclusiveMinimum": 0,
                            "description": "full width of a location's 95 % interval, in units of the axis",
                        ],
                    ],
                ],
                "stopWhen": stopping,
                "figures": Self.list(of: ["enum": .list(figures.map(JSONValue.text))]),
                "quick": Self.list(of: ["type": "string", "description": "an override, such as `replicas=2`"]),
                "expect": Self.list(of: expectation),
            ],
        ]
    }

    /// How a sweep names the model: a program by its file or its words.
    private var named: JSONValue {
        guard !model.version.isEmpty else { return ["const": .text(model.name), "description": .text(model.summary)] }
        let words: JSONValue = [
            "type": "object", "required": ["run"], "additionalProperties": false,
            "properties": ["run": Self.list(of: ["type": "string"])],
        ]
        return ["anyOf": [["type": "string", "pattern": "/"], words], "description": .text(model.summary)]
    }

    /// Keys that only a program takes.
    private var programKeys: OrderedDictionary<String, JSONValue> {
        guard !model.version.isEmpty else { return [:] }
        func whole(_ meaning: String) -> JSONValue {
            ["type": "integer", "minimum": 1, "description": .text(meaning)]
        }
        func texts(_ meaning: String) -> JSONValue {
            let one: JSONValue = ["type": ["string", "integer"]]
            return ["anyOf": [one, Self.list(of: one)], "description": .text(meaning)]
        }
        return [
            "workers": whole("processes that train at once"),
            "threads": whole("what OMP_NUM_THREADS and its like are set to"),
            "gpus": texts("graphics cards, dealt out to the workers in turn"),
            "timeout": [
                "type": "object", "additionalProperties": false,
                "properties": [
                    "start": whole("seconds until the program must be ready"),
                    "point": whole("seconds without a word after which a point has failed"),
                ],
            ],
            "watch": texts("files whose change counts as a change of the program"),
        ]
    }

    /// What the three sections of settings were before they had names of their own.
    private var oldSettings: JSONValue {
        let keys = SettingSection.allCases.flatMap { Self.keys(model.keys(of: $0)) }
        guard case .object(var members) = Self.mapping(keys, "an old name for `net`, `training` and `measure`") else {
            return .null
        }
        members["deprecated"] = true
        return .object(members)
    }

    private var stopping: JSONValue {
        func number(_ meaning: String) -> JSONValue {
            ["type": "number", "exclusiveMinimum": 0, "description": .text(meaning)]
        }
        func whole(_ least: Int, _ usual: Int, _ meaning: String) -> JSONValue {
            [
                "type": "integer", "minimum": .number(Double(least)), "maximum": .number(Double(pointLimit)),
                "default": .number(Double(usual)), "description": .text(meaning),
            ]
        }
        return [
            "type": "object", "description": "replicas, up to `replicas`, until a mean is known well enough",
            "additionalProperties": false, "anyOf": [["required": ["error"]], ["required": ["relative"]]],
            "properties": [
                "observable": ["enum": .list(model.observables.map { .text($0.name) })],
                "error": number("largest standard error of the mean"),
                "relative": number("largest standard error in units of the mean"),
                "from": whole(ReplicaRule.fewestReplicas, ReplicaRule.usualFirst, "replicas of the first batch"),
                "step": whole(1, ReplicaRule.usualStep, "replicas of each further batch"),
            ],
        ]
    }

    private var expectation: JSONValue {
        let points: JSONValue = Self.mapping(
            model.controls.map { ($0.name, Self.value(of: $0)) }, "controls that choose points")
        func number(_ meaning: String) -> JSONValue { ["type": "number", "minimum": 0, "description": .text(meaning)] }
        return [
            "type": "object", "additionalProperties": false,
            "properties": [
                "name": ["type": "string"],
                "transition": ["enum": .list(Expectation.transitionMembers.map(JSONValue.text))],
                "special": ["enum": .list(Expectation.specialPoints.map(JSONValue.text))],
                "over": ["enum": .list(model.controls.map { .text($0.name) })],
                "observable": ["enum": .list(model.observables.map { .text($0.name) })],
                "predict": ["type": "string", "description": "a member of what `landau predict` answers"],
                "curve": points, "at": points, "minus": points, "query": ["type": "object"],
                "which": ["type": "integer", "minimum": 1], "near": ["type": "number"],
                "step": ["type": "integer", "minimum": 0],
                "direction": ["enum": .list(model.directions.map { .text($0.rawValue) })],
                "value": ["type": ["number", "string"], "description": "`theory` for the model's own exact value"],
                "between": ["type": "array", "items": ["type": ["number", "null"]], "minItems": 2, "maxItems": 2],
                "tolerance": number("absolute"), "relative": number("in units of the value"),
                "errors": number("in standard errors"), "error": number("standard error of the expected value"),
                "finding": ["enum": .list(Expectation.Finding.allCases.map { .text($0.rawValue) })],
                "source": ["type": "string"],
            ],
        ]
    }

    // MARK: - Pieces

    private static func mapping(_ members: [(String, JSONValue)], _ meaning: String) -> JSONValue {
        [
            "type": ["object", "null"], "description": .text(meaning), "additionalProperties": false,
            "properties": .object(OrderedDictionary(members, uniquingKeysWith: { $1 })),
        ]
    }

    private static func list(of element: JSONValue) -> JSONValue {
        ["type": "array", "items": element, "minItems": 1]
    }

    /// Keys that are declared several times take any of their kinds of value.
    private static func keys(_ declared: [ControlParameter]) -> [(String, JSONValue)] {
        OrderedSet(declared.map(\.name)).map { name in
            let kinds = declared.filter { $0.name == name }
            guard kinds.count > 1 else { return (name, described(value(of: kinds[0]), kinds[0])) }
            return (name, ["anyOf": .list(kinds.map { described(value(of: $0), $0) })])
        }
    }

    private static func described(_ schema: JSONValue, _ control: ControlParameter) -> JSONValue {
        guard case .object(var members) = schema else { return schema }
        let symbol = control.symbol.isEmpty ? "" : control.symbol + ": "
        members["description"] = .text(symbol + control.meaning)
        if let value = control.defaultValue { members["default"] = value.json }
        return .object(members)
    }

    /// One value of a control.
    private static func value(of control: ControlParameter) -> JSONValue {
        func real(_ range: ControlRange) -> JSONValue {
            var members: OrderedDictionary<String, JSONValue> = ["type": "number"]
            if range.lowerBound.isFinite {
                members[range.excludesLower ? "exclusiveMinimum" : "minimum"] = .number(range.lowerBound)
            }
            if range.upperBound.isFinite {
                members[range.excludesUpper ? "exclusiveMaximum" : "maximum"] = .number(range.upperBound)
            }
            return .object(members)
        }
        func integer(_ range: ClosedRange<Int>) -> JSONValue {
            [
                "type": "integer", "minimum": .number(Double(range.lowerBound)),
                "maximum": .number(Double(range.upperBound)),
            ]
        }
        switch control.kind {
        case .real(let range): return real(range)
        case .integer(let range): return integer(range)
        case .realPerLayer(let range), .numbers(let range):
            return ["anyOf": [real(range), list(of: real(range))]]
        case .integerPerLayer(let range): return ["anyOf": [integer(range), list(of: integer(range))]]
        case .bool: return ["enum": ["true", "false", true, false]]
        // YAML reads a bare `true` as a truth value; a choice of that name takes it.
        case .choice(let names):
            let words = names.filter { !$0.hasSuffix(")") }.map(JSONValue.text)
            let truths = names.compactMap { Bool($0).map(JSONValue.bool) }
            let plain: JSONValue = ["enum": .list(words + truths)]
            // Names with numbers in parentheses.
            let forms = Set(names.filter { $0.hasSuffix(")") }.map { String($0.prefix { $0 != "(" }) }).sorted()
            if forms.isEmpty { return plain }
            let pattern = "^(" + forms.joined(separator: "|") + #")\(.+\)$"#
            return ["anyOf": [plain, ["type": "string", "pattern": .text(pattern)]]]
        case .formula, .file, .name(several: false): return ["type": ["string", "number"]]
        case .name(several: true):
            let one: JSONValue = ["type": ["string", "number"]]
            return ["anyOf": [one, list(of: one)]]
        }
    }

    /// The values of an axis: a list, a single one, or a range, with or without a condition.
    private static func axis(of control: ControlParameter, when condition: JSONValue) -> JSONValue {
        let value = value(of: control)
        let range: OrderedDictionary<String, JSONValue> = [
            "from": ["type": "number"], "to": ["type": "number"],
            "points": ["type": "integer", "minimum": 1, "maximum": .number(Double(pointLimit))],
            "spacing": ["enum": ["linear", "log"]],
            "step": ["type": "number", "exclusiveMinimum": 0],
        ]
        func object(_ required: [String], _ properties: OrderedDictionary<String, JSONValue>) -> JSONValue {
            [
                "type": "object", "additionalProperties": false, "required": .list(required.map(JSONValue.text)),
                "properties": .object(properties),
            ]
        }
        // Values and ranges may be joined.
        let element: JSONValue = control.isNumeric ? ["anyOf": [value, object(["from", "to"], range)]] : value
        let listed: OrderedDictionary<String, JSONValue> = ["values": ["anyOf": [value, list(of: element)]]]
        let conditional: OrderedDictionary<String, JSONValue> = ["when": condition, "otherwise": value]
        var forms: [JSONValue] = [value, list(of: element), object(["values"], listed.merging(conditional) { $1 })]
        if control.isNumeric { forms.append(object(["from", "to"], range.merging(conditional) { $1 })) }
        return described(["anyOf": .list(forms)], control)
    }
}
