"""What the page of cash and accounts reads and does; all of it for the lane."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from stepdesk.claims.queries import owing
from stepdesk.contributions.queries import (
    HAND_OVER,
    carried_by,
    hand_over_of,
    hand_overs,
    to_hand_over,
)
from stepdesk.contributions.terms import HandedOver
from stepdesk.countries import country
from stepdesk.countries.pack import CountryPack
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.papers import (
    account_list,
    balance_list,
    carried_list,
    cash_book_list,
    count_pdf,
    journal_list,
    voucher_pdf,
)
from stepdesk.ledger.queries import (
    account_ledger,
    box_balances,
    box_of_code,
    cash_book,
    counts,
    journal,
    last_closed,
    money_settings_on,
    open_bills,
    trial_balance,
    voucher_of_number,
    vouchers,
)
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.service import OWED_BY_US, OWED_TO_US
from stepdesk.ledger.terms import (
    Activity,
    BoxBalance,
    Carried,
    CashBook,
    CashBookRow,
    Debt,
    Journal,
    Line,
    MoneySettings,
    Opened,
    Place,
    Voucher,
)
from stepdesk.paper.sheet import Listing
from stepdesk.providers.queries import providers
from stepdesk.reports.queries.parties import debts, party_named
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.scheme.terms import Section
from stepdesk.store.desk import Colleague, Desk
from stepdesk.store.files import write_whole
from stepdesk.values.digits import document_parts
from stepdesk.values.ids import BoxId, EntryId, RequestId, StaffId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_REMEMBERED = 400  # days whose vouchers complete what is typed
_SLIPS = 200  # hand-overs that are listed, the newest


class Tab(Enum):
    """What the page shows."""

    BOOK = "BOOK"
    TO_PAY = "TO_PAY"
    COLLECTORS = "COLLECTORS"
    BALANCE = "BALANCE"
    JOURNALS = "JOURNALS"
    ACCOUNT = "ACCOUNT"
    OPENING = "OPENING"
    RULES = "RULES"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown: which tab, of which box, month, journal or account.

    `activity` is whose entries alone stand in books, journals, accounts and the balance, None for all;
    `opened` is the number of the group's sum whose receipts are shown below it.
    """

    tab: Tab
    month: Month
    place: Place = field(default_factory=lambda: Place("cash_main"))
    journal: Journal | None = None
    role: str = "cash_main"
    opened: str = ""
    activity: Activity | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands on the page.

    `rows` are the cells of the table and `ids` what is chosen with each; `memory` is what earlier
    papers were about, with the category each had last. `me` is who sits in front. The opening stands
    once a month was closed. `debts` are those of the opening balance sheet and of counts, the
    scheme's own and those owed to it; `slips` are the latest hand-overs, beside the collectors.
    """

    asked: Asked
    boxes: tuple[BoxBalance, ...]
    rows: tuple[tuple[Any, ...], ...]
    ids: tuple[Any, ...]
    settings: MoneySettings
    others: tuple[Colleague, ...]
    solo: bool
    memory: Mapping[str, str]
    me: Colleague
    sections: tuple[Section, ...]
    book: CashBook | None = None
    opening_stands: bool = False
    debts: tuple[Debt, ...] = ()
    slips: tuple[HandedOver, ...] = ()


@dataclass(frozen=True, slots=True)
class TakingOver:
    """What is known when a collector comes to hand over.

    `may` is what can be handed over: the bag of an open session is counted with it. `signers` may
    sign beside who sits in front: the collector alone, unless that is the same person or somebody
    who has no access any more.
    """

    carried: Carried
    may: Money
    signers: tuple[Colleague, ...]
    today: date


def facts_of(desk: Desk, asked: Asked, language: str) -> Facts:
    """Return what the page shows."""
    pack = country(desk.country)
    with desk.read() as connection:
        boxes = box_balances(connection, pack, language, desk.today)
        settings = money_settings_on(connection, pack, desk.today)
        since = date.fromordinal(desk.today.toordinal() - _REMEMBERED)
        earlier = vouchers(connection, pack, first=since, last=desk.today)
        sections = sections_on(connection, desk.today)
        stands = last_closed(connection) is not None
        owed = debts(connection, (*OWED_BY_US, *OWED_TO_US), pack.currency, desk.today)
    memory = {one.label: one.role for one in reversed(earlier) if one.label and one.role}
    rows, ids, book = _READING[asked.tab](desk, pack, asked, language)
    people = desk.colleagues()
    others = tuple(one for one in people if one.id != desk.person.staff_id)
    me = next(one for one in people if one.id == desk.person.staff_id)
    told = (
        boxes,
        rows,
        ids,
        settings,
        others,
        desk.solo,
        memory,
        me,
        sections,
        book,
        stands,
        owed,
    )
    return Facts(asked, *told, slips=_slips(desk, asked))


def _slips(desk: Desk, asked: Asked) -> tuple[HandedOver, ...]:
    if asked.tab is not Tab.COLLECTORS:
        return ()
    return desk.ask(hand_overs, desk.currency, latest=_SLIPS)


def taking_over(desk: Desk, carried: Carried) -> TakingOver:
    """Return what is known of a collector who comes to hand over."""
    may = desk.ask(to_hand_over, carried.collector_id)
    others = tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id)
    collector = tuple(one for one in others if one.id == carried.collector_id)
    return TakingOver(carried, Money(may, desk.currency), collector or others, desk.today)


_Read = tuple[tuple[tuple[Any, ...], ...], tuple[Any, ...], CashBook | None]


def book_of(desk: Desk, pack: CountryPack, asked: Asked, language: str) -> CashBook:
    """Return the cash book of the box and month that is asked for."""
    with desk.read() as connection:
        boxes = box_balances(connection, pack, language, asked.month.last)
        box = next((one.box for one in boxes if one.box.place == asked.place), boxes[0].box)
        return cash_book(connection, pack, box, asked.month, activity=asked.activity)


def _book(desk: Desk, pack: CountryPack, asked: Asked, language: str) -> _Read:
    book = book_of(desk, pack, asked, language)
    shown = [
        part
        for one in book.rows
        for part in ((one, *one.parts) if one.number == asked.opened else (one,))
    ]
    whole = asked.activity is None
    return tuple(_book_row(one, whole=whole) for one in shown), tuple(shown), book


def _book_row(one: CashBookRow, *, whole: bool) -> tuple[Any, ...]:
    told: Any = one.said
    if one.cancelled:
        told = Text(N_("{text} (cancelled)"), {"text": one.said})
    return (
        one.day,
        one.number,
        told,
        one.came_in or None,
        one.went_out or None,
        *((one.balance,) if whole else ()),
        one.paper,
    )


def _to_pay(desk: Desk, pack: CountryPack, _asked: Asked, language: str) -> _Read:
    with desk.read() as connection:
        bills = open_bills(connection, pack.currency)
        owed = owing(connection, pack.currency)
        named = providers(connection)
        old = debts(connection, OWED_BY_US, pack.currency, desk.today)
    rows: list[tuple[Any, ...]] = [
        (one.payee, one.label, one.piece, one.day, one.amount, one.owed) for one in bills
    ]
    rows += [
        (
            named[one.provider_id].name,
            Text(
                N_("{count} certificate"), {"count": one.claims}, plural=N_("{count} certificates")
            ),
            "",
            one.since,
            one.amount,
            one.amount,
        )
        for one in owed
    ]
    for debt in old:
        account = pack.chart[debt.role].name(language)
        whose = (debt.whose, account) if debt.whose else (account, Text(N_("Owed since before")))
        rows.append((*whose, "", None, debt.amount, debt.amount))
    return tuple(rows), (*bills, *owed, *old), None


def _collectors(desk: Desk, pack: CountryPack, _asked: Asked, _language: str) -> _Read:
    carried = desk.ask(carried_by, pack.currency, desk.today)
    return tuple((one.name, one.since, one.days, one.amount) for one in carried), carried, None


def _balance(desk: Desk, pack: CountryPack, asked: Asked, language: str) -> _Read:
    told = desk.ask(trial_balance, pack, asked.month, activity=asked.activity)
    rows: list[tuple[Any, ...]] = [
        (one.number, pack.chart[one.role].name(language), one.debit, one.credit, one.balance)
        for one in told.rows
    ]
    rows.append(("", Text(N_("Together")), told.debit, told.credit, None))
    return tuple(rows), (*(one.role for one in told.rows), ""), None


def _journals(desk: Desk, pack: CountryPack, asked: Asked, language: str) -> _Read:
    entries = desk.ask(
        journal,
        asked.month.first,
        asked.month.last,
        kind=asked.journal,
        activity=asked.activity,
    )
    rows, ids = [], []
    for one in entries:
        for line in one.lines:
            account = pack.chart[line.role]
            amount = Money(abs(line.amount), pack.currency)
            sides = (amount, None) if line.amount > 0 else (None, amount)
            rows.append(
                (one.day, one.number, account.number, account.name(language), one.said, *sides)
            )
            ids.append((one.number, line.role))
    return tuple(rows), tuple(ids), None


def _account(desk: Desk, pack: CountryPack, asked: Asked, _language: str) -> _Read:
    month = asked.month
    days: dict[str, Any] = {"first": month.first, "last": month.last}
    told = desk.ask(account_ledger, pack, asked.role, activity=asked.activity, **days)
    rows: list[tuple[Any, ...]] = [
        (month.first, "", Text(N_("Brought forward")), None, None, told.before)
    ]
    rows += [
        (one.day, one.number, one.said, one.debit or None, one.credit or None, one.balance)
        for one in told.rows
    ]
    return tuple(rows), (None, *told.rows), None


def _rules(desk: Desk, pack: CountryPack, _asked: Asked, language: str) -> _Read:
    boxes = desk.ask(box_balances, pack, language, desk.today)
    rows = tuple(
        (
            one.box.code,
            one.box.name,
            one.held,
            one.too_much or None,
            one.counted_on,
            one.counted,
        )
        for one in boxes
    )
    return rows, tuple(one.box.place for one in boxes), None


_READING: Mapping[Tab, Callable[[Desk, CountryPack, Asked, str], _Read]] = {
    Tab.BOOK: _book,
    Tab.TO_PAY: _to_pay,
    Tab.COLLECTORS: _collectors,
    Tab.BALANCE: _balance,
    Tab.JOURNALS: _journals,
    Tab.ACCOUNT: _account,
    Tab.OPENING: _balance,
    Tab.RULES: _rules,
}


# What is done


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb with what it is told, who signs with, and the doubts that are accepted.

    `lines` and `held` among what it is told are role, amount and whose, as they were typed.
    """

    verb: Callable[..., Any]
    told: Mapping[str, Any]
    second: tuple[StaffId, str] | None = None
    accepting: frozenset[str] = frozenset()
    reason: str = ""


