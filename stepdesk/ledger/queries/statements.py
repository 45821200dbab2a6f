"""What statements are made of: journals, an account's ledger, cash books, vouchers, bills."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.countries.pack import CountryPack
from stepdesk.i18n import N_, Text, Value
from stepdesk.ledger.queries.balances import entry_number
from stepdesk.ledger.queries.boxes import held_on
from stepdesk.ledger.rules import voucher_number
from stepdesk.ledger.terms import (
    AccountLedger,
    Activity,
    CashBook,
    CashBookRow,
    CashBox,
    Entry,
    Journal,
    LedgerRow,
    Line,
    OpenBill,
    Place,
    Voucher,
    VoucherKind,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, document_number
from stepdesk.values.ids import BoxId, EntryId, VoucherId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

_JOURNAL = (
    "SELECT e.id, e.journal, e.month, e.letter, e.serial, e.rule, e.day, e.activity, e.reverses,"
    " coalesce(nullif(v.label, ''), e.reason) AS told, l.role, l.amount, l.box_id, l.party"
    " FROM entry e JOIN entry_line l ON l.entry_id = e.id"
    " LEFT JOIN voucher v ON v.entry_id = e.id"
    " WHERE e.month >= :from_month AND e.month <= :to_month AND e.day >= :first AND e.day <= :last"
    " AND e.journal LIKE :journal AND e.activity LIKE :activity"
    " ORDER BY e.month, e.journal, e.letter, e.serial, l.id"
)
_ACCOUNT = (
    "SELECT e.id, e.journal, e.month, e.letter, e.serial, e.rule, e.day, e.activity, l.amount, l.party,"
    " coalesce(nullif(v.label, ''), e.reason) AS told"
    " FROM entry e JOIN entry_line l ON l.entry_id = e.id"
    " LEFT JOIN voucher v ON v.entry_id = e.id"
    " WHERE e.month >= :from_month AND e.month <= :to_month AND e.day >= :first AND e.day <= :last"
    " AND l.role = :role AND (:every_box OR l.box_id IS :box)"
    " AND (:every_party OR l.party IS :party) AND e.activity LIKE :activity"
    " ORDER BY e.day, e.id, l.id"
)
_BEFORE = (
    "SELECT coalesce(sum(l.amount), 0) AS held FROM entry e JOIN entry_line l ON l.entry_id = e.id"
    " WHERE e.day < :first AND l.role = :role AND (:every_box OR l.box_id IS :box)"
    " AND (:every_party OR l.party IS :party) AND e.activity LIKE :activity"
)
_CASH_BOOK = (
    "SELECT e.id, e.journal, e.month, e.letter, e.serial, e.rule, e.day, e.activity, l.amount,"
    " coalesce(v.id, w.id) AS voucher, coalesce(v.piece, w.piece) AS piece,"
    " coalesce(nullif(v.label, ''), nullif(w.label, ''), e.reason) AS told,"
    " EXISTS (SELECT 1 FROM entry r WHERE r.reverses = e.id) OR e.reverses IS NOT NULL AS undone"
    " FROM entry e JOIN entry_line l ON l.entry_id = e.id"
    " LEFT JOIN voucher v ON v.entry_id = e.id LEFT JOIN voucher w ON w.other_entry_id = e.id"
    " WHERE e.month = :month AND l.role = :role AND l.box_id IS :box ORDER BY e.day, e.id, l.id"
)
_PAPERS = {
    "payment": "R",
    "payer_payment": "P",
    "hand_over": "H",
    "provider_payment": "V",
    "member_payment": "M",
}
_PAPER = (
    "SELECT entry_id, year, letter, serial FROM {table}"
    " WHERE id >= :low AND id < :high AND serial IS NOT NULL"
)
_BESIDE = 60_000  # milliseconds
_GROUP_SUMS = (
    "SELECT e.id AS entry_id, coalesce(b.id, g.id) AS sum_id, coalesce(b.year, g.year) AS year,"
    " coalesce(b.letter, g.letter) AS letter, coalesce(b.serial, g.serial) AS serial, m.name,"
    " b.id IS NOT NULL AS back, coalesce(b.amount, g.amount) AS amount, p.year AS r_year,"
    " p.letter AS r_letter, p.serial AS r_serial, s.code, h.serial AS home"
    " FROM payment o JOIN group_payment g ON g.id = o.group_payment_id"
    " JOIN member_group m ON m.id = g.group_id"
    " JOIN payment p ON p.id = o.id OR p.reverses = o.id"
    " JOIN entry e ON e.id = p.entry_id JOIN household h ON h.id = p.household_id"
    " JOIN section s ON s.id = h.section_id"
    " LEFT JOIN group_payment b ON b.reverses = g.id AND p.id <> o.id AND b.paid_on = p.paid_on"
    " WHERE o.group_payment_id IS NOT NULL AND e.month = :month AND (p.id = o.id OR b.id NOTNULL)"
)
_VOUCHERS = (
    "SELECT v.*, s.name AS made_by_name, e.journal AS e_journal, e.month AS e_month,"
    " e.letter AS e_letter, e.serial AS e_serial, e.activity,"
    " b.code AS code, o.code AS other_code, r.id AS undone_by"
    " FROM voucher v JOIN staff s ON s.id = v.made_by JOIN entry e ON e.id = v.entry_id"
    " LEFT JOIN cash_box b ON b.id = v.box_id LEFT JOIN cash_box o ON o.id = v.other_box_id"
    " LEFT JOIN voucher r ON r.reverses = v.id"
)


def journal(
    connection: Connection,
    first: date,
    last: date,
    *,
    kind: Journal | None = None,
    activity: Activity | None = None,
) -> tuple[Entry, ...]:
    """Return the entries of some days, both included, by month, journal and number."""
    rows = fetch(
        connection,
        _JOURNAL,
        **_days(first, last),
        journal="%" if kind is None else kind.value,
        activity="%" if activity is None else activity.value,
    )
    return tuple(_entries(rows))


def _days(first: date, last: date) -> dict[str, object]:
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "from_month": first.isoformat()[:7],
        "to_month": last.isoformat()[:7],
    }


def _entries(rows: list[Any]) -> Iterator[Entry]:
    for _, same in groupby(rows, key=lambda row: row.id):
        lines = list(same)
        row = lines[0]
        yield Entry(
            EntryId(row.id),
            entry_number(row.journal, row.month, row.letter, row.serial),
            row.rule,
            Journal(row.journal),
            date.fromisoformat(row.day),
            Month.parse(row.month),
            tuple(
                Line(
                    one.role,
                    one.amount,
                    None if one.box_id is None else BoxId(one.box_id),
                    one.party,
                )
                for one in lines
            ),
            row.told,
            None if row.reverses is None else EntryId(row.reverses),
            Activity(row.activity),
        )


def account_ledger(
    connection: Connection,
    country: CountryPack,
    role: str,
    *,
    first: date,
    last: date,
    place: Place | None = None,
    party: bytes | None = None,
    activity: Activity | None = None,
) -> AccountLedger:
    """Return one account over some days, both included, with its balance after each line.

    Args:
        connection: A reader's.
        country: Whose chart numbers the account.
        role: The account.
        first: The first day.
        last: The last day.
        place: Only one box of it.
        party: Only one person's part of it.
        activity: Only one activity's.
    """
    asked = {
        "role": role,
        "every_box": int(place is None),
        "box": place.box if place else None,
        "every_party": int(party is None),
        "party": party,
        "activity": "%" if activity is None else activity.value,
    }
    currency = country.currency
    held = int(fetch_one(connection, _BEFORE, first=first.isoformat(), **asked).held)
    before = Money(held, currency)
    found: list[LedgerRow] = []
    for row in fetch(connection, _ACCOUNT, **_days(first, last), **asked):
        held += row.amount
        found.append(
            LedgerRow(
                date.fromisoformat(row.day),
                entry_number(row.journal, row.month, row.letter, row.serial),
                row.told,
                Money(max(row.amount, 0), currency),
                Money(max(-row.amount, 0), currency),
                Money(held, currency),
                row.party,
                Activity(row.activity),
                EntryId(row.id),
                rule=row.rule,
            )
        )
    number = country.chart[role].number
    return AccountLedger(role, number, before, tuple(found), Money(held, currency))


def cash_book(
    connection: Connection,
    country: CountryPack,
    box: CashBox,
    month: Month,
    *,
    activity: Activity | None = None,
) -> CashBook:
    """Return the cash book of a box and month (D16), each movement with the balance after it.

    With an activity only what moved of its money is told; balances are of the whole box.

    A movement no voucher was written for, as a receipt or a payment of a provider, bears its
    entry's number, and the number of that paper beside it. Cancelled ones stay, with `cancelled`; so does what cancels them.
    """
    currency, place = country.currency, box.place
    before = held_on(connection, place, month.plus(-1).last)
    rows = fetch(connection, _CASH_BOOK, month=str(month), role=place.role, box=place.box)
    numbers = _numbers_of(connection, country, {row.voucher for row in rows if row.voucher})
    papers = _papers_of(connection, {row.id for row in rows if not row.voucher})
    held, came, went = before, 0, 0
    found: list[CashBookRow] = []
    for row in rows:
        held += row.amount
        if activity not in (None, Activity(row.activity)):
            continue
        came += max(row.amount, 0)
        went += max(-row.amount, 0)
        own = numbers.get(row.voucher, {}).get("S" if row.amount < 0 else "E")
        found.append(
            CashBookRow(
                date.fromisoformat(row.day),
                own or entry_number(row.journal, row.month, row.letter, row.serial),
                row.told,
                Money(max(row.amount, 0), currency),
                Money(max(-row.amount, 0), currency),
                Money(held, currency),
                row.piece or papers.get(row.id, ""),
                bool(row.undone),
                EntryId(row.id),
                rule=row.rule,
            )
        )
    return CashBook(
        box,
        month,
        Money(before, currency),
        tuple(_by_sum(connection, found, month)),
        Money(came, currency),
        Money(went, currency),
        Money(held, currency),
        activity,
    )


def _papers_of(connection: Connection, wanted: set[bytes]) -> Mapping[bytes, str]:
    """Return the numbers of the papers that booked entries: receipts, slips, payments."""
    if not wanted:
        return {}
    # Both were written by one work: their ids, which begin with the moment, lie beside each other.
    first = int.from_bytes(min(wanted)[:6], "big") - _BESIDE
    last = int.from_bytes(max(wanted)[:6], "big") + _BESIDE
    between = {"low": first.to_bytes(6, "big"), "high": last.to_bytes(6, "big")}
    return {
        row.entry_id: document_number(letter, row.year, row.letter, row.serial)
        for table, letter in _PAPERS.items()
        for row in fetch(connection, _PAPER.format(table=table), **between)
        if row.entry_id in wanted
    }


def _by_sum(
    connection: Connection, rows: Sequence[CashBookRow], month: Month
) -> Iterator[CashBookRow]:
    """Yield a group's sum as one line, its receipts behind it; all other lines as they are."""
    sums = {EntryId(row.entry_id): row for row in fetch(connection, _GROUP_SUMS, month=str(month))}

    def sum_of(row: CashBookRow) -> bytes:
        told = sums.get(row.entry_id)
        return told.sum_id if told is not None else row.entry_id

    for _, together in groupby(rows, sum_of):
        some = tuple(together)
        told = sums.get(some[0].entry_id)
        moved = sum(one.came_in.minor - one.went_out.minor for one in some)
        if told is None or moved != told.amount:
            yield from some
        else:
            yield _sum_row(some, sums, told)


