"""Bringing in certificates from a file, or a folder of files: one work, whole or not at all.

A table in CSV or a workbook, one row a line of a claim: rows that follow each other with the same
provider, invoice, certificate, person and days are one claim. Or claims in the XML of openIMIS.
docs/claims-file.md has the columns.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from stepdesk.benefits.queries import services
from stepdesk.claims.service import DecidedBatch, decide_batch, enter_claim, open_batch
from stepdesk.claims.terms import NewClaim, NewLine, Visit
from stepdesk.errors import Refusal, Trouble
from stepdesk.exchange.claims_xml import Row, is_xml, minor_of, xml_rows
from stepdesk.exchange.registers.reading import open_bytes
from stepdesk.exchange.registers.terms import Cell
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.queries import person_of_card
from stepdesk.progress import Progress
from stepdesk.providers.queries import agreement_on, providers, tariff_on
from stepdesk.providers.terms import TariffVersion
from stepdesk.store.work import Work
from stepdesk.values.ids import BatchId, PersonId, ProviderId, RequestId, ServiceId
from stepdesk.values.money import Money, read_minor
from stepdesk.values.month import Month
from stepdesk.values.nearest import nearest

NEEDED = ("provider", "person", "day", "service", "price")
"""Columns a file must have; the others may be missing or empty."""

KNOWN = (
    *NEEDED,
    *("invoice", "invoice_total", "month", "received", "certificate", "until", "visit"),
    *("referred", "declared_hours", "guarantee", "diagnosis", "quantity"),
)

_MOST_BYTES = 16 << 20
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
EARLIEST, LATEST = 1950, 2999


@dataclass(frozen=True, slots=True)
class ClaimsImported:
    """What an import came to; what was in the book before is not counted again.

    `unsealed` are claims whose diagnosis was left out: who brought them in may not write it.
    """

    batches: tuple[BatchId, ...]
    claims: int
    known: int
    claimed: Money
    decided: tuple[DecidedBatch, ...] = ()
    unsealed: int = 0


@dataclass(frozen=True, slots=True)
class _Invoice:
    """`received` is what the file says of the day; empty where it names none, or several."""

    provider_id: ProviderId
    month: Month
    number: str
    received: str

    @property
    def key(self) -> tuple[object, ...]:
        """What the file says of it: the same whatever day it is read on."""
        return (self.provider_id, self.month, self.number, self.received)


@dataclass(slots=True)
class _Certificate:
    """One claim of the file and the row it begins on."""

    row: Row
    told: NewClaim
    key: tuple[str, ...]
    lines: list[tuple[Row, NewLine]] = field(default_factory=list)

    @property
    def whole(self) -> NewClaim:
        return replace(self.told, lines=tuple(line for _, line in self.lines))


@dataclass(slots=True)
class _Pile:
    """The certificates of one invoice."""

    row: Row
    total: Money | None
    received_on: date
    certificates: list[_Certificate] = field(default_factory=list)


class ManyWrong(Refusal):
    """Several lines of a file cannot be right: it tells the first and how many more; `each` are all."""

    def __init__(self, text: Text, wrong: Sequence[Refusal]) -> None:
        super().__init__(text, field=wrong[0].field)
        self.each = tuple(one.text for one in wrong)


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
        file: A CSV file, a workbook, an XML file of openIMIS, or a folder of such.
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
    run = _Run(work, _codes(work, piles))
    total = sum(len(pile.certificates) for pile in piles.values())
    for invoice, pile in piles.items():
        for request, one in _requests(invoice, pile):
            progress.step(run.added + run.known, total, Text(N_("Writing the certificates")))
            run.take(invoice, pile, request, one)
    decided = tuple(
        decide_batch(work, batch_id=one, accepting=accepting)
        for one, new in run.batches.items()
        if decide and new
    )
    return ClaimsImported(
        tuple(run.batches),
        run.added,
        run.known,
        Money(run.claimed, work.currency),
        decided,
        run.unsealed,
    )


@dataclass(slots=True)
class _Run:
    """One bringing in; `codes` are the claims the book has of these providers, by their code."""

    work: Work
    codes: dict[tuple[ProviderId, str], bytes]
    batches: dict[BatchId, bool] = field(default_factory=dict)
    added: int = 0
    known: int = 0
    claimed: int = 0
    unsealed: int = 0

    def take(self, invoice: _Invoice, pile: _Pile, request: RequestId, one: _Certificate) -> None:
        there = self.work.rows(
            "SELECT batch_id FROM claim WHERE request_id = :request", request=request
        )
        if there:
            self.known += 1
            self.batches.setdefault(BatchId(there[0].batch_id), False)
            return
        if "kind" in one.row.cells:
            self._check_code(invoice, one, request)
        batch_id = _open(self.work, invoice, pile, self.batches)
        self.batches[batch_id] = True
        told = one.whole
        if told.diagnosis and "kind" in one.row.cells and not self.work.may_seal:
            self.unsealed += 1
            told = replace(told, diagnosis="")
        _enter(self.work, request, batch_id, one, told)
        self.added += 1
        self.claimed += sum(line.quantity * line.unit_price for line in told.lines)

    def _check_code(self, invoice: _Invoice, one: _Certificate, request: RequestId) -> None:
        """Refuse a second claim under a code: which of the two would be paid?"""
        key = (invoice.provider_id, one.told.certificate)
        if self.codes.setdefault(key, request) != request:
            raise one.row.refused(
                Text(
                    N_("There is another claim {code} of this provider. Check its code."),
                    {"code": one.told.certificate},
                ),
                "certificate",
            )


def _codes(work: Work, piles: Mapping[_Invoice, _Pile]) -> dict[tuple[ProviderId, str], bytes]:
    """Return the claims the book has of the providers whose files name claims by a code."""
    found: dict[tuple[ProviderId, str], bytes] = {}
    named = {
        invoice.provider_id: pile for invoice, pile in piles.items() if "kind" in pile.row.cells
    }
    for provider_id in named:
        for row in work.rows(
            "SELECT coalesce(nullif(c.certificate, ''), c.legacy_number) AS code, c.request_id"
            " FROM claim c JOIN claim_batch b ON b.id = c.batch_id WHERE b.provider_id = :provider"
            " AND NOT EXISTS (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id"
            " AND e.outcome = 'WITHDRAWN')",
            provider=provider_id,
        ):
            if row.code:
                found[provider_id, row.code] = row.request_id
    return found


def _requests(invoice: _Invoice, pile: _Pile) -> Iterator[tuple[RequestId, _Certificate]]:
    """Yield the certificates with what names them: the second of two alike is another one."""
    seen: Counter[object] = Counter()
    for one in pile.certificates:
        content = (invoice.key, one.key, one.whole)
        seen[content] += 1
        # The first stands for itself, so that a file with more rows names it as before.
        again = () if seen[content] == 1 else (seen[content],)
        yield _request("claim", (*content, *again)), one


def _open(work: Work, invoice: _Invoice, pile: _Pile, beside: Mapping[BatchId, bool]) -> BatchId:
    try:
        batch_id = open_batch(
            work,
            request_id=_request("batch", (*invoice.key, pile.received_on)),
            provider_id=invoice.provider_id,
            month=invoice.month,
            received_on=pile.received_on,
            invoice=invoice.number,
            invoice_total=pile.total,
            beside=beside.keys(),
        )
    except Refusal as refusal:
        raise pile.row.refused(refusal.text, refusal.field) from refusal
    if batch_id not in beside:
        _check_total(work, batch_id, pile)
    return batch_id


def _check_total(work: Work, batch_id: BatchId, pile: _Pile) -> None:
    """Refuse another total than the one the book has of the invoice."""
    kept = work.rows("SELECT invoice_total FROM claim_batch WHERE id = :id", id=batch_id)
    total = kept[0].invoice_total
    if pile.total is not None and pile.total.minor != total:
        known = "—" if total is None else Money(total, work.currency)
        told = N_(
            "The book has {total} as the total of this invoice. Write that, or check its number."
        )
        raise pile.row.refused(Text(told, {"total": known}), "invoice_total")


def _enter(
    work: Work, request: RequestId, batch_id: BatchId, one: _Certificate, told: NewClaim
) -> None:
    try:
        enter_claim(work, request_id=request, batch_id=batch_id, certificate=told)
    except Refusal as refusal:
        kind, dot, rest = refusal.field.partition(".")
        if kind == "lines" and dot:
            at, _, column = rest.partition(".")
            raise one.lines[int(at)][0].refused(refusal.text, column) from refusal
        raise one.row.refused(refusal.text, refusal.field) from refusal


def _request(kind: str, content: object) -> RequestId:
    return RequestId(sha256(f"{kind}|{content!r}".encode()).digest()[:16])


# Reading the file


def _rows(file: Path) -> list[Row]:
    try:
        if file.is_dir():
            return xml_rows(file)
        if file.stat().st_size > _MOST_BYTES:
            raise Refusal(Text(N_("The file is too large. Split it by month.")), field="file")
        raw = file.read_bytes()
    except OSError as error:
        raise Trouble(
            Text(N_("{name} cannot be read. Check the name and the stick."), {"name": file.name})
        ) from error
    if is_xml(raw):
        return xml_rows(file)
    if raw[:4] in _WORKBOOKS:
        return _workbook(raw, file.name)
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


def _workbook(raw: bytes, name: str) -> list[Row]:
    """Return the rows of the first sheet that holds any; formulas never run."""
    sheets = [one for one in open_bytes(raw, name).sheets if one.rows and not one.hidden]
    if not sheets:
        raise Refusal(Text(N_("The file is empty. Choose another one.")), field="file")
    lines = [(at, [_written(cell) for cell in row]) for at, row in enumerate(sheets[0].rows, 1)]
    return _rows_of([one for one in lines if any(one[1])])


def _written(cell: Cell) -> str:
    """Return a cell as the CSV file writes it: days as 2026-11-23, numbers in digits."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)).normalize():f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _table(text: str) -> list[Row]:
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
    return _rows_of(lines)


