"""Asks a server for answers to random JSON schemas and holds each against its schema, by a validator that is not ours.

    python schemas.py 1000 20261123     # so many answers, from this seed; OPENAI_BASE_URL and OPENAI_API_KEY are set

Answers that end for their length are counted apart. Ends with 1 if an answer that is whole does not satisfy its schema, or
if most of them were cut.
"""

import concurrent.futures
import json
import os
import random
import sys

import jsonschema_rs
import requests

MODEL = "smollm2-135m-instruct"
TOKENS_MAX = 400
AT_ONCE = 8
SUBJECTS = ["a ship", "my garden", "an invoice", "the weather", "a recipe for soup", "two friends", "a chess game", "Пловдив"]
WORDS = ["name", "size", "tags", "next", "when", "price", "parts", "note", "ключ", "a b"]


class Draw:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one_of(self, *choices):
        return self.random.choice(choices)

    def schema(self):
        """An object at the top, as strict answers want it; a third of them refer to themselves."""
        self.recursive = self.random.random() < 0.33
        top = self.object(0)
        if self.recursive:
            top["properties"]["next"] = {"anyOf": [{"$ref": "#/$defs/link"}, {"type": "null"}]}
            top["required"].append("next") if "next" not in top["required"] else None
            top["$defs"] = {"link": {
                "type": "object", "additionalProperties": False, "required": ["value", "next"],
                "properties": {"value": self.scalar(), "next": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/link"}]}}}}
        return top

    def object(self, depth):
        names = self.random.sample(WORDS, self.random.randint(1, 4 - depth))
        return {
            "type": "object", "properties": {name: self.any(depth + 1) for name in names}, "required": list(names),
            "additionalProperties": False}

    def any(self, depth):
        if depth < 3 and self.random.random() < 0.35:
            return self.one_of(self.object, self.array, self.either)(depth)
        return self.scalar()

    def array(self, depth):
        least = self.random.randint(0, 2)
        return {"type": "array", "items": self.any(depth + 1), "minItems": least, "maxItems": least + self.random.randint(0, 2)}

    def either(self, depth):
        return {"anyOf": [self.any(depth + 1), self.scalar()]}

    def scalar(self):
        return self.one_of(
            lambda: {"type": "boolean"},
            lambda: {"type": "null"},
            lambda: {"enum": self.random.sample(["red", "green", "a \"b\"", 1, 2.5, None, True, "жълто"], 3)},
            lambda: {"type": "string", "maxLength": self.random.randint(0, 12)},
            lambda: {"type": "string", "minLength": 3, "maxLength": 9},
            lambda: {"type": "string", "pattern": self.one_of("^[a-z]{2,5}$", "^\\d{4}-\\d{2}$", "^(yes|no|maybe)$", "^[A-Z]\\w{0,3}!?$")},
            lambda: {"type": "integer", "minimum": self.random.randint(-50, 0), "maximum": self.random.randint(1, 2000)},
            lambda: {"type": "integer", "exclusiveMinimum": self.random.randint(-9, 9)},
            lambda: {"type": "number", "minimum": -1.5, "maximum": self.random.randint(0, 9) + 0.25},
            lambda: {"type": ["string", "null"], "maxLength": 6},
        )()


def ask(number, schema, strict, subject, seed):
    body = {
        "model": MODEL, "max_completion_tokens": TOKENS_MAX, "seed": seed + number,
        "messages": [{"role": "user", "content": f"Tell me of {subject} as JSON."}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": strict, "schema": schema}}}
    key = {"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]}
    answer = requests.post(os.environ["OPENAI_BASE_URL"] + "/chat/completions", json=body, headers=key, timeout=600)
    if answer.status_code != 200:
        return f"{answer.status_code} {answer.text} to {json.dumps(schema)}"
    choice = answer.json()["choices"][0]
    if choice["finish_reason"] == "length":
        return None
    text = choice["message"]["content"]
    try:
        jsonschema_rs.validate(schema, json.loads(text))
    except (ValueError, jsonschema_rs.ValidationError) as wrong:
        return f"{text!r} to {json.dumps(schema)}: {wrong}"
    return ""


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    draw = Draw(seed)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [
            pool.submit(ask, number, draw.schema(), draw.random.random() < 0.5, draw.one_of(*SUBJECTS), seed)
            for number in range(count)]
        results = [each.result() for each in asked]
    cut = results.count(None)
    wrong = [result for result in results if result]
    print(f"{count} answers, {cut} cut for their length, {len(wrong)} wrong")
    print("\n".join(wrong[:10]))
    sys.exit(1 if wrong or cut > count / 2 else 0)


if __name__ == "__main__":
    main()
