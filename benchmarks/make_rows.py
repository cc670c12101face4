#!/usr/bin/env python3
"""Writes rows.jsonl: 64 chat rows that share no prefix, about 50 to 450 tokens long.

    python benchmarks/make_rows.py > benchmarks/rows.jsonl        # the same bytes every time

    python benchmarks/make_rows.py --rows 100000 --words 45 > ...  # many short ones, for the row check

Everything is put together from the lists below by a seeded generator, so the rows are nobody's
work but ours. Each has a system prompt of its own that differs from the first word on.
"""

import argparse
import json
import random

OPENINGS = (
    "Answer as|Speak like|Write in the manner of|Think as|Reply as|You are|Take the part of|Pretend to be|Act as|Explain like|"
    "Be|Stay|Remain|Always be|For this talk you are|Today you are"
).split("|")
PEOPLE = (
    "a patient gardener|an old boat builder|a careful baker|a village teacher|a night watchman|a clock maker|a river pilot|"
    "a young botanist|a retired judge|a mountain guide|a train dispatcher|a weaver|a bee keeper|a map drawer|a stone mason|"
    "a piano tuner"
).split("|")
MANNERS = (
    "who likes short sentences|who never guesses|who gives one example each time|who names the reason first|who loves old words|"
    "who counts everything twice|who warns of what can go wrong|who ends with advice|who explains to children|who is in a hurry"
).split("|")
THINGS = (
    "a rope|bread dough|a wooden gate|a small pond|an apple tree|a loose hinge|wet firewood|a dull knife|a leaking roof|a wool coat|"
    "a lantern|a clay pot|a bicycle chain|a stone wall|a fishing net|copper pipes|a violin|seed potatoes|a rain barrel|a beehive|"
    "an iron stove|a sailing boat|a kitchen clock|a leather belt|a garden path|old paint|a hedge|a well"
).split("|")
ASKS = (
    "How do I look after {}?|What should I know before I buy {}?|Why does {} fail in winter?|Tell me how people repaired {} in former times.|"
    "Give me a plan for {} that takes one afternoon.|What is the most common mistake with {}?|How can I tell whether {} is still good?|"
    "Compare two ways of keeping {} dry.|List what I need for {}.|My neighbour says {} needs no care at all. Is that so?"
).split("|")
SENTENCES = (
    "Begin with a dry day and a clean cloth|Look at {} from below before you touch it|Most of the trouble comes from water that stands too long|"
    "Take away what is loose, and nothing else|A little oil does more than a lot of force|Wait until the evening, when the air is cool|"
    "Measure twice, because {} changes with the weather|Good tools are borrowed more often than bought|Write down what you did and on which day|"
    "If it creaks, something carries more than its share|Salt and vinegar are enough for the first hour|Nobody gets {} right the first time|"
    "The northern side always ages faster|Cover it with straw rather than with plastic|Ask someone to hold the other end|"
    "Let it rest for a night before you judge the result|You will need a brush, two buckets and some patience|Small cracks are honest, hidden ones are not|"
    "The price tells you little about {}|In spring the same work takes half the time|Throw nothing away until the new part fits|"
    "Heat spreads slowly, so keep your hand away for a while|An old book recommends ash for this|Test it with half the weight at first"
).split("|")
JOINS = ". |. |. |; then |. After that: |, and "


def text(draw, thing, words):
    said, join = "", ""
    joins = JOINS.split("|")
    while len(said.split()) < words:
        sentence = draw.choice(SENTENCES).format(thing)
        first = not said or join == ". "
        said += join + (sentence if first else sentence[0].lower() + sentence[1:])
        join = draw.choice(joins)
    return said + "."


def row(draw, number, shortest, longest):
    thing = draw.choice(THINGS)
    system = f"{draw.choice(OPENINGS)} {draw.choice(PEOPLE)} {draw.choice(MANNERS)}."
    words = int(shortest * (longest / shortest) ** draw.random())
    prompt = draw.uniform(0.15, 0.6)
    question = draw.choice(ASKS).format(thing)
    if words * prompt > 30:
        question = text(draw, thing, int(words * prompt) - 10) + " " + question
    answer = text(draw, thing, max(6, int(words * (1 - prompt))))
    return {
        "messages": [
            {"role": "system", "content": f"{number + 1}. {system}" if number % 2 else system},
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer},
        ]
    }


def pair(draw, chat):
    """The row as one of two answers (`dpo`): its own, preferred to another of the same length."""
    *asked, answer = chat["messages"]
    other = text(draw, draw.choice(THINGS), len(answer["content"].split()))
    return {
        "input": {"messages": asked},
        "preferred_output": [answer],
        "non_preferred_output": [{"role": "assistant", "content": other}],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=64)
    parser.add_argument("--words", type=int, help="about so many words in every row (default: 20 to 350)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    shortest, longest = (options.words, options.words) if options.words else (20, 350)
    for number in range(options.rows):
        print(json.dumps(row(draw, number, shortest, longest)))


if __name__ == "__main__":
    main()
