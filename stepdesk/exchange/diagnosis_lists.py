"""Lists of diagnoses from files: a code and a name a line, in any language; and the short list.

A file is read whole, and each line that cannot stand is told; one of them keeps all of it out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stepdesk.claims.rules.diagnoses import code_of
from stepdesk.claims.service import bring_in_diagnoses
from stepdesk.claims.terms.diagnoses import ANY_LANGUAGE, BroughtDiagnoses, Diagnosis
from stepdesk.errors import Refusal
from stepdesk.exchange.registers.terms import Opened, shown
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.names import fold

SHORT = Path(__file__).with_name("short_diagnoses.json")
_CODES = frozenset({"code", "codes", "icd", "icd10", "icd 10", "cim", "cim10", "cim 10"})
_NAMES = frozenset({"name", "names", "nom", "libelle", "diagnosis", "diagnostic", "description"})


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot stand, and why."""

    line: int
    text: Text


@dataclass(frozen=True, slots=True)
class ReadDiagnoses:
    """What a file holds: diagnoses by code, and the lines that cannot stand."""

    listed: tuple[Diagnosis, ...]
    faults: tuple[Fault, ...]


def read_diagnoses(opened: Opened, *, language: str = ANY_LANGUAGE) -> ReadDiagnoses:
    """Read a list: `code;name`, or with a line of titles such as `code;name_fr;name_en`.

    The same code with the same name twice is one; with another name it is a fault.

    Args:
        opened: A file that was read or a text that was pasted.
        language: Of names whose column does not say it.
    """
    rows = [[" ".join(shown(cell).split()) for cell in row] for row in opened.sheets[0].rows]
    titles = next((row for row in rows if any(row)), [])
    columns = _columns(titles, language)
    reader = _Reader(columns or _Columns(0, {1: language}))
    for at, row in enumerate(rows, start=1):
        if any(row) and not (columns is not None and row is titles):
            reader.take(at, row)
    listed = tuple(Diagnosis(code, names) for code, names in reader.found.items())
    return ReadDiagnoses(listed, tuple(reader.faults))


def import_diagnoses(
    work: Work, *, opened: Opened, language: str = ANY_LANGUAGE
) -> BroughtDiagnoses:
    """Bring in a list from a file.

    Raises:
        Refusal: a line that cannot stand, named with how many more there are; an empty list.
    """
    read = read_diagnoses(opened, language=language)
    if read.faults:
        first = read.faults[0]
        raise Refusal(
            Text(
                N_("Line {line}: {fault}"),
                {"line": first.line, "fault": first.text, "count": len(read.faults)},
                plural=N_("Line {line}: {fault} {count} lines of the list cannot stand."),
            ),
            field="file",
        )
    if not read.listed:
        raise Refusal(
            Text(N_("There is no diagnosis here. Write a code and a name on each line.")),
            field="file",
        )
    return bring_in_diagnoses(work, listed=read.listed)


def short_list() -> tuple[Diagnosis, ...]:
    """Return the common presentations of a health post, for schemes without a list."""
    told = json.loads(SHORT.read_text(encoding="utf-8"))
    return tuple(Diagnosis(row["code"], row["names"]) for row in told["diagnoses"])


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the code stands, and the language of the names in each other column."""

    code: int
    names: Mapping[int, str]


def _columns(titles: Sequence[str], language: str) -> _Columns | None:
    """Return the columns by their titles; None when this is no line of titles."""
    folded = [fold(told.replace("_", " ")).strip() for told in titles]
    codes = [at for at, told in enumerate(folded) if told in _CODES]
    return _Columns(codes[0], dict(_named(folded, language))) if codes else None


def _named(folded: Sequence[str], language: str) -> Iterator[tuple[int, str]]:
    for at, told in enumerate(folded):
        word, _, spoken = told.partition(" ")
        if told in _NAMES:
            yield at, language
        elif word in _NAMES and len(spoken) == 2:
            yield at, spoken


class _Reader:
    """Takes lines one by one; what cannot stand is noted with its line."""

    def __init__(self, columns: _Columns) -> None:
        self.columns = columns
        self.found: dict[str, dict[str, str]] = {}
        self.faults: list[Fault] = []
        self._lines: dict[str, int] = {}

    def take(self, line: int, row: Sequence[str]) -> None:
        fault = self._fault(line, row)
        if fault is not None:
            self.faults.append(Fault(line, fault))

    def _fault(self, line: int, row: Sequence[str]) -> Text | None:
        told = _at(row, self.columns.code)
        code = code_of(told)
        if code is None:
            return Text(
                N_("{code} is no code of ICD-10. Type a letter and two figures, such as A09."),
                {"code": told or "—"},
            )
        names = {
            language: name
            for place, language in self.columns.names.items()
            if (name := _at(row, place))
        }
        if not names:
            return Text(N_("Give {code} a name."), {"code": code})
        return self._kept(line, code, names)

    def _kept(self, line: int, code: str, names: Mapping[str, str]) -> Text | None:
        held = self.found.setdefault(code, {})
        for language, name in names.items():
            if fold(held.get(language, name)) != fold(name):
                return Text(
                    N_("{code} stands in line {first} with another name. Take one of them out."),
                    {"code": code, "first": self._lines[code]},
                )
        self._lines.setdefault(code, line)
        for language, name in names.items():
            held.setdefault(language, name)
        return None


def _at(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""
