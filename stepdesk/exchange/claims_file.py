"""Bringing in certificates from a table: one work, whole or not at all.

A CSV file in UTF-8, one row a line of a claim. Rows that follow each other with the same
provider, invoice, certificate, person and days are one claim. docs/claims-file.md has the columns.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from stepdesk.benefits.queries import services
from stepdesk.claims.service import DecidedBatch, decide_batch, enter_claim, open_batch
from stepdesk.claims.terms import NewClaim, NewLine, Visit
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.queries import person_of_card
from stepdesk.progress import Progress
from stepdesk.providers.queries import providers
from stepdesk.store.work import Work
from stepdesk.values.ids import BatchId, PersonId, ProviderId, RequestId, ServiceId
from stepdesk.values.money import Money, read_minor
from stepdesk.values.month import Month

NEEDED = ("provider", "person", "day", "service", "price")
"""Columns a file must have; the others may be missing or empty."""

KNOWN = (
    *NEEDED,
    *("invoice", "invoice_total", "month", "received", "certificate", "until", "visit"),
    *("referred", "declared_hours", "guarantee", "diagnosis", "quantity"),
)

_MOST_BYTES = 16 << 20
EARLIEST, LATEST = 1950, 2999


@dataclass(frozen=True, slots=True)
class ClaimsImported:
    """What an import came to; what was in the book before is not counted again."""

    batches: tuple[BatchId, ...]
    claims: int
    known: int
    claimed: Money
    decided: tuple[DecidedBatch, ...] = ()


@dataclass(frozen=True, slots=True)
class _Invoice:
    provider_id: ProviderId
    month: Month
    received_on: date
    number: str
    received: str

    @property
    def key(self) -> tuple[object, ...]:
        """What the file says of it: the same whatever day it is read on."""
        return (self.provider_id, self.month, self.number, self.received)


@dataclass(slots=True)
class _Certificate:
    """One claim of the file and the line it begins on."""

    at: int
    told: NewClaim
    key: tuple[str, ...]
    lines: list[tuple[int, NewLine]] = field(default_factory=list)


@dataclass(slots=True)
class _Pile:
    """The certificates of one invoice."""

    at: int
    total: Money | None
    certificates: list[_Certificate] = field(default_factory=list)


class _Refused(Exception):
    """A cell that cannot be right, before it is known which line it stands on."""

    def __init__(self, text: Text, column: str) -> None:
        super().__init__(text.message)
        self.text = text
        self.column = column


def import_claims(
    work: Work,
    *,
    file: Path,
    decide: bool = False,
    accepting: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> ClaimsImported:
    """Bring in certificates; the same file again adds nothing.

    Args:
        work: The work.
        file: The table.
        decide: Decide the batches at once.
        accepting: Doubts accepted in deciding: `invoice_differs`.
        progress: Told as certificates are written.

    Raises:
        Refusal: naming line and column, and how many more lines cannot be right; nothing is kept.
        Caution: `invoice_differs` when deciding.
        Trouble: when the file cannot be read.
    """
    progress = progress or Progress()
    piles = _read(work, _rows(file))
    batches: dict[BatchId, bool] = {}
    added = known = claimed = 0
    total = sum(len(pile.certificates) for pile in piles.values())
    for invoice, pile in piles.items():
        for request, one in _requests(invoice, pile):
            progress.step(added + known, total, Text(N_("Writing the certificates")))
            there = work.rows(
                "SELECT batch_id FROM claim WHERE request_id = :request", request=request
            )
            if there:
                known += 1
                batches.setdefault(BatchId(there[0].batch_id), False)
                continue
            batch_id = _open(work, invoice, pile)
            batches[batch_id] = True
            _enter(work, request, batch_id, one)
            added += 1
            claimed += sum(line.quantity * line.unit_price for _, line in one.lines)
    decided = tuple(
        decide_batch(work, batch_id=one, accepting=accepting)
        for one, new in batches.items()
        if decide and new
    )
    return ClaimsImported(tuple(batches), added, known, Money(claimed, work.currency), decided)


def _requests(invoice: _Invoice, pile: _Pile) -> Iterator[tuple[RequestId, _Certificate]]:
    """Yield the certificates with what names them: the second of two alike is another one."""
    seen: Counter[object] = Counter()
    for one in pile.certificates:
        told = replace(one.told, lines=tuple(line for _, line in one.lines))
        content = (invoice.key, one.key, told)
        seen[content] += 1
        # The first stands for itself, so that a file with more rows names it as before.
        again = () if seen[content] == 1 else (seen[content],)
        yield _request("claim", (*content, *again)), one


def _open(work: Work, invoice: _Invoice, pile: _Pile) -> BatchId:
    try:
        return open_batch(
            work,
            request_id=_request("batch", (*invoice.key, invoice.received_on)),
            provider_id=invoice.provider_id,
            month=invoice.month,
            received_on=invoice.received_on,
            invoice=invoice.number,
            invoice_total=pile.total,
        )
    except Refusal as refusal:
        raise _at(pile.at, refusal.text, refusal.field) from refusal


def _enter(work: Work, request: RequestId, batch_id: BatchId, one: _Certificate) -> None:
    told = replace(one.told, lines=tuple(line for _, line in one.lines))
    try:
        enter_claim(work, request_id=request, batch_id=batch_id, certificate=told)
    except Refusal as refusal:
        kind, dot, rest = refusal.field.partition(".")
        if kind == "lines" and dot:
            at, _, column = rest.partition(".")
            raise _at(one.lines[int(at)][0], refusal.text, column) from refusal
        raise _at(one.at, refusal.text, refusal.field) from refusal


def _request(kind: str, content: object) -> RequestId:
    return RequestId(sha256(f"{kind}|{content!r}".encode()).digest()[:16])


# Reading the table


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise Refusal(Text(N_("The file is too large. Split it by month.")), field="file")
        raw = file.read_bytes()
    except OSError as error:
        raise Trouble(
            Text(N_("{name} cannot be read. Check the name and the stick."), {"name": file.name})
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            Text(
                N_("{name} is not UTF-8 text. Save it again as CSV in UTF-8."),
                {"name": file.name},
            ),
            field="file",
        ) from error
    return _table(text)


def _table(text: str) -> list[tuple[int, dict[str, str]]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Refusal(
            Text(N_("The file is not a table. Save it again as CSV.")), field="file"
        ) from error
    if not lines:
        raise Refusal(Text(N_("The file is empty.")), field="file")
    heads = [cell.strip().lower() for cell in lines[0][1]]
    doubled = [name for name in heads if name and heads.count(name) > 1]
    if doubled:
        raise Refusal(
            Text(N_("The column {name} stands twice."), {"name": doubled[0]}), field=doubled[0]
        )
    for name in NEEDED:
        if name not in heads:
            raise Refusal(Text(N_("The column {name} is missing."), {"name": name}), field=name)
    strange = [name for name in heads if name and name not in KNOWN]
    if strange:
        raise Refusal(
            Text(
                N_("The column {name} is not known. Known are: {known}."),
                {"name": strange[0], "known": ", ".join(KNOWN)},
            ),
            field=strange[0],
        )
    return [(at, _cells(at, heads, row)) for at, row in lines[1:]]


def _cells(at: int, heads: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """Return a row's cells by column; a row that is short has empty ones at its end."""
    if any(cell.strip() for cell in row[len(heads) :]):
        raise Refusal(
            Text(
                N_(
                    "Line {line} has more cells than there are columns: a comma inside a cell?"
                    " Put the cell in quotes."
                ),
                {"line": at},
            ),
            field="file",
        )
    if any(sign < " " for cell in row for sign in cell):
        raise Refusal(
            Text(N_("Line {line} holds a sign that is no text."), {"line": at}), field="file"
        )
    filled = [*row, *[""] * (len(heads) - len(row))]
    return {name: cell.strip() for name, cell in zip(heads, filled, strict=False)}