def _sum_row(
    rows: Sequence[CashBookRow],
    sums: Mapping[EntryId, Any],
    told: Any,
) -> CashBookRow:
    last = rows[-1]
    words = (
        N_("{group}: the sum for {count} household is given back")
        if told.back
        else N_("{group}: a sum for {count} household")
    )
    many = (
        N_("{group}: the sum for {count} households is given back")
        if told.back
        else N_("{group}: a sum for {count} households")
    )
    zero = Money(0, last.balance.currency)
    return replace(
        last,
        number=document_number("G", told.year, told.letter, told.serial),
        label=Text(words, {"group": told.name, "count": len(rows)}, plural=many),
        came_in=sum((one.came_in for one in rows), zero),
        went_out=sum((one.went_out for one in rows), zero),
        paper="",
        cancelled=all(one.cancelled for one in rows),
        parts=tuple(_part(one, sums[one.entry_id]) for one in rows),
    )


def _part(row: CashBookRow, told: Any) -> CashBookRow:
    values: dict[str, Value] = {
        "receipt": document_number("R", told.r_year, told.r_letter, told.r_serial),
        "number": str(HouseholdNumber(told.code, told.home)),
    }
    return replace(row, label=Text(N_("Receipt {receipt} of household {number}"), values))


def _numbers_of(
    connection: Connection, country: CountryPack, wanted: set[bytes]
) -> Mapping[bytes, Mapping[str, str]]:
    found: dict[bytes, dict[str, str]] = {}
    for one in wanted:
        row = fetch_one(connection, f"{_VOUCHERS} WHERE v.id = :id", id=one)
        first, other = _numbers(row, country)
        found[one] = {row.series or "": first} | ({"E": other} if other else {})
    return found


