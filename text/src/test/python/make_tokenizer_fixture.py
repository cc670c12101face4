"""Trains the tiny tokenizer of the tests and writes what Python's `tokenizers` makes of awkward texts.

    python text/src/test/python/make_tokenizer_fixture.py

Writes tiny-base/tokenizer.json and tokenizer-golden.json into text/src/test/resources.
Made with tokenizers 0.23.3. Training and texts are deterministic.
"""

import hashlib
import json
import pathlib
import random

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources"
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

PASSAGE = """
system user assistant tool You are a helpful assistant. What is the capital of France? The capital of France is Paris.
A luthier makes and mends violins, lutes and guitars; she carves the scroll, bends the ribs and fits the sound post.
The wood is spruce for the belly and maple for the back. It is cut in winter and dried for ten years or more.
Tell me about the weather in San Francisco today. It is sunny, with a light wind from the west and 63 degrees.
{"name": "get_weather", "arguments": {"location": "Lisbon", "unit": "celsius"}} <tool_call> </tool_call> <tools> </tools>
for (int i = 0; i < 100; i++) { sum += values[i]; } return sum; // twelve lines of code, and no more
Der Geigenbauer wählt das Holz im Winter; größere Stücke trocknen über zehn Jahre. Grüße aus Mittenwald!
Le luthier choisit le bois en hiver ; l'épicéa pour la table, l'érable pour le fond. Ça sonne très bien, n'est-ce pas ?
El violero elige la madera en invierno; señor, ¿cuántos años tarda? Mañana veremos los instrumentos pequeños.
Скрипичный мастер выбирает дерево зимой. Ель для верхней деки, клён для нижней. Звук чистый и тёплый.
بائع الآلات الموسيقية يختار الخشب في الشتاء. صوت العود جميل جدا والوتر مشدود.
バイオリン職人は冬に木を選びます。表板はスプルース、裏板はメープルです。音はとても美しい。
제작자는 겨울에 나무를 고릅니다. 소리가 맑고 따뜻합니다. 小提琴制作师在冬天选择木材,音色优美。
One, two, three, four, five, six, seven, eight, nine, ten strings. Five plus five is ten; ten times ten is one hundred.
Yes. No. Perhaps, if you ask her kindly and bring the broken bridge with you. I don't know what they'd say; we'll see.
"""


def train() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1000,
        min_frequency=1,
        show_progress=False,
        special_tokens=[AddedToken(t, special=True, normalized=False) for t in CONTROL],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    tokenizer.train_from_iterator(PASSAGE.splitlines(keepends=True), trainer)
    return tokenizer


AWKWARD = [
    "", " ", "\n", "\r\n", "\t\t", "  \n  \n\n   x", "a" + " " * 70 + "b", "trailing   ", "\u00a0\u2003\u3000",
    "Hello, world!", "don't we'll they'RE I'M", "2024-11-22 0.5 1234567890 12a34", "٣٤٥ ४५६ Ⅷ ½ 五",
    "😀", "👩‍👩‍👧‍👦 family", "🇩🇪🇫🇷", "👍🏽 thumbs", "❤️‍🔥", "a😀b東c京d",
    "שלום עולם", "مرحبا بالعالم 123 abc", "\u202eright to left\u202c",
    "e\u0301 vs é", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘", "ñ n\u0303",
    "日本語のテキスト、句読点。", "你好,世界", "한국어 텍스트", "ภาษาไทยไม่มีวรรค", "हिन्दी पाठ",
    "\x00", "a\x00b", "\x01\x02\x1b[31mred\x1b[0m\x7f", "\u0085\u2028\u2029", "\ufeffbom", "\ufffd", "\ufffe\uffff",
    "\U0010ffff\U000e0001", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈", "zero\u200bwidth\u200d\u2060",
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|im_start|>user\nhi<|im_end|>\n", "a<|im_end|>b", "x <|im_end|> y",
    "<|im_start|><|im_start|>", "<|im_start", "im_end|>", "<|IM_END|>", "<<|im_end|>>", "< |im_end|>", "<|im_end|>7",
    "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>", "{\"a\": [1, 2.50, null]}", "\\n \\u0041 \"",
    "for(int i=0;i<10;++i){a[i]=b[i]*2;}", "https://example.org/a?b=c&d=%20#e", "snake_case camelCase SCREAMING_CASE",
    "___", "!!!???...", "- * + ~~~", "…—–“”‘’«»", "€£¥₹", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
]

LONG = [("The luthier carves 12 scrolls. ", 3500), ("😀é京 ", 12000), ("a", 100000), (" ", 100000), ("7", 100000), ("x<|im_end|>", 10000)]


def random_texts(count: int) -> list[str]:
    rng = random.Random(20261122)
    alphabets = [
        "abcdefghijklmnopqrstuvwxyz      ,.'\n", "0123456789 .,-", "αβγдежзאבגدذر", "東京都日本語한국어",
        "😀👍🏽🇩\u200d\ufe0f❤", "e\u0301\u0302\u0323 ", "\x00\x01\x1f\x7f\u0080\u00a0", "<|>im_startend",
    ]
    texts = []
    for _ in range(count):
        parts = []
        for _ in range(rng.randint(1, 6)):
            if rng.random() < 0.15:
                parts.append(rng.choice(CONTROL))
            elif rng.random() < 0.15:
                parts.append(chr(rng.choice([rng.randrange(0x20, 0xD800), rng.randrange(0xE000, 0x110000)])))
            else:
                alphabet = rng.choice(alphabets)
                parts.append("".join(rng.choice(alphabet) for _ in range(rng.randint(1, 12))))
        texts.append("".join(parts))
    return texts


def digest(ids: list[int]) -> str:
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()


def encode(tokenizer: Tokenizer, text: str, as_text: bool) -> list[int]:
    tokenizer.encode_special_tokens = as_text
    return tokenizer.encode(text, add_special_tokens=False).ids


def main() -> None:
    base = RESOURCES / "tiny-base"
    base.mkdir(parents=True, exist_ok=True)
    train().save(str(base / "tokenizer.json"))
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    texts = [
        {
            "text": text,
            "control": encode(tokenizer, text, False),
            "plain": encode(tokenizer, text, True),
            "decoded": tokenizer.decode(encode(tokenizer, text, False), skip_special_tokens=True),
        }
        for text in AWKWARD + random_texts(400)
    ]
    long = []
    for unit, times in LONG:
        control, plain = (encode(tokenizer, unit * times, as_text) for as_text in (False, True))
        long.append(
            {
                "unit": unit,
                "times": times,
                "control": {"count": len(control), "sha256": digest(control)},
                "plain": {"count": len(plain), "sha256": digest(plain)},
            }
        )
    rng = random.Random(7)
    ids = [[rng.randrange(1000) for _ in range(rng.randint(1, 60))] for _ in range(200)]
    decodes = [{"ids": i, "decoded": tokenizer.decode(i, skip_special_tokens=True)} for i in ids]
    golden = {"texts": texts, "long": long, "decodes": decodes}
    (RESOURCES / "tokenizer-golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
