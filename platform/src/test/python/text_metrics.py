"""Writes platform/src/test/resources/dev/luthier/platform/graders/metrics.json: how alike texts are
by public implementations, for MetricTest.

    pip install nltk rouge-score rapidfuzz
    python text_metrics.py > ../resources/dev/luthier/platform/graders/metrics.json

Written with nltk 3.10.4, rouge-score 0.1.2 and rapidfuzz 3.14.6.
"""

import json
import random
import re

from nltk.stem.porter import PorterStemmer
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from nltk.translate.gleu_score import sentence_gleu
from nltk.translate.meteor_score import single_meteor_score
from rapidfuzz import fuzz
from rouge_score.rouge_scorer import RougeScorer


class NoSynonyms:
    """Stands where nltk wants WordNet."""

    @staticmethod
    def synsets(_word):
        return []


class Stemmer:
    """Porter's algorithm; as in his own program, words of one or two letters stay as they are."""

    porter = PorterStemmer(mode=PorterStemmer.ORIGINAL_ALGORITHM)

    def stem(self, word):
        return word if len(word) < 3 else self.porter.stem(word)


STEMMER = Stemmer()
ROUGE = ["rouge1", "rouge2", "rouge3", "rouge4", "rouge5", "rougeL"]
SCORER = RougeScorer(ROUGE)

PAIRS = [
    ("Paris", "Paris"),
    ("paris", "Paris"),
    ("The capital of France is Paris.", "Paris is the capital of France."),
    ("the cat sat on the mat", "on the mat sat the cat"),
    ("It is a guide to action which ensures that the military always obeys the commands of the party",
     "It is a guide to action that ensures that the military will forever heed Party commands"),
    ("the the the the the the the", "the cat is on the mat"),
    ("Runners were running happily through the hopping generalizations",
     "A runner runs happy, hoping for the general relativity of operators"),
    ("12.5 kg, not 12,5 kg!", "12.5 kg"),
    ("nothing alike", "other words here"),
    ("one", "one two three four five six seven eight"),
    ("a b c d e f g", "a b c x e f g"),
]

VOCABULARY = """the a of to and in is was for on with as his they be at one have this from or had by
hot but some what there we can out other were all your when up use word how said an each she which do
their time if will way about many then them would write like so these her long make thing see him two
has look more day could go come did my sound no most number who over know water than call first people
may down side been now find any new work part take get place made live where after back little only
round man year came show every good me give our under name very through just form great think say help
low line before turn cause same mean differ move right boy old too does tell sentence set three want
air well also play small end put home read hand port large spell add even land here must big high such
follow act why ask men change went light kind off need house picture try us again animal point mother
world near build self earth father relational conditional rational valenci hesitanci digitizer
conformabli radicalli differentli vileli analogousli vietnamization predication operator feudalism
decisiveness hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative formalize
electriciti electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable
defensible irritant replacement adjustment dependent adoption homologou communism activate angulariti
homologous effective bowdlerize probate rate cease controll roll caresses ponies ties caress cats feed
agreed plastered bled motoring sing conflated troubled sized hopping tanned falling hissing fizzed
failing filing happy sky""".split()


def words_with_marks(text):
    return re.findall(r"[^\W_]+|[^\w\s]|_", text)


def folded(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def measures(said, wanted):
    rouge = SCORER.score(wanted, said)
    smooth = SmoothingFunction().method2
    orders = min(4, len(words_with_marks(said)))
    result = {
        "fuzzy_match": fuzz.ratio(said, wanted) / 100,
        "bleu": float(sentence_bleu([words_with_marks(wanted)], words_with_marks(said),
                                    weights=[1 / orders] * orders,
                                    smoothing_function=smooth)),
        "gleu": float(sentence_gleu([words_with_marks(wanted)], words_with_marks(said))),
        "meteor": single_meteor_score(folded(wanted), folded(said), stemmer=STEMMER,
                                      wordnet=NoSynonyms),
    }
    for name in ROUGE:
        result["rouge_" + name.removeprefix("rouge").lower()] = rouge[name].fmeasure
    return result


def main():
    random.seed(20261123)
    pairs = list(PAIRS)
    for _ in range(60):
        wanted = random.choices(VOCABULARY, k=random.randint(1, 40))
        said = [w for w in wanted if random.random() < 0.8]
        for _ in range(random.randint(0, 8)):
            said.insert(random.randint(0, len(said)), random.choice(VOCABULARY))
        if random.random() < 0.3:
            random.shuffle(said)
        pairs.append((" ".join(said or ["x"]), " ".join(wanted)))
    # Longer than the 64 places that are compared at a time.
    pairs.append((" ".join(random.choices("ab cd ef".split(), k=90)),
                  " ".join(random.choices("ab cd ef".split(), k=110))))
    print(json.dumps({
        "pairs": [{"said": s, "wanted": w, "measures": measures(s, w)} for s, w in pairs],
        "stems": {word: STEMMER.stem(word) for word in sorted(set(VOCABULARY))},
    }, indent=1))


if __name__ == "__main__":
    main()
