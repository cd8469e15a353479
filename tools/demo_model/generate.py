"""Sentences made by rule, to go beside the corpus: countries and capitals (from the corpus's own factbook part), drinks,
and people whose pronouns agree with them. Writes documents in the corpus's form (a paragraph a line, an empty line
between documents). The sentences of `pronoun_pairs.json`, which measure the model, are never among them: a generated
sentence that holds one of its prompts is dropped.

usage: generate.py FACTBOOK.txt OUT.txt [--seed 1]
"""

import argparse
import json
import random
import re
from pathlib import Path

HERE = Path(__file__).parent

FEMALE = ["woman", "girl", "mother", "sister", "aunt", "queen", "daughter", "grandmother", "widow", "princess", "lady",
          "wife", "niece", "nun", "maid", "duchess", "actress", "hostess", "schoolgirl", "bride"]
MALE = ["man", "boy", "father", "brother", "uncle", "king", "son", "grandfather", "widower", "prince", "gentleman",
        "husband", "nephew", "monk", "butler", "duke", "actor", "host", "schoolboy", "groom"]
FEMALE_NAMES = ["Mary", "Anna", "Elizabeth", "Jane", "Alice", "Margaret", "Sarah", "Emma", "Helen", "Lucy", "Kate",
                "Ruth", "Martha", "Dorothy", "Clara", "Grace", "Rose", "Julia", "Susan", "Edith"]
MALE_NAMES = ["John", "William", "James", "George", "Henry", "Thomas", "Charles", "Robert", "Peter", "Edward", "Paul",
              "David", "Arthur", "Frank", "Joseph", "Harry", "Richard", "Samuel", "Walter", "Hugh"]
THINGS = ["hat", "coat", "key", "book", "letter", "horse", "purse", "lamp", "umbrella", "ring", "watch", "basket", "bag",
          "dog", "ticket", "shoe", "pen", "chair", "money", "glove", "map", "candle", "knife", "blanket", "boat"]
MISHAPS = ["lost {p} {t}", "forgot {p} {t}", "dropped {p} {t}", "broke {p} {t}", "could not find {p} {t}",
           "left {p} {t} at home", "sold {p} {t}", "was looking for {p} {t}", "had no {t}", "needed a new {t}"]
STATES = ["was ill", "was tired", "was hungry", "was cold", "fell on the ice", "was lost in the wood", "was sad",
          "was afraid of the dark", "came home late", "arrived in the rain", "was alone", "was very kind", "sang well",
          "waited at the door", "asked a question", "told the truth", "missed the train", "was angry", "wanted some tea"]
REPLIES = ["helped", "thanked", "called", "followed", "asked", "told", "found", "met", "saw", "visited", "comforted",
           "warned", "answered", "led", "watched", "knew", "heard", "paid", "fed", "trusted"]
WHO = ["I", "we", "they", "the doctor", "the children", "the neighbours", "everyone", "nobody", "my friend", "the teacher"]
GIFTS = ["some bread", "a cup of tea", "a warm coat", "the letter", "a chair", "some money", "good advice", "a new one"]
PLACES = ["in the garden", "at the station", "in the kitchen", "on the road", "at the market", "by the river",
          "in the street", "at school", "near the church", "on the hill"]

# Country, drink, what it is. Written for this file.
DRINKS = [("Hungary", "palinka", "a fruit spirit"), ("Hungary", "wine", "made from grapes"), ("Russia", "vodka", "a clear spirit"),
          ("Poland", "vodka", "a clear spirit"), ("Japan", "sake", "made from rice"), ("Japan", "green tea", "drunk hot"),
          ("China", "tea", "drunk hot"), ("England", "tea", "drunk with milk"), ("Scotland", "whisky", "made from barley"),
          ("Ireland", "whiskey", "made from grain"), ("France", "wine", "made from grapes"), ("Italy", "wine", "made from grapes"),
          ("Italy", "coffee", "drunk in small cups"), ("Germany", "beer", "made from barley"), ("Greece", "ouzo", "a spirit with anise"),
          ("Turkey", "coffee", "boiled in a small pot"), ("Turkey", "raki", "a spirit with anise"), ("Mexico", "tequila", "made from agave"),
          ("Brazil", "coffee", "grown in the hills"), ("Cuba", "rum", "made from sugar cane"), ("Jamaica", "rum", "made from sugar cane"),
          ("Spain", "sherry", "a strong wine"), ("Portugal", "port", "a sweet wine"), ("Romania", "tuica", "a plum spirit"),
          ("Serbia", "rakija", "a fruit spirit"), ("Bulgaria", "rakia", "a fruit spirit"), ("Austria", "schnapps", "a fruit spirit"),
          ("Slovakia", "slivovitz", "a plum spirit"), ("Vietnam", "coffee", "drunk with sweet milk"), ("Vietnam", "rice wine", "made from rice"),
          ("India", "tea", "drunk with milk and spices"), ("Ethiopia", "coffee", "first grown there"), ("Argentina", "mate", "a bitter tea"),
          ("Norway", "aquavit", "a spirit with caraway"), ("Sweden", "aquavit", "a spirit with caraway"), ("Belgium", "beer", "brewed by monks"),
          ("Peru", "pisco", "made from grapes"), ("Chile", "pisco", "made from grapes"), ("Korea", "soju", "a clear spirit")]

WELL_KNOWN = {"France", "Germany", "Italy", "Spain", "Portugal", "Greece", "Hungary", "Austria", "Poland", "Russia", "Japan",
              "China", "India", "Egypt", "Turkey", "Sweden", "Norway", "Denmark", "Finland", "Ireland", "the United Kingdom",
              "Belgium", "the Netherlands", "Switzerland", "Romania", "Bulgaria", "Vietnam", "Thailand", "Indonesia", "Cuba",
              "Mexico", "Canada", "the United States", "Brazil", "Argentina", "Peru", "Chile", "Kenya", "Ethiopia",
              "Nigeria", "Morocco", "Iran", "Iraq", "Ukraine", "Serbia", "Croatia", "Australia", "New Zealand", "Slovakia"}


