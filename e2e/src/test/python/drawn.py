"""Turns requests that schemathesis draws to things that are there: without it nearly all would end at an unknown id.

OPENAI_BASE_URL and OPENAI_API_KEY say where. Every fourth request stays as it was drawn.
"""

import itertools
import json
import os
import urllib.request

import schemathesis

BASE = "gpt-4o-mini"
TOKENS = 4
count = itertools.count()


def ask(path, body, content_type="application/json"):
    request = urllib.request.Request(
        os.environ["OPENAI_BASE_URL"] + path,
        body if isinstance(body, bytes) else json.dumps(body).encode(),
        {"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"], "Content-Type": content_type},
    )
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)["id"]


def upload(purpose, rows):
    lines = "\n".join(json.dumps(row) for row in rows)
    parts = 'Content-Disposition: form-data; name="purpose"\r\n\r\n%s\r\n--x\r\n' % purpose
    parts += 'Content-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n%s\r\n' % lines
    return ask("/files", ("--x\r\n" + parts + "--x--\r\n").encode(), "multipart/form-data; boundary=x")


def said(*contents):
    return [{"role": role, "content": text} for role, text in zip(("user", "assistant"), contents)]


CHAT = {"model": BASE, "messages": said("Hello"), "max_tokens": TOKENS, "store": True}
CRITERION = {"type": "string_check", "name": "same", "input": "{{item.a}}", "operation": "eq", "reference": "a"}
ROWS = upload("fine-tune", [{"messages": said("%d?" % i, "%d!" % i)} for i in range(10)])
LINES = upload(
    "batch",
    [{"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": CHAT}],
)
JOB = ask("/fine_tuning/jobs", {"model": BASE, "training_file": ROWS})
ask("/fine_tuning/jobs/%s/cancel" % JOB, {})
CONFIG = {"type": "custom", "item_schema": {"type": "object", "properties": {"a": {"type": "string"}}}}
EVAL = ask("/evals", {"data_source_config": CONFIG, "testing_criteria": [CRITERION]})
SOURCE = {"type": "jsonl", "source": {"type": "file_content", "content": [{"item": {"a": "a"}}]}}
THERE = {
    "file_id": ROWS,
    "fine_tuning_job_id": JOB,
    "model": BASE,
    "completion_id": ask("/chat/completions", CHAT),
    "response_id": ask("/responses", {"model": BASE, "input": "Hello", "max_output_tokens": 16}),
    "eval_id": EVAL,
    "run_id": ask("/evals/%s/runs" % EVAL, {"data_source": SOURCE}),
    "batch_id": ask(
        "/batches",
        {"input_file_id": LINES, "endpoint": "/v1/chat/completions", "completion_window": "24h"},
    ),
    "upload_id": ask(
        "/uploads",
        {"filename": "a.jsonl", "purpose": "fine-tune", "bytes": 9, "mime_type": "text/jsonl"},
    ),
}
FIELDS = {"model": BASE, "training_file": ROWS, "validation_file": ROWS, "input_file_id": LINES}
LENGTHS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
DEARER = {"n": 2, "best_of": 2}


def as_drawn():
    return next(count) % 4 == 0


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    keeps = context.operation.method.upper() == "DELETE" or as_drawn()
    if keeps or not isinstance(path_parameters, dict):
        return path_parameters
    return {name: THERE.get(name, value) for name, value in path_parameters.items()}


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict):
        return body
    changed = dict(body)
    for name, most in [*((length, 4 * TOKENS) for length in LENGTHS), *DEARER.items()]:
        if isinstance(body.get(name), int) and body[name] > most:
            changed[name] = most
    if context.operation.path in ("/chat/completions", "/completions"):
        changed.setdefault("max_tokens", TOKENS)
    elif context.operation.path == "/responses":
        changed.setdefault("max_output_tokens", 4 * TOKENS)
    if not as_drawn():
        changed.update({name: value for name, value in FIELDS.items() if name in body})
    return changed


def whole(fields):
    if not isinstance(fields, dict) or fields.get("stream") not in (True, "true"):
        return fields
    return {name: value for name, value in fields.items() if name != "stream"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Streams are held against the description by other tests: schemathesis holds each event, its name and its data, against
    the schema of the data, and finds every stream wrong that it happens to draw."""
    case.query = whole(case.query)
    case.body = whole(case.body)
