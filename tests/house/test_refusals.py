"""A refusal says what is wrong and what to do: each sentence has a clause that tells somebody to act.

By form alone: a clause that begins with one of the verbs below, or a question to answer. A sentence
that only carries another one (`Line {line}: {fault}`) is looked at where that other one is written.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "stepdesk"
SAYS = frozenset({"Refusal", "Doubt", "Trouble", "_Refused"})
VERBS = """
accept add answer approve ask begin book bring call cancel change check choose close
compare confirm copy correct count date decide do draw end enter extend file fill find
finish free give go have hear install issue keep leave let lift look lower make match
move name note open pass pay place press print promise put raise read record register
repair restore review round run save say scan search see send set shorten show sign
split start take tell tie try turn type undo use verify wait write
"""
ACTS = frozenset(VERBS.split())
CLAUSE = re.compile(r"[.:;?!,(}]\s*|\b(?:or|and|then|first|else|but|only|please|if so)\b\s*")
CARRIES = re.compile(r"\{\w+\}\.?$")
EXCEPTIONS = {
    # The fault of the first line, with its way out, and how many more lines have one.
    "Line {line}: {fault} {count} lines of the list cannot stand.",
}


def named(call: ast.Call) -> str:
    told = call.func
    return told.id if isinstance(told, ast.Name) else getattr(told, "attr", "")


def sentences() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or named(call) not in SAYS:
                continue
            for inner in ast.walk(call):
                if isinstance(inner, ast.Call) and named(inner) == "N_":
                    told = inner.args[0]
                    if isinstance(told, ast.Constant):
                        yield str(told.value), f"{path.relative_to(ROOT)}:{call.lineno}"


def tells_to_act(sentence: str) -> bool:
    words = (re.match(r"[a-z]+", one.strip().lower()) for one in CLAUSE.split(sentence))
    asks = "?" in sentence
    return asks or any(word is not None and word[0] in ACTS for word in words)


def test_each_refusal_says_what_to_do() -> None:
    found = dict(sentences())
    assert len(found) > 500
    silent = {
        place: sentence
        for sentence, place in found.items()
        if not tells_to_act(sentence)
        and not CARRIES.search(sentence)
        and sentence not in EXCEPTIONS
    }
    assert silent == {}


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("Nobody is registered under this number.", False),
        ("NOPE is not in the catalogue.", False),
        ("This may not be below zero.", False),
        ("This is below zero. Type 0 or more.", True),
        ("{day} is {count} days ago. Is the day right?", True),
        ("The box was ended. Choose another one.", True),
        ("This is needed: fill it in.", True),
    ],
)
def test_what_tells_somebody_to_act(sentence: str, acts: bool) -> None:
    assert tells_to_act(sentence) is acts