def done(desk: Desk, deed: Deed) -> Any:  # noqa: ANN401 - whatever the verb returns
    """Do it as a work of its own."""
    told = dict(deed.told)
    for name, kind in (("lines", Line), ("held", Opened)):
        if name in told:
            told[name] = [
                kind(role, amount, *_whose(desk, role, who, at))
                for at, (role, amount, who) in enumerate(told[name])
            ]
    if deed.accepting:
        told["accepting"] = deed.accepting
    with desk.work(deed.verb.__name__, reason=deed.reason) as work:
        if deed.second is not None:
            work.second(*deed.second)
        return deed.verb(work, **told)


def _whose(desk: Desk, role: str, asked: str, at: int) -> tuple[BoxId | None, bytes | None]:
    """Return which box a line is about, and whose it is.

    Raises:
        Refusal: beside `party` and the line's place: nobody, or no such box, is known so.
    """
    if role not in BOXES or not asked:
        return None, desk.ask(party_named, role, asked, desk.currency, field=f"party{at}")
    found = desk.ask(box_of_code, country(desk.country), asked)
    if found is None or found.place.role != role:
        raise Refusal(
            Text(
                N_("There is no box {asked} of this account. Choose one from the list."),
                {"asked": asked},
            ),
            field=f"party{at}",
        )
    return found.place.box, None