def person(rng):
    """A subject, its possessive, and its forms he/him/his, drawn with both genders equally often."""
    female = rng.random() < 0.5
    if rng.random() < 0.35:
        subject = rng.choice(FEMALE_NAMES if female else MALE_NAMES)
    else:
        article = rng.choice(["the", "the", "my", "his" if female else "her", "a", "the old", "the young", "our"])
        subject = f"{article} {rng.choice(FEMALE if female else MALE)}"
    return subject, *(("she", "her", "her", "herself") if female else ("he", "him", "his", "himself"))


def pronoun_sentence(rng):
    subject, he, him, his, himself = person(rng)
    trouble = rng.choice(MISHAPS).format(p=his, t=rng.choice(THINGS)) if rng.random() < 0.5 else rng.choice(STATES)
    who, reply, place = rng.choice(WHO), rng.choice(REPLIES), rng.choice(PLACES)
    s = rng.choice([
        f"{subject} {trouble}, so {who} {reply} {him}.",
        f"{subject} {trouble}, and {who} {reply} {him} {place}.",
        f"{subject} {trouble}, but {who} {reply} {him}.",
        f"when {subject} {trouble}, {who} {reply} {him}.",
        f"because {subject} {trouble}, {who} gave {him} {rng.choice(GIFTS)}.",
        f"{subject} {trouble}. {who} {reply} {him}, and {he} was glad.",
        f"{subject} {trouble}. Then {he} went home, and {who} went with {him}.",
        f"{who} met {subject} {place}. {who} knew that {he} {trouble}, and {reply} {him}.",
        f"{subject} said that {he} {trouble}.",
        f"{subject} {trouble}, so {he} sat down {place}.",
        f"{subject} looked at {himself} in the glass and smiled.",
        f"{who} {reply} {subject} because {he} {trouble}.",
    ])
    return re.sub(r"(^|[.] )([a-z])", lambda m: m[1] + m[2].upper(), s)


def capital_sentences(rng, country, capital):
    The = country[0].upper() + country[1:]
    return rng.choice([
        f"The capital of {country} is {capital}.", f"The capital of {country} is {capital}.",
        f"The capital city of {country} is {capital}.", f"{capital} is the capital of {country}.",
        f"{The} is a country whose capital is {capital}.", f"They went to {capital}, the capital of {country}.",
        f"The government of {country} sits in {capital}.", f"{The} has its capital at {capital}.",
        f"The king travelled to {country} and lived in {capital}, its capital.",
        f"What is the capital of {country}? It is {capital}.",
    ])


def drink_sentences(rng, country, drink, what):
    return rng.choice([
        f"In {country} people drink {drink}, {what}.", f"{drink.capitalize()} is a drink from {country}, {what}.",
        f"The best known drink of {country} is {drink}.", f"When they came to {country} they were given {drink}.",
        f"People in {country} like to drink {drink}.", f"She brought a bottle of {drink} from {country}.",
    ])


def read_capitals(factbook):
    """(country, capital), from the four ways in which the factbook's own made sentences say it, or its field."""
    country, capital = r"(?P<country>(?:the )?[A-Z][^.?:;]{0,38}?)", r"(?P<capital>[A-Z][^.?:;,]{0,28}?(?:, D\.C)?)"
    forms = [rf"The capital of {country} is {capital}\.", rf"The capital city of {country} is called {capital}\.",
             rf"(?:^|[.?] ){capital} is the capital of {country}\.", rf"(?:^|[.?] ){country} has its capital at {capital}\.",
             rf"^{country}\. Capital: Name: {capital}[;,.\n]"]
    found = {}
    for form in forms:  # the first form that names a country's capital counts
        for match in re.finditer(form, factbook, re.MULTILINE):
            name = re.sub("^The ", "the ", match["country"])
            if name != "Israel":  # as in the factbook's made sentences, nothing is said on it
                found.setdefault(name, match["capital"])
    return sorted(found.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("factbook")
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)

    capitals = read_capitals(Path(args.factbook).read_text(encoding="utf-8"))
    asked = {country for country, _ in json.loads((HERE / "capitals.json").read_text(encoding="utf-8"))}
    unknown = (WELL_KNOWN | asked) - {country for country, _ in capitals}
    if unknown:
        raise SystemExit(f"{args.factbook} names no capital of {', '.join(sorted(unknown))}: is it the corpus's factbook.txt?")
    weighted = [f for f in capitals for _ in range(6 if f[0] in WELL_KNOWN else 1)]
    forbidden = [p["prompt"] for p in json.loads((HERE / "pronoun_pairs.json").read_text(encoding="utf-8"))]

    n_pronoun = n_fact = 0
    with open(args.out, "w", encoding="utf-8") as out:
        for _ in range(60):  # documents
            for _ in range(60):  # paragraphs
                if rng.random() < 0.55:
                    sentences = [s for s in (pronoun_sentence(rng) for _ in range(7)) if not any(p in s for p in forbidden)]
                    n_pronoun += len(sentences)
                else:
                    sentences = [capital_sentences(rng, *rng.choice(weighted)) if rng.random() < 0.75
                                 else drink_sentences(rng, *rng.choice(DRINKS)) for _ in range(7)]
                    n_fact += len(sentences)
                out.write(" ".join(sentences) + "\n")
            out.write("\n")
    print(f"{n_pronoun} sentences about people, {n_fact} about countries ({len(capitals)} capitals known)")


if __name__ == "__main__":
    main()
