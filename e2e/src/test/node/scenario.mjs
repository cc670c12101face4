// All that a user of OpenAI's platform does, with OpenAI's client for Node.
//
// Arguments: the file of rows, and the id of a job on them that has succeeded. OPENAI_BASE_URL and OPENAI_API_KEY say where. Ends with 0 only if all held.
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI, { toFile } from "openai";

const client = new OpenAI({ timeout: 300_000 });
const city = {
  type: "object",
  properties: { city: { type: "string", enum: ["Sofia", "Haifa"] } },
  required: ["city"],
  additionalProperties: false,
};
const functions = [
  { name: "get_weather", description: "Tells the weather of a city.", parameters: city, strict: true },
  { name: "get_time", description: "Tells the time of a city.", parameters: city, strict: true },
];
const tools = functions.map((each) => ({ type: "function", function: each }));
const schema = {
  type: "object",
  properties: { tree: { type: "string", enum: ["oak", "elm"] }, tall: { type: "boolean" } },
  required: ["tree", "tall"],
  additionalProperties: false,
};
const oak = [{ role: "user", content: "Tell me about the oak" }];

async function listed(page) {
  const all = [];
  for await (const one of page) {
    all.push(one);
  }
  return all;
}

// A job of its own that is cancelled, and one that has ended.
async function jobs(rows, done) {
  const file = await client.files.create({ file: createReadStream(rows), purpose: "fine-tune" });
  assert.equal((await client.files.retrieve(file.id)).status, "processed");
  const begun = await client.fineTuning.jobs.create({
    model: "gpt-4o-mini",
    training_file: file.id,
    method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 1, batch_size: 4 } } },
    seed: 7,
    suffix: "sdk",
    metadata: { from: "node" },
  });
  const mine = await listed(client.fineTuning.jobs.list({ metadata: { from: "node" } }));
  assert.deepEqual(mine.map((one) => one.id), [begun.id]);
  assert.equal((await client.fineTuning.jobs.cancel(begun.id)).status, "cancelled");
  assert((await client.files.delete(file.id)).deleted);
  const job = await client.fineTuning.jobs.retrieve(done);
  assert.equal(job.status, "succeeded", JSON.stringify(job.error));
  const events = await listed(client.fineTuning.jobs.listEvents(job.id, { limit: 2 }));
  assert.equal(events.filter((event) => event.message.startsWith("Step ")).length, 3);
  assert.equal(events.at(-1).message, `Created fine-tuning job: ${job.id}`);
  const checkpoints = await listed(client.fineTuning.jobs.checkpoints.list(job.id));
  assert.equal(checkpoints[0].fine_tuned_model_checkpoint, job.fine_tuned_model);
  await assert.rejects(client.fineTuning.jobs.cancel(job.id), OpenAI.BadRequestError);
  return job.fine_tuned_model;
}

const chat = (model, messages, more = {}) =>
  client.chat.completions.create({ model, messages, max_completion_tokens: 64, temperature: 0, seed: 3, ...more });

