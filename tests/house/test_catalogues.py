"""French and English are complete, their placeholders agree, and the compiled files are fresh."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from stepdesk.i18n import Text, day_text, money_text, speak, weekday_text
from stepdesk.values.money import Currency, Money

ROOT = Path(__file__).resolve().parents[2]


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
