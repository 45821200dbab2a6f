"""Boxes: which there are, what each holds on a day, how low it gets later, who owns what."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.countries.pack import CountryPack
from stepdesk.ledger.queries.balances import summed_until
from stepdesk.ledger.rules import BOXES, lowest, voucher_number
from stepdesk.ledger.terms import (
    Activity,
    Basis,
    BoxBalance,
    BoxCount,
    CashBox,
    FeeTreatment,
    MoneySettings,
    Place,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.ids import BoxCountId, BoxId, SectionId, StaffId, evening_of
from stepdesk.values.money import Money
from stepdesk.values.month import Month

MAIN = Place("cash_main")
EVER = date(9998, 12, 31)
"""A day behind all days a book knows."""

# CROSS: entries of open months first. The planner would read every line of the book.
_HELD = (
    "SELECT coalesce((SELECT sum(debit - credit) FROM account_month WHERE month <= :summed"
    " AND role = :role AND box_id IS :box AND activity LIKE :activity), 0)"
    " + coalesce((SELECT sum(l.amount) FROM entry e CROSS JOIN entry_line l ON l.entry_id = e.id"
    " WHERE e.month > :summed AND e.day <= :day AND l.role = :role AND l.box_id IS :box"
    " AND e.activity LIKE :activity), 0) AS held"
)
_LATER = (
    "SELECT e.day, sum(l.amount) AS moved FROM entry e CROSS JOIN entry_line l ON l.entry_id = e.id"
    " WHERE e.month >= :month AND e.day > :day AND l.role = :role AND l.box_id IS :box"
    " AND e.activity LIKE :activity GROUP BY e.day"
)
_ALL = (
    "SELECT role, box_id, sum(amount) AS held FROM (SELECT role, box_id, debit - credit AS amount"
    " FROM account_month WHERE month <= :summed UNION ALL SELECT l.role, l.box_id, l.amount"
    " FROM entry e CROSS JOIN entry_line l ON l.entry_id = e.id"
    " WHERE e.month > :summed AND e.day <= :day) GROUP BY role, box_id"
)
# Ids begin with the moment: a session counted later than that was still open.
_FLOATS = (
    "SELECT coalesce(sum(s.float_amount), 0) AS taken FROM collection_session s"
    " LEFT JOIN session_count c ON c.session_id = s.id LEFT JOIN cash_box b ON b.id = s.box_id"
    " WHERE coalesce(b.kind, 'cash_main') = :role AND s.box_id IS :box AND s.day <= :day"
    " AND s.id < :moment AND (c.id IS NULL OR c.id > :moment)"
)
_SETTINGS = (
    "SELECT * FROM money_settings WHERE first_day <= :day ORDER BY first_day DESC, id DESC LIMIT 1"
)


def boxes(
    connection: Connection, country: CountryPack, language: str, *, day: date | None = None
) -> tuple[CashBox, ...]:
    """Return the boxes: the one of each kind, then those that were added, by kind and code.

    What a page of boxes shows. The one of a kind the scheme has named boxes of, and which never
    held anything, is left out.

    Args:
        connection: A reader's.
        country: Whose accounts name the one box of each kind.
        language: Of those names.
        day: Only boxes that were in use that day; all of them when left out.
    """
    named = [
        _box(row, country) for row in fetch(connection, "SELECT * FROM cash_box ORDER BY code")
    ]
    used = {
        row.role
        for row in fetch(connection, _ALL, **_until(connection, EVER))
        if row.box_id is None
    }
    found: list[CashBox] = []
    for role in BOXES:
        own = [one for one in named if one.place.role == role]
        if role in used or not own:
            account = country.chart[role]
            found.append(CashBox(Place(role), account.number, account.name(language)))
        found += [one for one in own if day is None or _in_use(one, day)]
    return tuple(found)


def _in_use(box: CashBox, day: date) -> bool:
    return (box.since is None or box.since <= day) and (box.ended_on is None or box.ended_on > day)


def _box(row: Any, country: CountryPack) -> CashBox:
    return CashBox(
        Place(row.kind, BoxId(row.id)),
        row.code,
        row.name,
        row.number or "",
        None if row.section_id is None else SectionId(row.section_id),
        None if row.holder_id is None else StaffId(row.holder_id),
        None if row.most is None else Money(row.most, country.currency),
        date.fromisoformat(row.since),
        None if row.ended_on is None else date.fromisoformat(row.ended_on),
    )


def box_at(
    connection: Connection, country: CountryPack, place: Place, language: str = "en"
) -> CashBox | None:
    """Return the box of a place, None when there is no such box."""
    if place.role not in BOXES:
        return None
    if place.box is None:
        account = country.chart[place.role]
        return CashBox(place, account.number, account.name(language))
    row = fetch(
        connection,
        "SELECT * FROM cash_box WHERE id = :id AND kind = :kind",
        id=place.box,
        kind=place.role,
    )
    return _box(row[0], country) if row else None


def box_of_code(connection: Connection, country: CountryPack, asked: str) -> CashBox | None:
    """Return the box of a code, an account's number or a kind as `cash_main`; None when none is."""
    wanted = asked.strip().casefold()
    for row in fetch(connection, "SELECT * FROM cash_box"):
        if row.code.casefold() == wanted:
            return _box(row, country)
    for role in BOXES:
        if wanted in {role, country.chart[role].number}:
            return box_at(connection, country, Place(role))
    return None