def a_request() -> RequestId:
    """Return a number no form had before."""
    return RequestId(secrets.token_bytes(16))


def cancellable(desk: Desk, number: str) -> Voucher:
    """Return the voucher of a number.

    Raises:
        Refusal: when it is no voucher, as a receipt or a payment of a provider.
    """
    pack = country(desk.country)
    found = desk.ask(voucher_of_number, pack, number)
    if found is None:
        raise Refusal(
            Text(
                N_("{number} is no voucher. Cancel it where it was written: in its own screen."),
                {"number": number},
            ),
            field="voucher",
        )
    return found


# Papers


def listing_of(desk: Desk, asked: Asked, language: str) -> Listing:
    """Return the list of a tab as it is printed and saved."""
    pack = country(desk.country)
    days: dict[str, Any] = {"first": asked.month.first, "last": asked.month.last}
    whose: dict[str, Any] = {"activity": asked.activity}
    if asked.tab is Tab.COLLECTORS:
        carried = desk.ask(carried_by, pack.currency, desk.today)
        made = carried_list(carried, desk.today, pack.currency)
    elif asked.tab is Tab.JOURNALS:
        entries = desk.ask(journal, *days.values(), kind=asked.journal, **whose)
        made = journal_list(entries, pack, language, kind=asked.journal, **days, **whose)
    elif asked.tab is Tab.ACCOUNT:
        told = desk.ask(account_ledger, pack, asked.role, **days, **whose)
        name = pack.chart[asked.role].name(language)
        made = account_list(told, name, language, **days, **whose)
    elif asked.tab is Tab.BOOK:
        made = cash_book_list(book_of(desk, pack, asked, language), language)
    else:
        balance = desk.ask(trial_balance, pack, asked.month, **whose)
        made = balance_list(balance, pack, language, **whose)
    return made


