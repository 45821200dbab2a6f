"""French and English are complete, their placeholders agree, and the compiled files are fresh.

French marks stay with their words, and no sentence needs an elision it does not make.
"""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from gettext import GNUTranslations
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from stepdesk.i18n import (
    Text,
    amount_text,
    catalogue,
    count_text,
    day_text,
    money_text,
    month_text,
    speak,
    weekday_text,
)
from stepdesk.paper.fonts import width_of, wrapped
from stepdesk.paper.thermal import ROLLS
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

ROOT = Path(__file__).resolve().parents[2]
FRANCS = Currency("XOF", 0)
PARTED = re.compile(r"\S[ \u202f]+[?:;!»%]|«[ \u202f]|[Nn]°[ \u202f]|\d[ \u202f]\d")
"""A mark a line break could part from what it belongs to."""
FIGURES = frozenset(
    [
        "age",
        "amount",
        "before",
        "booked",
        "cases",
        "claimed",
        "coin",
        "count",
        "covered",
        "days",
        "deviation",
        "difference",
        "held",
        "least",
        "limit",
        "member",
        "most",
        "now",
        "number",
        "open",
        "owed",
        "own",
        "peers",
        "percent",
        "rise",
        "share",
        "stated",
        "unsealed",
        "typed_on",
        "value",
        "year",
    ]
)
"""Placeholders that always hold a figure: none of them asks for an elision."""
FEES = frozenset({"fee"})
"""Filled by three words of the program alone, none of which begins with a vowel."""
DAYS = frozenset(
    [
        "asked",
        "begins",
        "counts",
        "cut",
        "day",
        "ended",
        "first",
        "free",
        "joined",
        "last",
        "on",
        "since",
        "today",
    ]
)
"""Placeholders that hold a day where `le` stands before them: le 8, le 11 are not elided."""
ELIDED = re.compile(
    r"\b(?:de|que|le|la|je|me|te|se|ne|ce|jusque|lorsque|puisque|quoique)[ \u00a0]⟦"
    r"(?=[aàâeéèêiîoôuûhy])",
    re.IGNORECASE,
)
MONTHS = [month_text(Month(2026, number), "fr") for number in range(1, 13)]
NAMES = ["Awa Konaté", "Élie Faye", "Île à Morphil", "Hôpital de Ndande", "Oumar", "Union"]


def french_words() -> list[str]:
    words = catalogue("fr")
    assert isinstance(words, GNUTranslations)
    told = vars(words)["_catalog"]
    return [said for key, said in told.items() if key]


def tools() -> ModuleType:
    place = importlib.util.spec_from_file_location("tools", ROOT / "installer" / "catalogues.py")
    assert place is not None
    assert place.loader is not None
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def named_in(told: object, language: str) -> Iterator[str]:
    """Return each text of a language in a file of a country, however deep it stands."""
    if isinstance(told, list):
        for one in told:
            yield from named_in(one, language)
    elif isinstance(told, dict):
        for key, one in told.items():
            if key == language and isinstance(one, str):
                yield one
            else:
                yield from named_in(one, language)


def test_the_catalogues_are_complete() -> None:
    told = subprocess.run(
        [sys.executable, "installer/catalogues.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_french_is_spoken() -> None:
    text = Text("There is a box {code} already. Choose another code.", {"code": "B1"})
    assert speak(text, "fr") == "Il y a déjà une caisse B1. Choisissez un autre code."
    assert speak(text, "en") == "There is a box B1 already. Choose another code."


def test_figures_are_written_as_people_write_them() -> None:
    francs = Money(1_500_000, Currency("XOF", 0))
    assert money_text(francs, "fr") == "1\u202f500\u202f000\u00a0F\u202fCFA"
    assert money_text(Money(-1250, Currency("XTS", 2)), "fr") == "-12,50\u00a0XTS"
    assert money_text(Money(1250, Currency("XTS", 2)), "en") == "12.50\u00a0XTS"
    assert day_text(date(2026, 3, 1), "fr") == "1er mars 2026"
    assert day_text(date(2026, 3, 2), "fr") == "2 mars 2026"
    assert day_text(date(2026, 3, 1), "en") == "1 March 2026"
    assert weekday_text(date(2026, 11, 23), "fr") == "lundi 23 novembre 2026"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Qui êtes-vous ?", "Qui êtes-vous\u00a0?"),
        ("Fini : oui ; non !", "Fini\u00a0: oui\u00a0; non\u00a0!"),
        ("Un dossier « backups » vide", "Un dossier «\u00a0backups\u00a0» vide"),
        ("{share} % de 1 500 000", "{share}\u00a0% de 1\u00a0500\u00a0000"),
        ("reçu n° {number}", "reçu n°\u00a0{number}"),
        ("déjà\u202f?", "déjà\u00a0?"),
        ("1: 400; 2: 500", "1: 400; 2: 500"),
        ("https://a.b/?c", "https://a.b/?c"),
        (": fin", ": fin"),
    ],
)
def test_french_marks_are_set_with_spaces_that_do_not_break(typed: str, kept: str) -> None:
    french: Callable[[str], str] = tools().french
    assert french(typed) == kept
    assert french(kept) == kept