def _until(connection: Connection, day: date) -> dict[str, object]:
    before = str(Month.of(day).plus(-1))
    return {"summed": min(summed_until(connection), before), "day": day.isoformat()}


def _asked(place: Place, activity: Activity | None) -> dict[str, object]:
    return {
        "role": place.role,
        "box": place.box,
        "activity": "%" if activity is None else activity.value,
    }


def held_on(
    connection: Connection, place: Place, day: date, activity: Activity | None = None
) -> int:
    """Return what a box held at the end of a day, of one activity's money or of all."""
    told = _until(connection, day) | _asked(place, activity)
    return int(fetch_one(connection, _HELD, **told).held)


def floats_of(connection: Connection, place: Place, day: date, *, at: bytes) -> int:
    """Return what of a box's money open collection sessions had with them on a day's evening.

    It is the box's by the books, and lies in their bags. Of today it is asked as things stood when
    the row of id `at` was written. Never more than the box held: what it never had is not with them.
    """
    told = {"role": place.role, "box": place.box, "day": day.isoformat()}
    taken = int(fetch_one(connection, _FLOATS, moment=min(at, evening_of(day)), **told).taken)
    return min(taken, max(held_on(connection, place, day), 0)) if taken else 0


def lowest_from(
    connection: Connection, place: Place, day: date, activity: Activity | None = None
) -> tuple[int, date]:
    """Return the least a box holds at the end of a day or of any later day, and when first."""
    rows = fetch(
        connection,
        _LATER,
        month=day.isoformat()[:7],
        day=day.isoformat(),
        **_asked(place, activity),
    )
    moved = {date.fromisoformat(row.day): int(row.moved) for row in rows}
    return lowest(held_on(connection, place, day, activity), moved, since=day)


def balances_on(connection: Connection, day: date) -> Mapping[Place, int]:
    """Return what each box held at the end of a day; boxes that held nothing are left out."""
    return {
        Place(row.role, None if row.box_id is None else BoxId(row.box_id)): int(row.held)
        for row in fetch(connection, _ALL, **_until(connection, day))
        if row.role in BOXES and row.held
    }


def box_balances(
    connection: Connection, country: CountryPack, language: str, day: date
) -> tuple[BoxBalance, ...]:
    """Return every box with what it holds, what is too much in it, and its last count.

    What the head of the cash page and an alert of Today need. A box's own limit goes before the
    scheme's `cash_limit`, which is for cash boxes alone. Source: domain handbook 3.4.
    """
    held = balances_on(connection, day)
    limit = money_settings_on(connection, country, day).cash_limit
    counts = {
        Place(row.box, None if row.box_id is None else BoxId(row.box_id)): row
        for row in fetch(
            connection,
            "SELECT box, box_id, counted, day FROM box_count WHERE day <= :day ORDER BY day, id",
            day=day.isoformat(),
        )
    }
    found = []
    nothing = Money(0, country.currency)
    for box in boxes(connection, country, language, day=day):
        lies = Money(held.get(box.place, 0), country.currency)
        most = box.most or (limit if box.place.role.startswith("cash_") else None)
        counted = counts.get(box.place)
        found.append(
            BoxBalance(
                box,
                lies,
                nothing if most is None else max(lies - most, nothing),
                None if counted is None else Money(counted.counted, country.currency),
                None if counted is None else date.fromisoformat(counted.day),
            )
        )
    return tuple(found)


def money_settings_on(connection: Connection, country: CountryPack, day: date) -> MoneySettings:
    """Return the scheme's money rules of a day, the country's own where it set none."""
    rows = fetch(connection, _SETTINGS, day=day.isoformat())
    if not rows:
        return MoneySettings(
            Money(country.number("cash_limit", day), country.currency),
            Money(country.number("double_sign_amount", day), country.currency),
        )
    row = rows[0]
    return MoneySettings(
        Money(row.cash_limit, country.currency),
        Money(row.double_sign_amount, country.currency),
        FeeTreatment(row.entry_fee_treatment),
        Basis(row.basis),
        date.fromisoformat(row.first_day),
        None
        if row.reimbursement_limit is None
        else Money(row.reimbursement_limit, country.currency),
    )