def _rows_of(lines: Sequence[tuple[int, Sequence[str]]]) -> list[Row]:
    if not lines:
        raise Refusal(Text(N_("The file is empty. Choose another one.")), field="file")
    heads = [cell.strip().lower() for cell in lines[0][1]]
    doubled = [name for name in heads if name and heads.count(name) > 1]
    if doubled:
        raise Refusal(
            Text(
                N_("The column {name} stands twice. Take one of the two out."),
                {"name": doubled[0]},
            ),
            field=doubled[0],
        )
    for name in NEEDED:
        if name not in heads:
            raise Refusal(
                Text(
                    N_("The column {name} is missing. Add it to the first line."), {"name": name}
                ),
                field=name,
            )
    strange = [name for name in heads if name and name not in KNOWN]
    if strange:
        raise Refusal(
            Text(
                N_("The column {name} is not known. Use only: {known}."),
                {"name": strange[0], "known": ", ".join(KNOWN)},
            ),
            field=strange[0],
        )
    return [Row(at, _cells(at, heads, row)) for at, row in lines[1:]]


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
            Text(
                N_("Line {line} holds a sign that is no text. Type that line again."), {"line": at}
            ),
            field="file",
        )
    filled = [*row, *[""] * (len(heads) - len(row))]
    return {name: cell.strip() for name, cell in zip(heads, filled, strict=False)}


