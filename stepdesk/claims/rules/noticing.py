"""What is noticed of a certificate while it is typed, and which numbers of a pile are missing."""

import re
from collections.abc import Collection, Iterable
from itertools import pairwise

from stepdesk.benefits.terms import Category
from stepdesk.claims.terms import NoticedFacts
from stepdesk.i18n import N_, Text, Value

MANY_OF_A_HOUSEHOLD = 5
"""Certificates of one household in a month that are worth a look. Source: screens handbook 2.5."""

_MOTHERHOOD = frozenset({Category.ANC, Category.DEL, Category.CSE, Category.PNC})
# Wide on purpose: it asks to look at the card again, and refuses nothing.
_MOTHERS = range(12, 56)
_NUMBER = re.compile(r"(.*?)(\d+)", re.DOTALL)
# Two booklets of one provider lie further apart than this: no leaf between them is missing.
_MOST_MISSING = 25


def noticed(facts: NoticedFacts) -> tuple[Text, ...]:
    """Return what is to be looked at beside a certificate; none of it refuses anything.

    Source: screens handbook 2.5, domain handbook 2.16 (F-01, F-02).
    """
    found: list[Text] = []
    for one in facts.others:
        values: dict[str, Value] = {"number": one.number, "provider": one.provider}
        here = N_("Certificate {number} is of the same person and day.")
        there = N_("{provider} has a certificate of the same person and day: {number}.")
        found.append(Text(here if one.here else there, values))
    found += _unlikely(facts)
    if facts.household >= MANY_OF_A_HOUSEHOLD:
        told = N_("{count} certificates of this household in the month.")
        found.append(Text(told, {"count": facts.household}))
    if not facts.leaf_known:
        found.append(Text(N_("This number is of no booklet given to the provider.")))
    return tuple(found)


def _unlikely(facts: NoticedFacts) -> Iterable[Text]:
    for name, category in facts.acts:
        if category not in _MOTHERHOOD:
            continue
        if not facts.female:
            yield Text(N_("{act} for a man: is it the right card?"), {"act": name})
        elif facts.age not in _MOTHERS:
            told = N_("{act} at the age of {age}: is it the right card?")
            yield Text(told, {"act": name, "age": facts.age})


def missing_numbers(certificates: Collection[str]) -> tuple[str, ...]:
    """Return the numbers that lie between those of a pile and are not in it, in order.

    Numbers with another beginning, another length, or far from each other are of other booklets.
    """
    rows: dict[tuple[str, int], set[int]] = {}
    for one in certificates:
        told = _NUMBER.fullmatch(one.strip())
        if told is not None:
            rows.setdefault((told[1], len(told[2])), set()).add(int(told[2]))
    found = []
    for (head, digits), seen in sorted(rows.items()):
        known = sorted(seen)
        for before, after in pairwise(known):
            if after - before <= _MOST_MISSING + 1:
                found += [f"{head}{at:0{digits}d}" for at in range(before + 1, after)]
    return tuple(found)