def _around(desk: Desk) -> dict[str, Any]:
    scheme = desk.ask(scheme_on, desk.today)
    return {"scheme": scheme.name, "practice": desk.practice, "printed_on": desk.today}


def paper_of(desk: Desk, asked: Asked, language: str) -> bytes:
    """Return the list of a tab as it is printed."""
    return listing_of(desk, asked, language).pdf(language, **_around(desk))


def save_workbook(desk: Desk, asked: Asked, path: Path, language: str) -> None:
    """Write the list of a tab as a workbook."""
    write_whole(path, listing_of(desk, asked, language).xlsx(language, practice=desk.practice))


def voucher_paper(desk: Desk, number: str, language: str) -> bytes:
    """Return a voucher as it is printed."""
    found = cancellable(desk, number)
    role = country(desk.country).chart.get(found.role)
    return voucher_pdf(found, role.name(language) if role else "", language, **_around(desk))


@dataclass(frozen=True, slots=True)
class Slip:
    """The slip of a hand-over as it is printed; a hand-over from before they had numbers has none."""

    number: str
    pdf: bytes


def hand_over_paper(desk: Desk, entry_id: EntryId, language: str) -> Slip:
    """Return the slip of a hand-over as it is printed."""
    from stepdesk.contributions.papers import hand_over_pdf

    slip = desk.ask(hand_over_of, entry_id, desk.currency)
    desk.note_access("hand-over slip", None, slip.day, f"{len(slip.lines)} pdf")
    return Slip(slip.number, hand_over_pdf(slip, language, printed_on=desk.today))


def is_hand_over(row: CashBookRow) -> bool:
    """Whether the paper of a line of the cash book is the slip of a hand-over."""
    return row.rule == "P03" and document_parts(HAND_OVER, row.paper) is not None


def count_paper(desk: Desk, language: str) -> bytes:
    """Return the newest count as it is printed."""
    pack = country(desk.country)
    newest = desk.ask(counts, pack, language)[0]
    return count_pdf(newest, pack.coins, language, **_around(desk))
