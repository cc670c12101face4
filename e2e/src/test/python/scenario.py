"""All that a user of OpenAI's platform does, with whichever version of OpenAI's Python client runs it.

Arguments: the file of rows, and the id of a job on them that has succeeded. OPENAI_BASE_URL and OPENAI_API_KEY say where. Ends with 0 only if all held.
"""

import base64
import json
import sys
import time

import openai

client = openai.OpenAI(timeout=300)
new = tuple(int(part) for part in openai.__version__.split(".")[:2]) >= (1, 109)
BASE = "gpt-4o-mini-2024-07-18"
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": "Tells the %s of a city." % what,
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "enum": ["Sofia", "Haifa"]}},
                "required": ["city"],
                "additionalProperties": False,
            },
            "strict": True,
        },
    }
    for name, what in (("get_weather", "weather"), ("get_time", "time"))
]
SCHEMA = {
    "type": "object",
    "properties": {"tree": {"type": "string", "enum": ["oak", "elm"]}, "tall": {"type": "boolean"}},
    "required": ["tree", "tall"],
    "additionalProperties": False,
}


def check(held, what):
    if not held:
        sys.exit("openai %s: %s" % (openai.__version__, what))


def jobs(rows, done):
    """A job of its own that is cancelled, and one that has ended."""
    with open(rows, "rb") as content:
        file = client.files.create(file=content, purpose="fine-tune")
    check(client.files.wait_for_processing(file.id).status == "processed", "file not processed")
    check(file.id in [one.id for one in client.files.list(purpose="fine-tune")], "file not listed")
    with open(rows, "rb") as content:
        check(client.files.content(file.id).read() == content.read(), "content of the file")
    numbers = {"n_epochs": 1, "batch_size": 4}
    job = client.fine_tuning.jobs.create(
        model=BASE, training_file=file.id, hyperparameters=numbers, seed=7, suffix="sdk"
    )
    check(job.id in [one.id for one in client.fine_tuning.jobs.list(limit=1)], "job not listed")
    check(client.fine_tuning.jobs.cancel(job.id).status == "cancelled", "job not cancelled")
    check(client.files.delete(file.id).deleted, "file not deleted")
    job = client.fine_tuning.jobs.retrieve(done)
    check(job.status == "succeeded" and not job.error and job.trained_tokens > 0, "ended job")
    events = list(client.fine_tuning.jobs.list_events(job.id, limit=2))
    steps = [event for event in events if event.message.startswith("Step ")]
    check(len(steps) == 3, "3 steps, but %s" % [event.message for event in events])
    check(events[-1].message == "Created fine-tuning job: " + job.id, "first event")
    checkpoints = list(client.fine_tuning.jobs.checkpoints.list(job.id))
    check(checkpoints[0].fine_tuned_model_checkpoint == job.fine_tuned_model, "checkpoint")
    figures = client.files.content(job.result_files[0]).read()
    check(b"train_loss" in base64.b64decode(figures), "result file")
    try:
        client.fine_tuning.jobs.cancel(job.id)
        check(False, "an ended job was cancelled")
    except openai.BadRequestError as refused:
        check(refused.body["type"] == "invalid_request_error", "envelope")
    return job.fine_tuned_model


def chat(model, messages, **more):
    return client.chat.completions.create(
        model=model, messages=messages, max_tokens=64, temperature=0, seed=3, **more
    )


def tools(model):
    asked = [{"role": "user", "content": "What is the weather in Sofia, and what time is it?"}]
    for tool in TOOLS:
        name = tool["function"]["name"]
        choice = {"type": "function", "function": {"name": name}}
        answer = chat(model, asked, tools=TOOLS, tool_choice=choice)
        call = answer.choices[0].message.tool_calls[0]
        check(answer.choices[0].finish_reason == "tool_calls", answer.choices[0])
        check(call.function.name == name, "the tool that was named")
        check(json.loads(call.function.arguments)["city"] in ("Sofia", "Haifa"), "arguments")
        asked += [
            answer.choices[0].message.model_dump(exclude_none=True),
            {"role": "tool", "tool_call_id": call.id, "content": "sunny, 12:00"},
        ]
    check(chat(model, asked, tools=TOOLS).choices, "an answer to both")
    stream = chat(
        model, asked[:1], tools=TOOLS, tool_choice="required", stream=True,
        extra_body={"parallel_tool_calls": False},
    )
    deltas = [chunk.choices[0].delta for chunk in stream]
    calls = [call for delta in deltas for call in delta.tool_calls or []]
    check(calls[0].id and calls[0].function.name in ("get_weather", "get_time"), "streamed name")
    json.loads("".join(call.function.arguments for call in calls))


def chats(model):
    asked = [{"role": "user", "content": "Tell me about the oak"}]
    whole = chat(model, asked, logprobs=True, top_logprobs=2)
    check(whole.system_fingerprint.startswith("fp_"), "fingerprint")
    check(len(whole.choices[0].logprobs.content[0].top_logprobs) == 2, "logprobs")
    pieces = list(chat(model, asked, stream=True, stream_options={"include_usage": True}))
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
    check(text == whole.choices[0].message.content, "streamed and whole differ")
    check(pieces[-1].usage.total_tokens == whole.usage.total_tokens, "usage")
    form = {"name": "tree", "schema": SCHEMA, "strict": True}
    answer = chat(model, asked, response_format={"type": "json_schema", "json_schema": form})
    tree = json.loads(answer.choices[0].message.content)
    check(tree["tree"] in ("oak", "elm") and isinstance(tree["tall"], bool), "json_schema")
    old = client.completions.create(model=model, prompt="The oak", max_tokens=4, logprobs=1)
    check(len(old.choices[0].logprobs.tokens) == 4, "completions")