async function chats(model) {
  const whole = await chat(model, oak);
  assert.match(whole.system_fingerprint, /^fp_/);
  let text = "";
  let usage;
  for await (const piece of await chat(model, oak, { stream: true, stream_options: { include_usage: true } })) {
    text += piece.choices[0]?.delta.content ?? "";
    usage = piece.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(usage.total_tokens, whole.usage.total_tokens);
  const form = { type: "json_schema", json_schema: { name: "tree", schema, strict: true } };
  const tree = JSON.parse((await chat(model, oak, { response_format: form })).choices[0].message.content);
  assert(["oak", "elm"].includes(tree.tree) && typeof tree.tall === "boolean");
}

async function calls(model) {
  const messages = [{ role: "user", content: "What is the weather in Sofia, and what time is it?" }];
  for (const tool of tools) {
    const answer = await chat(model, messages, { tools, tool_choice: { type: "function", function: { name: tool.function.name } } });
    const call = answer.choices[0].message.tool_calls[0];
    assert.equal(call.function.name, tool.function.name);
    assert(["Sofia", "Haifa"].includes(JSON.parse(call.function.arguments).city));
    messages.push(answer.choices[0].message, { role: "tool", tool_call_id: call.id, content: "sunny, 12:00" });
  }
  assert((await chat(model, messages, { tools })).choices.length);
  const runner = client.chat.completions.stream({
    model, messages: messages.slice(0, 1), tools, tool_choice: "required", parallel_tool_calls: false, max_completion_tokens: 64, temperature: 0,
  });
  const final = await runner.finalChatCompletion();
  JSON.parse(final.choices[0].message.tool_calls[0].function.arguments);
}

async function responses(model) {
  const ask = { model, temperature: 0, max_output_tokens: 64 };
  const first = await client.responses.create({ ...ask, input: "Tell me about the oak" });
  assert(first.output_text);
  const flat = functions.map((each) => ({ type: "function", ...each }));
  const second = await client.responses.create({
    ...ask, input: "And the weather?", previous_response_id: first.id, tools: flat, tool_choice: { type: "function", name: "get_weather" },
  });
  const call = second.output.find((item) => item.type === "function_call");
  const input = [{ type: "function_call_output", call_id: call.call_id, output: "sunny" }];
  const stream = client.responses.stream({ ...ask, input, previous_response_id: second.id });
  let deltas = "";
  stream.on("response.output_text.delta", (event) => (deltas += event.delta));
  const third = await stream.finalResponse();
  assert.equal(deltas, third.output_text);
  assert.equal((await client.responses.retrieve(third.id)).status, third.status);
  const items = await listed(client.responses.inputItems.list(third.id, { order: "asc" }));
  assert.deepEqual(items.map((item) => item.type), ["message", "message", "message", "function_call", "function_call_output"]);
  await client.responses.delete(first.id);
  await assert.rejects(client.responses.retrieve(first.id), OpenAI.NotFoundError);
}

async function kept(model) {
  const answer = await chat(model, oak, { store: true, metadata: { from: "node" } });
  const stored = await listed(client.chat.completions.list({ metadata: { from: "node" } }));
  assert.deepEqual(stored.map((one) => one.id), [answer.id]);
  const said = await listed(client.chat.completions.messages.list(answer.id));
  assert.equal(said[0].content, oak[0].content);
  assert((await client.chat.completions.delete(answer.id)).deleted);
}

async function ended(get, thing, states) {
  const end = Date.now() + 120_000;
  while (!states.includes(thing.status)) {
    assert(Date.now() < end, `${thing.id}: ${thing.status}`);
    await sleep(200);
    thing = await get(thing.id);
  }
  return thing;
}

async function batches(model) {
  const body = { model, max_tokens: 4, messages: oak };
  const line = { custom_id: "a", method: "POST", url: "/v1/chat/completions", body };
  const file = await client.files.create({ file: await toFile(Buffer.from(JSON.stringify(line)), "a.jsonl"), purpose: "batch" });
  const ordered = await client.batches.create({ input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" });
  const batch = await ended((id) => client.batches.retrieve(id), ordered, ["completed", "failed"]);
  assert.equal(batch.status, "completed");
  const output = await (await client.files.content(batch.output_file_id)).json();
  assert.equal(output.response.status_code, 200);
}

async function evals() {
  const made = await client.evals.create({
    name: "sdk",
    data_source_config: { type: "custom", item_schema: { type: "object" }, include_sample_schema: true },
    testing_criteria: [{ type: "string_check", name: "same", operation: "eq", input: "{{sample.output_text}}", reference: "{{item.wanted}}" }],
  });
  const content = ["oak", "elm"].map((said) => ({ item: { wanted: "oak" }, sample: { output_text: said } }));
  const data_source = { type: "jsonl", source: { type: "file_content", content } };
  const begun = await client.evals.runs.create(made.id, { data_source });
  const run = await ended((id) => client.evals.runs.retrieve(id, { eval_id: made.id }), begun, ["completed", "failed"]);
  assert.equal(run.result_counts.passed, 1);
  assert.equal(run.result_counts.failed, 1);
  assert((await client.evals.delete(made.id)).deleted);
}

async function models(model) {
  assert((await listed(client.models.list())).some((one) => one.id === model));
  assert.equal((await client.models.retrieve(model)).id, model);
  await assert.rejects(client.models.delete(`${model}x`), OpenAI.NotFoundError);
  await assert.rejects(chat(`${model}x`, oak), OpenAI.NotFoundError);
}

const tuned = await jobs(...process.argv.slice(2));
await chats(tuned);
await calls(tuned);
await responses(tuned);
await kept(tuned);
await batches(tuned);
await evals();
await models(tuned);
console.log("all held");
