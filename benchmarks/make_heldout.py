#!/usr/bin/env python3
"""Writes rows of real English that no model here was tuned on, for `luthier bench perplexity`: the topics that
Python's own help() shows, which every Python carries. A row asks to go on with a passage; the answer is what follows in the topic.

    python benchmarks/make_heldout.py > heldout.jsonl

The text belongs to Python's documentation (PSF licence); nothing of it is kept in this repository. Figures name the
Python version, since the topics change with it."""

import argparse
import json
import re

from pydoc_data.topics import topics


def passages(words):
    """Each topic in pieces of about `words` words, at the borders of sentences; markup and code are left out."""
    for name in sorted(topics):
        paragraphs = re.split(r"\n\s*\n", topics[name])
        prose = [" ".join(p.split()) for p in paragraphs if len(p.split()) > 25 and "::=" not in p and ">>>" not in p]
        piece = []
        for sentence in re.split(r"(?<=[.!?]) ", re.sub(r"[*`\"]", "", " ".join(prose))):
            piece.append(sentence)
            if sum(len(s.split()) for s in piece) >= words:
                yield " ".join(piece)
                piece = []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--words", type=int, default=150, help="about so many words of a passage (default: 150)")
    options = parser.parse_args()
    found = list(passages(options.words))
    step = max(1, (len(found) // 2) // options.rows)
    for number in range(0, len(found) - 1, 2 * step):
        if number // (2 * step) >= options.rows:
            break
        print(json.dumps({"messages": [
            {"role": "user", "content": "Go on with this text: " + found[number]},
            {"role": "assistant", "content": found[number + 1]}]}))


if __name__ == "__main__":
    main()