@dataclass(slots=True)
class _Wrong:
    """What cannot be right, each once: the head of a claim is told with each of its lines."""

    told: list[Refusal] = field(default_factory=list)
    _said: set[tuple[str, int]] = field(default_factory=set)

    def known(self, row: Row) -> bool:
        """Note what the file itself gets wrong in a row; return whether it does."""
        for column, text in row.wrong:
            self.note(row, text, column)
        return bool(row.wrong)

    def note(self, row: Row, text: Text, column: str) -> None:
        claim, at = row.cells.get("claim"), row.places.get(column)
        if claim is not None and at is not None:
            if (claim, at) in self._said:
                return
            self._said.add((claim, at))
        self.told.append(row.refused(text, column))


def _read(work: Work, rows: Sequence[Row]) -> dict[_Invoice, _Pile]:
    """Return the certificates by invoice; every line is looked at before one is refused."""
    reader = _Reader(work)
    piles: dict[_Invoice, _Pile] = {}
    wrong = _Wrong()
    last: tuple[object, ...] | None = None
    for row in rows:
        if wrong.known(row):
            continue
        try:
            invoice, told, key, line, total = reader.row(row.cells)
            received = reader.received(row.cells)
        except _Refused as refused:
            wrong.note(row, refused.text, refused.column)
            continue
        pile = piles.setdefault(invoice, _Pile(row, total, received))
        pile.received_on = max(pile.received_on, received)
        if total is not None and pile.total not in (None, total):
            wrong.note(
                row,
                Text(N_("This invoice has two totals. Write the same one on each of its lines.")),
                "invoice_total",
            )
        pile.total = pile.total or total
        this = (invoice, key, row.cells.get("claim"))
        if last != this:
            pile.certificates.append(_Certificate(row, told, key))
        pile.certificates[-1].lines.append((row, line))
        last = this
    if wrong.told:
        raise _first_of(wrong.told)
    if not piles:
        raise Refusal(Text(N_("The file is empty. Choose another one.")), field="file")
    return piles


def _first_of(wrong: Sequence[Refusal]) -> Refusal:
    if len(wrong) == 1:
        return wrong[0]
    one = N_("{first} {count} more line cannot be right.")
    many = N_("{first} {count} more lines cannot be right.")
    values: dict[str, Value] = {"first": wrong[0].text, "count": len(wrong) - 1}
    return ManyWrong(Text(one, values, plural=many), wrong)


