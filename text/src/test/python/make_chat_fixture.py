"""Writes the ids that transformers' apply_chat_template gives for ordinary conversations: chat-golden.json.

    python text/src/test/python/make_chat_fixture.py

Made with transformers 5.23.0. Needs the files of make_tokenizer_fixture.py.
"""

import json
import pathlib

from transformers import PreTrainedTokenizerFast

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources"
BASE = RESOURCES / "tiny-base"

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather somewhere, in \u00b0C",
        "parameters": {"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"]},
    },
}


def say(role: str, content: str) -> dict:
    return {"role": role, "content": content}


CHATS = [
    {"messages": [say("user", "Tell me about spruce.")]},
    {"messages": [say("system", "You are a luthier."), say("user", "Tell me about spruce.")]},
    {"messages": [say("system", "Be brief."), say("user", "5 + 17?"), say("assistant", "22"), say("user", "And 1234567?"), say("assistant", "No.")]},
    {"messages": [say("user", "Grüße 😀 東京 مرحبا"), say("assistant", "e\u0301é 👩‍👩‍👧‍👦")]},
    {"messages": [say("user", "  blanks \n\n\t around \n"), say("assistant", "\n\nlines first")]},
    {"messages": [say("user", ""), say("assistant", "")]},
    {"messages": [say("user", "<tool_call> is no control token, <|im_star neither"), say("assistant", "{{ x }} {% y %}")]},
    {"messages": [say("user", "Weather in Lisbon?"), say("assistant", "Sunny.")], "tools": [WEATHER]},
    {
        "messages": [
            say("user", "Weather in Lisbon?"),
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"id": "1", "type": "function", "function": {"name": "get_weather", "arguments": {"location": "Lisbon"}}}],
            },
            {"role": "tool", "tool_call_id": "1", "content": "{\"celsius\": 21}"},
            say("assistant", "21 degrees."),
        ],
        "tools": [WEATHER],
    },
    {"messages": [say("user", "A long one. " * 200), say("assistant", "Yes. " * 300)]},
]


def main() -> None:
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(BASE / "tokenizer.json"), chat_template=(BASE / "chat_template.jinja").read_text()
    )
    golden = []
    for chat in CHATS:
        for generation in (False, True):
            ids = tokenizer.apply_chat_template(
                chat["messages"], tools=chat.get("tools"), add_generation_prompt=generation, tokenize=True, return_dict=False
            )
            golden.append({**chat, "add_generation_prompt": generation, "ids": ids})
    (RESOURCES / "chat-golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(tokenizer.decode(golden[17]["ids"]))


if __name__ == "__main__":
    main()