def test_no_line_break_parts_a_french_mark_from_its_word() -> None:
    words = french_words()
    assert len(words) > 4000
    assert [told for told in words if PARTED.search(told)] == []


def test_what_a_country_calls_things_is_set_the_same_way() -> None:
    files = [*(ROOT / "stepdesk" / "countries").glob("*/*.json")]
    words = [
        told
        for file in [*files, ROOT / "stepdesk" / "exchange" / "short_diagnoses.json"]
        for told in named_in(json.loads(file.read_text(encoding="utf-8")), "fr")
    ]
    assert len(words) > 100
    assert [told for told in words if PARTED.search(told)] == []


@pytest.mark.parametrize("roll", sorted(ROLLS))
def test_on_a_roll_no_line_begins_with_a_mark_or_ends_before_what_it_opens(roll: str) -> None:
    room = ROLLS[roll].width - 2 * ROLLS[roll].margin
    breaks = [
        (above, below)
        for told in french_words()
        for above, below in pairwise(wrapped(told, room, 9))
    ]
    assert len(breaks) > 2000
    assert [below for _, below in breaks if re.match(r"[?:;!»%](?:\s|$)", below)] == []
    assert [above for above, _ in breaks if above.rstrip().endswith(("«", "n°"))] == []


@pytest.mark.parametrize("minor", [1_000, 12_500, 1_500_000, 987_654_321])
def test_an_amount_never_breaks_over_lines(minor: int) -> None:
    told = money_text(Money(minor, FRANCS), "fr")
    assert " " not in told + amount_text(Money(minor, FRANCS), "fr") + count_text(minor, "fr")
    room = width_of(told, 9) + 1
    for before in range(12):
        sentence = f"{'mot ' * before}il reste {told} à payer"
        assert told in " | ".join(wrapped(sentence, room, 9)), sentence


@pytest.mark.parametrize("value", [*MONTHS, *NAMES])
def test_no_french_sentence_needs_an_elision_before_a_month_or_a_name(value: str) -> None:
    def filled(told: str) -> str:
        return re.sub(
            r"(\b[Ll]e\s)?\{(\w+)[^}]*\}",
            lambda found: (
                "7"
                if found[2] in FIGURES | FEES or (found[1] and found[2] in DAYS)
                else f"{found[1] or ''}⟦{value}⟧"
            ),
            told,
        )

    assert [told for told in map(filled, french_words()) if ELIDED.search(told)] == []


@pytest.mark.parametrize("number", range(1, 13))
def test_sentences_about_a_month_are_right_in_all_twelve(number: int) -> None:
    about = [told for told in french_words() if "{month}" in told]
    assert len(about) > 40
    month = Month(2026, number)
    said = [told.replace("{month}", month_text(month, "fr")) for told in about]
    name = month_text(month, "fr").split()[0]
    wrong = re.compile(rf"\b(?:de|que|le|du|au)\s{name}", re.IGNORECASE)
    elided = name[0] in "ao"
    assert [told for told in said if elided and wrong.search(told)] == []
    assert [told for told in said if re.search(rf"\b(?:d|l|qu)[’']{name}", told)] == []
    assert speak(Text("Contribution for {month}", {"month": month}), "fr") == (
        f"Cotisation pour {name} 2026"
    )