def on_cash_basis(connection: Connection) -> bool:
    """Whether contributions are income as cash comes; chosen before the first receipt."""
    rows = fetch(connection, "SELECT basis FROM money_settings ORDER BY first_day DESC, id DESC")
    return bool(rows) and rows[0].basis == Basis.CASH.value


# Whose it is


def by_party(connection: Connection, role: str) -> Mapping[bytes | None, int]:
    """Return what an account holds by whose it is: debit above zero, nothing left out but zeros.

    Lines of before this was kept have no party: they stand under None.
    """
    rows = fetch(
        connection,
        "SELECT party, sum(amount) AS held FROM entry_line WHERE role = :role GROUP BY party",
        role=role,
    )
    return {row.party: int(row.held) for row in rows if row.held}


def told_by_hand(connection: Connection) -> Mapping[str, int]:
    """Return what vouchers moved on accounts of persons, by account; each line says whose it is.

    Together with the lists of receipts, claims and hand-overs this is what such an account
    must hold. Source: domain handbook Y.8, 4.
    """
    rows = fetch(
        connection,
        "SELECT l.role, sum(l.amount) AS held FROM voucher v JOIN entry_line l"
        " ON l.entry_id = v.entry_id WHERE l.party IS NOT NULL GROUP BY l.role",
    )
    return {row.role: int(row.held) for row in rows}


def owed_by_hand(connection: Connection, role: str, party: bytes) -> int:
    """Return what vouchers left on an account for one person: debit above zero."""
    row = fetch_one(
        connection,
        "SELECT coalesce(sum(l.amount), 0) AS held FROM voucher v CROSS JOIN entry_line l"
        " ON l.entry_id = v.entry_id WHERE l.role = :role AND l.party = :party",
        role=role,
        party=party,
    )
    return int(row.held)


def left_by_hand(connection: Connection) -> Mapping[tuple[str, bytes], int]:
    """Return what vouchers left on accounts of persons, by account and whose it is; no zeros."""
    rows = fetch(
        connection,
        "SELECT l.role, l.party, sum(l.amount) AS held FROM voucher v JOIN entry_line l"
        " ON l.entry_id = v.entry_id WHERE l.party IS NOT NULL GROUP BY l.role, l.party"
        " HAVING held <> 0 ORDER BY min(l.entry_id)",
    )
    return {(row.role, row.party): int(row.held) for row in rows}


# Counts


def counts(
    connection: Connection, country: CountryPack, language: str, *, month: Month | None = None
) -> tuple[BoxCount, ...]:
    """Return counts of boxes and statements read, the newest first: what a count sheet needs.

    Args:
        connection: A reader's.
        country: Whose accounts name the one box of each kind.
        language: Of those names.
        month: Only those of one month.
    """
    rows = fetch(
        connection,
        "SELECT c.*, a.name AS first_name, b.name AS second_name, v.series, v.year, v.letter,"
        " v.serial, o.name AS owed_by FROM box_count c JOIN staff a ON a.id = c.first_person"
        " LEFT JOIN staff b ON b.id = c.second_person LEFT JOIN voucher v ON v.id = c.voucher_id"
        " LEFT JOIN staff o ON o.id = v.party"
        " WHERE substr(c.day, 1, 7) LIKE :month ORDER BY c.day DESC, c.id DESC",
        month="%" if month is None else str(month),
    )
    return tuple(_count(connection, country, language, row) for row in rows)


def _count(connection: Connection, country: CountryPack, language: str, row: Any) -> BoxCount:
    place = Place(row.box, None if row.box_id is None else BoxId(row.box_id))
    box = box_at(connection, country, place, language)
    if box is None:
        raise LookupError("no such box")
    number = ""
    if row.series is not None:
        number = voucher_number(row.series, row.year, box.code, row.letter, row.serial)
    pieces = json.loads(row.pieces) if row.pieces else {}
    day = date.fromisoformat(row.day)
    taken = floats_of(connection, place, day, at=row.id) if row.pieces else 0
    return BoxCount(
        BoxCountId(row.id),
        box,
        day,
        Money(row.counted, country.currency),
        Money(row.expected, country.currency),
        {int(value): n for value, n in pieces.items()},
        row.difference_reason,
        tuple(name for name in (row.first_name, row.second_name) if name),
        bool(row.single_control),
        number,
        Money(taken, country.currency),
        row.owed_by or "",
    )