def _read(work: Work, rows: Sequence[tuple[int, dict[str, str]]]) -> dict[_Invoice, _Pile]:
    """Return the certificates by invoice; every line is looked at before one is refused."""
    reader = _Reader(work)
    piles: dict[_Invoice, _Pile] = {}
    wrong: list[Refusal] = []
    last: tuple[_Invoice, tuple[str, ...]] | None = None
    for at, row in rows:
        try:
            invoice, told, key, line, total = reader.row(row)
        except _Refused as refused:
            wrong.append(_at(at, refused.text, refused.column))
            continue
        pile = piles.setdefault(invoice, _Pile(at, total))
        if total is not None and pile.total not in (None, total):
            wrong.append(_at(at, Text(N_("This invoice has two totals.")), "invoice_total"))
        pile.total = pile.total or total
        if last != (invoice, key) or not pile.certificates:
            pile.certificates.append(_Certificate(at, told, key))
        pile.certificates[-1].lines.append((at, line))
        last = (invoice, key)
    if wrong:
        raise _first_of(wrong)
    if not piles:
        raise Refusal(Text(N_("The file is empty.")), field="file")
    return piles


def _first_of(wrong: Sequence[Refusal]) -> Refusal:
    if len(wrong) == 1:
        return wrong[0]
    one = N_("{first} {count} more line cannot be right.")
    many = N_("{first} {count} more lines cannot be right.")
    values: dict[str, Value] = {"first": wrong[0].text, "count": len(wrong) - 1}
    return Refusal(Text(one, values, plural=many), field=wrong[0].field)


def _at(line: int, text: Text, column: str) -> Refusal:
    return Refusal(
        Text(N_("Line {line}, {column}: {told}"), {"line": line, "column": column, "told": text}),
        field=column,
    )


