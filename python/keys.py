"""Writes landau_nets/keys.py: the keys of sweep files as typed dicts, from `landau models NAME --schema`.

    python3 python/keys.py LANDAU > python/landau_nets/keys.py
"""

import json
import keyword
import subprocess
import sys
import textwrap

HEAD = '''"""Keys of sweep files as types, for editors and type checkers. Written by python/keys.py; do not edit.

    from landau_nets import keys
    mine: keys.WeightDecay = {"model": "weight-decay", "axes": {"gamma": [0.1, 0.2]}}
"""

from typing import Any, Dict, List, Literal, TypedDict, Union

'''


def kind(schema):
    """The Python type of what a schema allows."""
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return "Literal[" + ", ".join(repr(one) for one in schema["enum"]) + "]"
    if "anyOf" in schema and "type" not in schema:
        return union(kind(one) for one in schema["anyOf"])
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    return union(plain(name, schema) for name in types) if types else "Any"


def union(kinds):
    # `Union[...]` of a union is one union.
    found = []
    for one in kinds:
        for part in parts(one):
            if part not in found:
                found.append(part)
    if "float" in found and "int" in found:
        found.remove("int")
    return found[0] if len(found) == 1 else "Union[" + ", ".join(found) + "]"


def parts(text):
    if not text.startswith("Union["):
        return [text]
    inner, depth, result = text[len("Union["):-1], 0, [""]
    for sign in inner:
        depth += {"[": 1, "]": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            result.append("")
        else:
            result[-1] += sign
    return [part.strip() for part in result]


def plain(name, schema):
    if name == "array":
        return f"List[{kind(schema.get('items', {}))}]"
    return {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None",
            "object": "Dict[str, Any]"}.get(name, "Any")


def limits(schema):
    """Range and default in words."""
    found = []
    for one in [schema] + schema.get("anyOf", []):
        low, open_low, high = one.get("minimum"), one.get("exclusiveMinimum"), one.get("maximum")
        words = [f"> {open_low:g}" if open_low is not None else f"≥ {low:g}" if low is not None else "",
                 f"≤ {high:g}" if high is not None else ""]
        if any(words):
            found.append(", ".join(word for word in words if word))
            break
    if "default" in schema:
        found.append(f"default {json.dumps(schema['default'], ensure_ascii=False)}")
    return f" ({'; '.join(found)})" if found else ""


def typed_dict(name, properties, summary):
    fine = {key: value for key, value in properties.items() if key.isidentifier() and not keyword.iskeyword(key)}
    lines = [f"class {name}(TypedDict, total=False):", f'    """{summary}', ""]
    for key, value in fine.items():
        text = f"{key}: {value.get('description', '')}".rstrip(": ") + limits(value)
        lines += textwrap.wrap(text.replace("\\", "\\\\"), 112, initial_indent="    ", subsequent_indent="        ")
    lines += ['    """', ""]
    return lines, fine


def classes(schema):
    model = schema["properties"]["model"]["const"]
    name = "".join({"vae": "VAE"}.get(part, part.capitalize()) for part in model.split("-"))
    text, types = [], {}
    for key, value in schema["properties"].items():
        inner = value.get("properties")
        if key == "optimiser":
            continue
        if inner:
            lines, fine = typed_dict(name + key[0].upper() + key[1:], inner, value.get("description", key) + ":")
            text += lines + [f"    {one}: {kind(of)}" for one, of in fine.items()] + ["", ""]
            types[key] = name + key[0].upper() + key[1:]
        else:
            types[key] = kind(value)
    properties = {key: value for key, value in schema["properties"].items() if key != "optimiser"}
    lines, fine = typed_dict(name, properties, schema["properties"]["model"]["description"])
    return text + lines + [f"    {one}: {types[one]}" for one in fine] + ["", ""]


def main(landau):
    def ask(*words):
        return subprocess.run([landau, *words], capture_output=True, text=True, encoding="utf-8", check=True).stdout

    names = [line.split(":")[0] for line in ask("models").splitlines() if ":" in line and not line.startswith(" ")]
    text = HEAD
    for name in names:
        text += "\n" + "\n".join(classes(json.loads(ask("models", name, "--schema"))))
    return text.rstrip() + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 python/keys.py LANDAU")
    sys.stdout.write(main(sys.argv[1]))