def _numbers(row: Any, country: CountryPack) -> tuple[str, str]:
    """Return a voucher's number and that of the box its money went to, empty when none."""
    first = entry_number(row.e_journal, row.e_month, row.e_letter, row.e_serial)
    other = ""
    if row.serial is not None:
        code = row.code or country.chart[row.box].number
        first = voucher_number(row.series, row.year, code, row.letter, row.serial)
    if row.other_serial is not None:
        code = row.other_code or country.chart[row.other_box].number
        other = voucher_number("E", row.year, code, row.letter, row.other_serial)
    return first, other


def vouchers(
    connection: Connection, country: CountryPack, *, first: date, last: date
) -> tuple[Voucher, ...]:
    """Return the vouchers of some days, both included, the newest first; cancelled ones too."""
    rows = fetch(
        connection,
        f"{_VOUCHERS} WHERE v.day >= :first AND v.day <= :last ORDER BY v.day DESC, v.id DESC",
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return tuple(_voucher(connection, country, row) for row in rows)


def voucher_of(connection: Connection, country: CountryPack, voucher_id: bytes) -> Voucher | None:
    """Return one voucher, None when there is none of this id."""
    rows = fetch(connection, f"{_VOUCHERS} WHERE v.id = :id", id=voucher_id)
    return _voucher(connection, country, rows[0]) if rows else None


def voucher_of_number(connection: Connection, country: CountryPack, number: str) -> Voucher | None:
    """Return the voucher a number stands on, as printed; None when there is none."""
    wanted = number.strip().upper()
    for row in fetch(connection, _VOUCHERS):
        if wanted in {one.upper() for one in _numbers(row, country) if one}:
            return _voucher(connection, country, row)
    return None


def _voucher(connection: Connection, country: CountryPack, row: Any) -> Voucher:
    number, other = _numbers(row, country)
    return Voucher(
        VoucherId(row.id),
        VoucherKind(row.kind),
        number,
        other,
        date.fromisoformat(row.day),
        Money(row.amount, country.currency),
        row.role or "",
        row.label,
        row.payee or "",
        row.piece or "",
        Activity(row.activity),
        entry_number(row.e_journal, row.e_month, row.e_letter, row.e_serial),
        row.made_by_name,
        bool(row.single_control),
        _number_of(connection, country, row.reverses),
        _number_of(connection, country, row.undone_by),
        row.reason or "",
    )


def _number_of(connection: Connection, country: CountryPack, voucher_id: bytes | None) -> str:
    if voucher_id is None:
        return ""
    return _numbers(
        fetch_one(connection, f"{_VOUCHERS} WHERE v.id = :id", id=voucher_id), country
    )[0]


def voucher_gaps(connection: Connection) -> tuple[tuple[str, int], ...]:
    """Return the series of vouchers that miss numbers, with how many; there must be none."""
    rows = fetch(
        connection,
        "SELECT series || '-' || year || '-' || box || '-' || letter AS told,"
        " max(serial) - count(*) AS missing FROM (SELECT series, box, box_id, year, letter, serial"
        " FROM voucher WHERE serial IS NOT NULL UNION ALL SELECT 'E', other_box, other_box_id, year,"
        " letter, other_serial FROM voucher WHERE other_serial IS NOT NULL)"
        " GROUP BY series, box, box_id, year, letter HAVING missing <> 0",
    )
    return tuple((row.told, row.missing) for row in rows)


def open_bills(connection: Connection, currency: Currency) -> tuple[OpenBill, ...]:
    """Return suppliers' bills that are not wholly paid, the oldest first."""
    rows = fetch(
        connection,
        "SELECT v.id, v.payee, v.piece, v.day, v.label, v.amount, -sum(l.amount) AS owed"
        " FROM voucher v JOIN entry_line l ON l.party = v.id AND l.role = 'supplier'"
        " JOIN voucher w ON w.entry_id = l.entry_id"
        " WHERE v.kind = 'BILL' AND v.reverses IS NULL GROUP BY v.id HAVING owed > 0"
        " ORDER BY v.day, v.id",
    )
    return tuple(
        OpenBill(
            VoucherId(row.id),
            row.payee or "",
            row.piece or "",
            date.fromisoformat(row.day),
            row.label,
            Money(row.amount, currency),
            Money(row.owed, currency),
        )
        for row in rows
    )
