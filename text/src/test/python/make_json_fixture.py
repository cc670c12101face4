"""Writes what Python's json says about broken (and odd but good) lines to python-json-golden.json.

    python text/src/test/python/make_json_fixture.py

Made with Python 3.11; 3.13 words trailing commas otherwise.
"""

import json
import math
import pathlib
import random

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources"
ROW = '{"messages": [{"role": "user", "content": "Wie gro\u00df?"}, {"role": "assistant", "content": "\U0001f600 3.5"}]}'

LINES = [
    "", " ", "x", "{", "[", "}", "]", "{}", "[]", "{ }", "[ ]", '"', '"abc', '"a\\', '"a\\"', '{"a"', '{"a":', '{"a":1',
    '{"a":1,', '{"a":1,}', '{"a" 1}', '{"a":1 "b":2}', "{'a':1}", "{a:1}", "[1,]", "[1 2]", "[1", "[1,", "[,1]", "[1,,2]",
    '{"a":1}}', '{"a":1} {"b":2}', "1 2", "[1]]", "nul", "null", "true", "tru", "false", "True", "None", "NaN", "[NaN]",
    "Infinity", "-Infinity", "-", "-x", "+1", "01", "-01", "1.", "1.5", ".5", "1e", "1e5", "1E+5", "1e-", "-0", "-0.0", "0x1",
    "12345678901234567890", "123456789", "1234567890", "-1234567890123", "1.7976931348623157e309", "1.5.2", "0123",
    '"a\tb"', '"a\nb"', '"\x00"', '"\x1f"', '"\x7f"', '"\\x"', '"\\u"', '"\\u12"', '"\\u123', '"\\u1234', '"\\u1234"', '"\\u12g4"',
    '"\\ud83d\\ude00"', '"\\ud83d\\u"', '"\\ud83d\\u12x4"', '"\\ud83dx"', '"\\U0041"', '"\\\'"', '"\\/\\b\\f\\n\\r\\t\\\\\\""',
    '\ufeff{"a":1}', '{"a":1}\ufeff', "\u00a01", '{"\U0001f600": "\u00e9" x}', '{"\U0001f600\U0001f600', '["\U0001f600", \U0001f600]',
    '{"a":1,"a":2}', '{"a":[{"b":[[[{"c":null}]]]}]}', "[" * 50 + "]" * 49, '\n\n{"a":\n1 "b"}', '{"a":1,\n\n\n}', "\t[\r1 2]",
    '{"a": undefined}', '{"a": "it\'s"}', '{"a": \u201cx\u201d}', '{"a":1;"b":2}', '{"a":"b""c":1}', "/* c */ {}", "{} // c",
    '{"messages": [{"role": "user", "content": "He said "hi" to me"}]}', '{"messages": [{"role": "user" "content": "x"}]}',
]


def mutations() -> list[str]:
    rng = random.Random(33)
    lines = []
    for _ in range(400):
        line = ROW
        for _ in range(rng.randint(1, 2)):
            at = rng.randrange(len(line))
            kind = rng.randrange(3)
            if kind == 0:
                line = line[:at] + line[at + 1 :]
            elif kind == 1:
                line = line[:at] + rng.choice('{}[]",:\\\t0-e.u') + line[at:]
            else:
                line = line[:at]
        lines.append(line)
    return lines


def verdict(line: str) -> dict:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        return {"line": line, "error": str(error)}
    try:
        return {"line": line, "value": json.dumps(value, allow_nan=False, separators=(",", ":"))}
    except ValueError:
        return {"line": line, "value": "not finite" if not isinstance(value, float) or not math.isfinite(value) else ""}


def main() -> None:
    # A byte order mark is taken off by whoever reads the file, so Python's own sentence for it does not occur.
    lines = [line for line in LINES + mutations() if not line.startswith("\ufeff")]
    (RESOURCES / "python-json-golden.json").write_text(json.dumps([verdict(line) for line in lines], indent=0) + "\n")


if __name__ == "__main__":
    main()