def responses(model):
    ask = dict(model=model, temperature=0, max_output_tokens=64)
    first = client.responses.create(input="Tell me about the oak", instructions="Be brief", **ask)
    check(first.status in ("completed", "incomplete") and first.output_text, "response")
    flat = [{"type": "function", **tool["function"]} for tool in TOOLS]
    second = client.responses.create(
        input="And the weather?", previous_response_id=first.id, tools=flat,
        tool_choice={"type": "function", "name": "get_weather"}, **ask
    )
    call = [item for item in second.output if item.type == "function_call"][0]
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
    types, last = [], None
    for event in client.responses.create(
        input=[output], previous_response_id=second.id, stream=True, **ask
    ):
        types.append(event.type)
        last = event
    check(types[:2] == ["response.created", "response.in_progress"], "events %s" % types)
    check("response.output_text.delta" in types, "events %s" % types)
    check(last.response.status in ("completed", "incomplete"), "last event")
    check(client.responses.retrieve(last.response.id).output_text == last.response.output_text, "kept")
    said = [item.type for item in client.responses.input_items.list(last.response.id, order="asc")]
    check(said == ["message", "message", "message", "function_call", "function_call_output"], said)
    form = {"type": "json_schema", "name": "tree", "schema": SCHEMA, "strict": True}
    answer = client.responses.create(input="A tree", text={"format": form}, **ask)
    check(json.loads(answer.output_text)["tree"] in ("oak", "elm"), "text.format")
    late = client.responses.create(input="A tree", background=True, **ask)
    late = ended(client.responses.retrieve, late, ("completed", "incomplete", "failed"))
    check(late.output_text, "in the background: %s" % late.status)
    with client.responses.create(input="A tree", background=True, stream=True, **ask) as events:
        begun = next(iter(events))
    rest = list(
        client.responses.retrieve(
            begun.response.id, stream=True, starting_after=begun.sequence_number
        )
    )
    check(rest[0].sequence_number == begun.sequence_number + 1, "followed from where it was left")
    check(rest[-1].type in ("response.completed", "response.incomplete"), rest[-1].type)
    client.responses.delete(first.id)
    try:
        client.responses.retrieve(first.id)
        check(False, "a deleted response is there")
    except openai.NotFoundError:
        pass


def uploads(rows):
    file = client.uploads.upload_file_chunked(file=rows, mime_type="text/jsonl", purpose="fine-tune").file
    with open(rows, "rb") as content:
        check(client.files.content(file.id).read() == content.read(), "content of the upload")
    client.files.delete(file.id)


def kept(model):
    asked = [{"role": "user", "content": "Tell me about the elm"}]
    marks = {"from": openai.__version__}
    answer = chat(model, asked, store=True, metadata=marks)
    listed = [one.id for one in client.chat.completions.list(metadata=marks)]
    check(listed == [answer.id], "stored completions %s" % listed)
    said = list(client.chat.completions.messages.list(answer.id))
    check(said[0].content == asked[0]["content"], "stored messages")
    check(client.chat.completions.delete(answer.id).deleted, "stored completion not deleted")


def batches(model):
    body = {"model": model, "max_tokens": 4, "messages": [{"role": "user", "content": "Hello"}]}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": body}
    file = client.files.create(file=("a.jsonl", json.dumps(line).encode()), purpose="batch")
    batch = client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    batch = ended(client.batches.retrieve, batch, ("completed", "failed"))
    check(batch.status == "completed" and not batch.error_file_id, "batch %s" % batch)
    output = json.loads(client.files.content(batch.output_file_id).text)
    check(output["custom_id"] == "a" and output["response"]["status_code"] == 200, output)


def evals(model):
    same = {"type": "string_check", "name": "same", "operation": "eq"}
    same.update(input="{{sample.output_text}}", reference="{{item.wanted}}")
    shape = {"type": "object", "properties": {"wanted": {"type": "string"}}}
    made = client.evals.create(
        name="sdk",
        data_source_config={"type": "custom", "item_schema": shape, "include_sample_schema": True},
        testing_criteria=[same],
    )
    content = [
        {"item": {"wanted": "oak"}, "sample": {"output_text": said}} for said in ("oak", "elm")
    ]
    source = {"type": "jsonl", "source": {"type": "file_content", "content": content}}
    run = client.evals.runs.create(made.id, data_source=source)
    run = ended(lambda id: client.evals.runs.retrieve(id, eval_id=made.id), run, ("completed", "failed"))
    check((run.result_counts.passed, run.result_counts.failed) == (1, 1), run.result_counts)
    items = list(client.evals.runs.output_items.list(run.id, eval_id=made.id))
    check([item.status for item in items] == ["pass", "fail"], items)
    check(client.evals.delete(made.id).deleted, "eval not deleted")


def ended(get, thing, states):
    end = time.monotonic() + 120
    while thing.status not in states:
        check(time.monotonic() < end, "%s: %s" % (thing.id, thing.status))
        time.sleep(0.2)
        thing = get(thing.id)
    return thing


def models(model):
    check(model in [one.id for one in client.models.list()], "model not listed")
    check(client.models.retrieve(model).owned_by, "model")
    for ask in (client.models.delete, lambda name: chat(name, [{"role": "user", "content": "?"}])):
        try:
            ask(model + "x")
            check(False, "an unknown model is there")
        except openai.NotFoundError as missing:
            check(missing.code == "model_not_found", "code")


tuned = jobs(*sys.argv[1:])
chats(tuned)
tools(tuned)
if new:
    responses(tuned)
    uploads(sys.argv[1])
    kept(tuned)
    evals(tuned)
batches(tuned)
models(tuned)
print("openai %s: all held" % openai.__version__)
