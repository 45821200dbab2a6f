"""The paper of an import: what came of the register, and what somebody must still do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from stepdesk.exchange.registers.terms import (
    Choices,
    Correction,
    Household,
    Imported,
    Opened,
    PaidRow,
    Result,
    Row,
    State,
    shown,
)
from stepdesk.exchange.registers.told import FIELDS, STATES
from stepdesk.i18n import N_, Text, Value, speak
from stepdesk.paper.sheet import pdf
from stepdesk.paper.table import Band
from stepdesk.values.money import Currency, Money

TITLE = N_("Report of an import")
_HEADS = (N_("Row"), N_("What stands there"), N_("What became of it"))
_MOST = 160
"""Signs of a row that are printed: who it is stands at its beginning."""

Line: TypeAlias = "tuple[int | None, str | Text, str | Text] | Band"


@dataclass(frozen=True, slots=True)
class Report:
    """An import as it is told on paper; `done` is None when nothing was written yet."""

    opened: Opened
    choices: Choices
    result: Result
    done: Imported | None
    currency: Currency
    doubtful: bool = False


def report_pdf(
    report: Report,
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return the report: counts, rows handed back with reasons, repairs, changes and openings.

    Args:
        report: The import.
        language: The paper's.
        scheme: Named at the foot.
        practice: Whether each page bears the practice band.
        printed_on: Named at the foot.
    """
    parts = _Parts(report, language)
    return pdf(
        Text(TITLE),
        [Text(head) for head in _HEADS],
        list(parts.lines()),
        language,
        scheme=scheme,
        practice=practice,
        printed_on=printed_on,
        notes=parts.notes(),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """The bands of the paper, each only when something stands in it."""

    report: Report
    language: str

    # Above the table

    def notes(self) -> list[str | Text]:
        result, done = self.report.result, self.report.done
        told: list[str | Text] = [self.report.opened.name or Text(N_("What was copied"))]
        told.append(Text(N_("Nothing was written yet.")) if done is None else _written(done))
        told.append(
            Text(
                N_("{rows} rows: {states}"),
                {"rows": len(result.rows), "states": self._states()},
            )
        )
        opened, money = self._openings(), self._brought()
        if opened:
            one = N_("{count} household opens with what the register says it has paid.")
            many = N_("{count} households open with what the register says they have paid.")
            told.append(Text(one, {"count": len(opened)}, plural=many))
        if money is not None:
            told.append(Text(N_("The opening entry comes to {amount}."), {"amount": money}))
        return told

    def _brought(self) -> Money | None:
        done = self.report.done
        if done is None or not done.opening:
            return None
        return Money(done.opening, self.report.currency)

    def _states(self) -> Text:
        counts = {state: self.report.result.count(state) for state in STATES}
        values: dict[str, Value] = {}
        for state, count in counts.items():
            values[f"n{state.value}"] = count
            values[f"s{state.value}"] = Text(STATES[state])
        told = (f"{{n{one.value}}} {{s{one.value}}}" for one, count in counts.items() if count)
        return Text(" · ".join(told), values)

    # The table

    def lines(self) -> Iterator[Line]:
        result = self.report.result
        yield from self._rows(N_("Handed back"), State.BACK)
        yield from self._rows(
            N_("To be looked at, brought in all the same")
            if self.report.doubtful
            else N_("To be looked at, not brought in"),
            State.LOOK,
        )
        yield from self._band(N_("Values that were read otherwise"), self._repairs())
        changed = {one.at for one in result.corrections}
        mended = [
            self._row(row)
            for row in result.rows
            if row.state is State.REPAIRED and row.at not in changed
        ]
        yield from self._band(N_("Taken after repair"), mended)
        yield from self._band(
            N_("Changes of what the book told"), map(self._change, result.corrections)
        )
        opened = [*map(self._opening, self._openings()), *map(self._payment, result.payments)]
        yield from self._band(N_("Openings"), opened)
        added: list[Line] = [(None, one, Text(N_("new village"))) for one in result.new_sections]
        added += [(None, one, Text(N_("new group"))) for one in result.new_groups]
        yield from self._band(N_("Added to the book"), added)
        place = self.report.choices.place
        left = (
            self._row(row)
            for row in result.rows[place.header + place.header_rows :]
            if row.state is State.LEFT and self._cells(row.at)
        )
        yield from self._band(N_("Left out"), left)

    def _band(
        self, words: str, lines: "Iterator[Line] | Sequence[Line] | map[Line]"
    ) -> Iterator[Line]:
        told = list(lines)
        if told:
            yield Band(f"{speak(Text(words), self.language)} · {len(told)}")
            yield from told

    def _rows(self, words: str, state: State) -> Iterator[Line]:
        rows = [self._row(row) for row in self.report.result.rows if row.state is state]
        yield from self._band(words, rows)

    def _row(self, row: Row) -> Line:
        values: dict[str, Value] = {f"reason{at}": one for at, one in enumerate(row.reasons)}
        why = Text(" ".join(f"{{reason{at}}}" for at in range(len(row.reasons))), values)
        return row.at + 1, self._cells(row.at), why

    def _cells(self, at: int) -> str:
        cells = self.report.opened.sheet(self.report.choices.sheet).rows[at]
        told = " · ".join(one for cell in cells if (one := shown(cell).strip()))
        return told if len(told) <= _MOST else f"{told[: _MOST - 2].rstrip()} …"

    def _repairs(self) -> Iterator[Line]:
        for one in self.report.result.odd:
            if one.repaired is None:
                continue
            what: dict[str, Value] = {"field": Text(FIELDS[one.field]), "value": one.value or "–"}
            read: dict[str, Value] = {"value": one.repaired or "–", "count": one.count}
            yield (
                None,
                Text(N_("{field}: {value}"), what),
                Text(
                    N_("read as {value}, {count} time"), read, N_("read as {value}, {count} times")
                ),
            )

    def _change(self, one: Correction) -> Line:
        values: dict[str, Value] = {
            "field": Text(FIELDS[one.field]),
            "old": one.old or "–",
            "new": _plain(one.new),
        }
        return one.at + 1, self._cells(one.at), Text(N_("{field}: {old} → {new}"), values)

    def _openings(self) -> Sequence[Household]:
        return [
            one
            for one in self.report.result.households
            if one.opening and one.known is None and (self.report.doubtful or not one.look)
        ]

    def _opening(self, one: Household) -> Line:
        member, told = one.persons[0], one.opening
        name = f"{member.surname} {member.given_names}"
        parts: list[Text] = []
        if told.last is not None:
            parts.append(Text(N_("paid until {day}"), {"day": told.last}))
        elif told.arrears is not None:
            amount = Money(told.arrears, self.report.currency)
            parts.append(Text(N_("owes {amount}"), {"amount": amount}))
        if told.fee is not None:
            parts.append(Text(N_("entry fee paid") if told.fee else N_("entry fee not paid")))
        values: dict[str, Value] = {f"part{at}": part for at, part in enumerate(parts)}
        return one.at[0] + 1, name, Text(", ".join(f"{{{key}}}" for key in values), values)

    def _payment(self, one: PaidRow) -> Line:
        values: dict[str, Value] = {
            "day": one.paid_on,
            "amount": Money(one.amount, self.report.currency),
        }
        return one.at + 1, self._cells(one.at), Text(N_("{amount} on {day}"), values)


def _written(done: Imported) -> Text:
    values: dict[str, Value] = {
        "persons": done.persons,
        "households": done.households,
        "changes": done.corrections,
    }
    return Text(
        N_("{persons} people in {households} households came in; {changes} changes were written."),
        values,
    )


def _plain(value: object) -> str:
    return str(getattr(value, "day", None) or getattr(value, "value", None) or value)