class _Reader:
    """Cells to values, with what the book knows."""

    def __init__(self, work: Work) -> None:
        self.work = work
        connection = work.connection
        listed, known = services(connection).values(), providers(connection).values()
        self.services: Mapping[str, ServiceId] = {one.code.casefold(): one.id for one in listed}
        self.service_codes, self.provider_codes = (
            [one.code for one in listed],
            [one.code for one in known],
        )
        self.providers = {one.legacy_code.casefold(): one.id for one in known}
        self.providers |= {one.code.casefold(): one.id for one in known}
        self.people: dict[str, PersonId] = {}
        self.prices: dict[tuple[ProviderId, date], Mapping[ServiceId, int]] = {}

    def row(
        self, row: Mapping[str, str]
    ) -> tuple[_Invoice, NewClaim, tuple[str, ...], NewLine, Money | None]:
        first = _day(row, "day")
        last = _day(row, "until") if row.get("until") else first
        if last < first:
            raise _Refused(Text(N_("The care ends before it begins. Check the days.")), "until")
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
        invoice = _Invoice(
            self._provider(row),
            _month(row) if row.get("month") else Month.of(last),
            row.get("invoice", ""),
            # A claim of its own file tells when it was filed, not which invoice it is of.
            "" if "kind" in row else row.get("received", ""),
        )
        total = self._amount(row, "invoice_total") if row.get("invoice_total") else None
        # Whatever number a file names the person by: the claim's code says which claim it is.
        card = "" if "kind" in row else row["person"]
        key = (row.get("certificate", ""), card, first.isoformat(), last.isoformat())
        return invoice, told, key, self._line(row, invoice.provider_id, last), total

    def received(self, row: Mapping[str, str]) -> date:
        return _day(row, "received") if row.get("received") else self.work.today

    def _line(self, row: Mapping[str, str], provider_id: ProviderId, day: date) -> NewLine:
        service_id = self._service(row)
        quantity = _whole(row, "quantity")
        asked = "kind" not in row or row["price"]
        return NewLine(
            service_id,
            1 if quantity is None else quantity,
            self._amount(row, "price").minor
            if asked
            else self._agreed(provider_id, day, service_id, row["service"]),
        )

    def _service(self, row: Mapping[str, str]) -> ServiceId:
        code = row["service"].casefold()
        # Where a service has an item's code, the item was brought over with -I behind it.
        names = (f"{code}-i", code) if row.get("kind") == "ITEM" else (code,)
        for name in names:
            if name in self.services:
                return self.services[name]
        raise _Refused(
            Text(
                N_("{code} is not in the catalogue. Choose one of: {known}."),
                {"code": row["service"], "known": nearest(row["service"], self.service_codes)},
            ),
            "service",
        )

    def _agreed(self, provider_id: ProviderId, day: date, service_id: ServiceId, code: str) -> int:
        """Return the agreed price of what was filed without one."""
        if (provider_id, day) not in self.prices:
            connection = self.work.connection
            agreement = agreement_on(connection, provider_id, day)
            listed = tariff_on(connection, agreement.tariff_id, day) if agreement else None
            prices = listed.prices if isinstance(listed, TariffVersion) else {}
            self.prices[provider_id, day] = prices
        price = self.prices[provider_id, day].get(service_id)
        if price is None:
            raise _Refused(
                Text(
                    N_(
                        "{code} has no price, and no price list agreed for that day names it. Write its price."
                    ),
                    {"code": code},
                ),
                "price",
            )
        return price

    def _provider(self, row: Mapping[str, str]) -> ProviderId:
        found = self.providers.get(row["provider"].casefold()) if row["provider"] else None
        if found is None:
            raise _Refused(
                Text(
                    N_(
                        "There is no provider {code}. Choose one of: {known}; or register it first."
                    ),
                    {
                        "code": row["provider"],
                        "known": nearest(row["provider"], self.provider_codes),
                    },
                ),
                "provider",
            )
        return found

    def _person(self, row: Mapping[str, str]) -> PersonId:
        asked = row["person"]
        if asked not in self.people:
            found = person_of_card(self.work.connection, asked)
            if found is None:
                raise _Refused(
                    Text(
                        N_(
                            "Nobody is registered under this number. Look at the card again, or search by name."
                        )
                    ),
                    "person",
                )
            self.people[asked] = found
        return self.people[asked]

    def _amount(self, row: Mapping[str, str], column: str) -> Money:
        currency = self.work.currency
        try:
            if "kind" in row:
                return Money(minor_of(row[column], currency.scale), currency)
            return Money(read_minor(row[column], currency), currency)
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
        if day.isoformat() != told:
            raise ValueError(told)
    except ValueError as error:
        raise _Refused(
            Text(N_("{told} is no date. Write it as 2026-11-23."), {"told": told}), column
        ) from error
    if not EARLIEST <= day.year <= LATEST:
        raise _Refused(
            Text(
                N_("The year of {told} is not between {least} and {most}. Check the year."),
                {"told": told, "least": str(EARLIEST), "most": str(LATEST)},
            ),
            column,
        )
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
        raise _Refused(
            Text(N_("{told} is no whole number. Write digits only."), {"told": told}), column
        )
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
            Text(
                N_("{told} is no kind of visit. Write other, referral or emergency."),
                {"told": told},
            ),
            "visit",
        )
    return known[told]