class _Reader:
    """Cells to values, with what the book knows."""

    def __init__(self, work: Work) -> None:
        self.work = work
        connection = work.connection
        self.services: Mapping[str, ServiceId] = {
            one.code.casefold(): one.id for one in services(connection).values()
        }
        known = providers(connection).values()
        self.providers = {one.legacy_code.casefold(): one.id for one in known}
        self.providers |= {one.code.casefold(): one.id for one in known}
        self.people: dict[str, PersonId] = {}

    def row(
        self, row: Mapping[str, str]
    ) -> tuple[_Invoice, NewClaim, tuple[str, ...], NewLine, Money | None]:
        first = _day(row, "day")
        last = _day(row, "until") if row.get("until") else first
        told = NewClaim(
            person_id=self._person(row),
            first_day=first,
            last_day=last,
            lines=(),
            certificate=row.get("certificate", ""),
            visit=_visit(row),
            referred=_yes(row, "referred"),
            declared_hours=_whole(row, "declared_hours"),
            guarantee=row.get("guarantee", ""),
            diagnosis=row.get("diagnosis", ""),
        )
        month = _month(row) if row.get("month") else Month.of(last)
        received = _day(row, "received") if row.get("received") else self.work.today
        invoice = _Invoice(
            self._provider(row),
            month,
            received,
            row.get("invoice", ""),
            row.get("received", ""),
        )
        total = self._amount(row, "invoice_total") if row.get("invoice_total") else None
        key = (row.get("certificate", ""), row["person"], first.isoformat(), last.isoformat())
        return invoice, told, key, self._line(row), total

    def _line(self, row: Mapping[str, str]) -> NewLine:
        code = row["service"].casefold()
        if code not in self.services:
            raise _Refused(
                Text(N_("{code} is not in the catalogue."), {"code": row["service"]}), "service"
            )
        quantity = _whole(row, "quantity")
        return NewLine(
            self.services[code],
            1 if quantity is None else quantity,
            self._amount(row, "price").minor,
        )

    def _provider(self, row: Mapping[str, str]) -> ProviderId:
        found = self.providers.get(row["provider"].casefold()) if row["provider"] else None
        if found is None:
            raise _Refused(
                Text(
                    N_("There is no provider {code}. Register it first."),
                    {"code": row["provider"]},
                ),
                "provider",
            )
        return found

    def _person(self, row: Mapping[str, str]) -> PersonId:
        asked = row["person"]
        if asked not in self.people:
            found = person_of_card(self.work.connection, asked)
            if found is None:
                raise _Refused(Text(N_("Nobody is registered under this number.")), "person")
            self.people[asked] = found
        return self.people[asked]

    def _amount(self, row: Mapping[str, str], column: str) -> Money:
        try:
            return Money(read_minor(row[column], self.work.currency), self.work.currency)
        except ValueError as error:
            raise _Refused(
                Text(
                    N_("{told} is no amount. Type digits only, {count} decimals at most."),
                    {"told": row[column], "count": self.work.currency.exponent},
                ),
                column,
            ) from error


def _day(row: Mapping[str, str], column: str) -> date:
    told = row[column]
    try:
        day = date.fromisoformat(told)
        if day.isoformat() != told or not EARLIEST <= day.year <= LATEST:
            raise ValueError(told)
    except ValueError as error:
        raise _Refused(
            Text(N_("{told} is no date. Write it as 2026-11-23."), {"told": told}), column
        ) from error
    return day


def _month(row: Mapping[str, str]) -> Month:
    try:
        return Month.parse(row["month"])
    except ValueError as error:
        raise _Refused(
            Text(N_("{told} is no month. Write it as 2026-11."), {"told": row["month"]}), "month"
        ) from error


def _whole(row: Mapping[str, str], column: str) -> int | None:
    told = row.get(column, "")
    if not told:
        return None
    if not (told.isascii() and told.isdecimal() and len(told) < 10):
        raise _Refused(Text(N_("{told} is no whole number."), {"told": told}), column)
    return int(told)


def _yes(row: Mapping[str, str], column: str) -> bool:
    told = row.get(column, "").casefold()
    if told not in {"", "0", "1", "no", "yes", "non", "oui"}:
        raise _Refused(Text(N_("Write yes or no, not {told}."), {"told": told}), column)
    return told in {"1", "yes", "oui"}


def _visit(row: Mapping[str, str]) -> Visit:
    told = row.get("visit", "").upper()
    known = {"": Visit.OTHER, **{one.value: one for one in Visit}, "O": Visit.OTHER}
    known |= {"R": Visit.REFERRAL, "E": Visit.EMERGENCY}
    if told not in known:
        raise _Refused(
            Text(N_("{told} is no kind of visit: other, referral, emergency."), {"told": told}),
            "visit",
        )
    return known[told]
