#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: prose.py [-v] FILE.md...

Counts how easy the prose of FILEs is to read: a line for each, and one for all together.
  words     in sentences; code blocks, tables, headings and pictures are not prose
  mean      words a sentence
  over 35   share of the sentences that are longer than 35 words
  ;         semicolons per 1,000 words
  you       "you", "your" and "yours" per 1,000 words
-v prints each sentence of over 35 words, too.

A word is what stands between blanks, `code in backquotes' is one. An item of a list is a paragraph. A sentence ends
at . ! ? or : at the end of a paragraph, or where a blank and a capital, a digit or a quote follows.
Status: 0 all FILEs together keep the bars, 1 they don't, 2 usage.
"""
import re
import sys

BARS = (("mean", 14.0, "at most"), ("over 35", 1.0, "at most"), (";", 3.0, "at most"), ("you", 5.0, "at least"))


def paragraphs(text):
    """The prose of a page of Markdown, a paragraph or an item of a list at a time."""
    text = re.sub(r"^(```|~~~).*?^\1[^\n]*$", "", text, flags=re.M | re.S)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    block = []
    for line in text.split("\n") + [""]:
        if re.match(r"\s*([-*+]|\d+\.)\s", line) and block:
            yield " ".join(block)
            block = []
        prose = line.strip() and not re.match(r"\s*(\||#|!\[|<)", line) and not re.match(r"    |\t", line if not block else "")
        if prose:
            block.append(re.sub(r"^([-*+>]|\d+\.)\s+", "", line.strip()))
        elif block:
            yield " ".join(block)
            block = []


def sentences(paragraph):
    """Lists of words."""
    plain = re.sub(r"`[^`]*`", "`code`", paragraph)
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", plain)
    for sentence in re.split(r"(?<=[.!?])[\"*)]*\s+(?=[A-Z0-9\"`*(])|(?<=:)\s+$", plain):
        words = [word for word in sentence.split() if re.search(r"\w", word)]
        if words:
            yield words


def count(text):
    """Sentences, words, longest ones, semicolons, and words that address the reader."""
    every = [words for paragraph in paragraphs(text) for words in sentences(paragraph)]
    words = [word for sentence in every for word in sentence]
    return {
        "sentences": len(every),
        "words": len(words),
        "long": [" ".join(sentence) for sentence in every if len(sentence) > 35],
        "semicolons": sum(word.count(";") for word in words),
        "you": sum(bool(re.fullmatch(r"\W*(you|your|yours)(['’]\w+)?\W*", word, re.I)) for word in words),
    }


def figures(counted):
    """What the bars are for, of what count() returned."""
    words = counted["words"] or 1
    return {
        "mean": words / (counted["sentences"] or 1),
        "over 35": 100 * len(counted["long"]) / (counted["sentences"] or 1),
        ";": 1000 * counted["semicolons"] / words,
        "you": 1000 * counted["you"] / words,
    }


def main(arguments):
    verbose = arguments[:1] == ["-v"]
    files = arguments[verbose:]
    if not files or files[0].startswith("-"):
        print(__doc__, end="", file=sys.stdout if files[:1] == ["-h"] else sys.stderr)
        return 0 if files[:1] == ["-h"] else 2
    print(f"{'file':28} {'words':>7} {'mean':>6} {'over 35':>8} {';':>6} {'you':>6}")
    together = {"sentences": 0, "words": 0, "long": [], "semicolons": 0, "you": 0}
    for name in files:
        with open(name, encoding="utf-8") as file:
            counted = count(file.read())
        for key in together:
            together[key] += counted[key]
        row(name, counted)
        for sentence in counted["long"] if verbose else ():
            print(f"    {sentence}")
    row("all", together)
    found = figures(together)
    bad = [f"{name} {found[name]:.1f}, {way} {bar}" for name, bar, way in BARS
           if (found[name] > bar if way == "at most" else found[name] < bar)]
    for line in bad:
        print("missed: " + line)
    return 1 if bad else 0


def row(name, counted):
    found = figures(counted)
    print(f"{name:28} {counted['words']:7} {found['mean']:6.1f} {found['over 35']:7.1f}% {found[';']:6.1f} {found['you']:6.1f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
