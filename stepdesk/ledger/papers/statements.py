"""Statements as lists: cash books, journals, ledgers of accounts, balances, collectors.

Each is a `Listing`, so that the printed table and the workbook hold the same rows. Where a page
ends, its sums are carried forward (D16).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from stepdesk.countries.pack import CountryPack
from stepdesk.i18n import N_, Text, Value, currency_text, short_day_text
from stepdesk.ledger.terms import (
    ACTIVITIES,
    AccountLedger,
    Activity,
    Carried,
    CashBook,
    CashBookRow,
    Entry,
    Journal,
    TrialBalance,
)
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.values.money import Currency, Money

JOURNALS: Mapping[Journal, str] = {
    Journal.BENEFITS: N_("Journal of benefits"),
    Journal.CONTRIBUTIONS: N_("Journal of contributions"),
    Journal.CASH: N_("Journal of cash"),
    Journal.BANK: N_("Journal of banks and mobile money"),
    Journal.MISCELLANEOUS: N_("Miscellaneous journal"),
    Journal.OPENING: N_("Journal of openings"),
}
"""What each journal is called."""

_DATE, _NUMBER, _TEXT = Text(N_("Date")), Text(N_("Number")), Text(N_("Text"))
_DEBIT, _CREDIT, _BALANCE = Text(N_("Debit")), Text(N_("Credit")), Text(N_("Balance"))
_ACCOUNT, _NAME = Text(N_("Account")), Text(N_("Name"))
_BEFORE, _TOTAL = Text(N_("Brought forward")), Text(N_("Total"))
_CARRIED = Text(N_("Carried forward"))
_MOVED = (
    _DATE,
    Text(N_("Voucher")),
    _TEXT,
    Text(N_("Paper")),
    Text(N_("In")),
    Text(N_("Out")),
)
_Row = tuple[Cell, ...]


def _amounts(currency: Currency, language: str) -> Text:
    return Text(N_("Amounts in {currency}"), {"currency": currency_text(currency, language)})


def _period(first: date, last: date, language: str) -> Text:
    told = {"first": short_day_text(first, language), "last": short_day_text(last, language)}
    return Text(N_("From {first} to {last}"), told)


def _or_none(money: Money) -> Cell:
    return money or None  # an empty cell reads faster than a nought


def _of(activity: Activity | None) -> tuple[Text, ...]:
    """Return the line that says whose entries alone are listed; none when all are."""
    if activity is None:
        return ()
    named = {"activity": Text(ACTIVITIES[activity])}
    return (Text(N_("Only the activity: {activity}"), named),)


def cash_book_list(book: CashBook, language: str) -> Listing:
    """Return a page of the cash book: date, voucher, text, paper, in, out, balance (D16).

    Of one activity it has movements and their sums alone, and says so: no balance of the box.
    """
    if book.activity is not None:
        return _moved_list(book, book.activity, language)
    zero = Money(0, book.before.currency)
    first: _Row = (book.month.first, None, _BEFORE, None, None, None, book.before)
    rows, carried = [first], [(None, None, _CARRIED, None, zero, zero, book.before)]
    came, went = zero, zero
    for one in book.rows:
        came, went = came + one.came_in, went + one.went_out
        rows.append(_cash_row(one))
        carried.append((None, None, _CARRIED, None, came, went, one.balance))
    rows.append((None, None, _TOTAL, None, book.came_in, book.went_out, book.after))
    return Listing(
        Text(N_("Cash book of {box}, {month}"), {"box": book.box.name, "month": book.month}),
        (_amounts(zero.currency, language),),
        (*_MOVED, _BALANCE),
        rows,
        [*carried, carried[-1]],
    )


def _moved_list(book: CashBook, activity: Activity, language: str) -> Listing:
    zero = Money(0, book.before.currency)
    rows: list[_Row] = []
    carried: list[_Row] = [(None, None, _CARRIED, None, zero, zero)]
    came, went = zero, zero
    for one in book.rows:
        came, went = came + one.came_in, went + one.went_out
        rows.append(_cash_row(one)[:-1])
        carried.append((None, None, _CARRIED, None, came, went))
    more = book.came_in - book.went_out
    rows.append((None, None, _TOTAL, None, book.came_in, book.went_out))
    sides = (more, None) if more.minor >= 0 else (None, -more)
    rows.append((None, None, Text(N_("In less out")), None, *sides))
    named: dict[str, Value] = {
        "box": book.box.name,
        "month": book.month,
        "activity": Text(ACTIVITIES[activity]),
    }
    return Listing(
        Text(N_("Cash book of {box}, {month}: {activity} alone"), named),
        (
            *_of(activity),
            Text(
                N_("What moved of this activity; what lies in the box is told by its whole book.")
            ),
            _amounts(zero.currency, language),
        ),
        # Heads stand on each page and in the workbook, the title on the first page alone.
        (*_MOVED[:2], Text(N_("Text ({activity} alone)"), named), *_MOVED[3:]),
        rows,
        [*carried, carried[-1], carried[-1]],
    )


def _cash_row(one: CashBookRow) -> _Row:
    told: Cell = one.said
    if one.cancelled:
        told = Text(N_("{text} (cancelled)"), {"text": one.said})
    return (
        one.day,
        one.number,
        told,
        one.paper or None,
        _or_none(one.came_in),
        _or_none(one.went_out),
        one.balance,
    )


def journal_list(
    entries: Sequence[Entry],
    country: CountryPack,
    language: str,
    *,
    first: date,
    last: date,
    kind: Journal | None = None,
    activity: Activity | None = None,
) -> Listing:
    """Return entries with a row for each line: date, number, account, text, debit, credit (D19)."""
    zero = Money(0, country.currency)
    rows: list[_Row] = []
    carried: list[_Row] = []
    debit = credit = zero
    for one in entries:
        for line in one.lines:
            left = Money(max(line.amount, 0), zero.currency)
            right = Money(max(-line.amount, 0), zero.currency)
            debit, credit = debit + left, credit + right
            account = country.chart[line.role]
            sides = (_or_none(left), _or_none(right))
            told = (account.number, account.name(language), one.said or None)
            rows.append((one.day, one.number, *told, *sides))
            carried.append((None, None, None, None, _CARRIED, debit, credit))
    rows.append((None, None, None, None, _TOTAL, debit, credit))
    return Listing(
        Text(N_("All journals") if kind is None else JOURNALS[kind]),
        (_period(first, last, language), *_of(activity), _amounts(zero.currency, language)),
        (_DATE, _NUMBER, _ACCOUNT, _NAME, _TEXT, _DEBIT, _CREDIT),
        rows,
        [*carried, rows[-1]],
    )


def account_list(
    ledger: AccountLedger,
    name: str,
    language: str,
    *,
    first: date,
    last: date,
    activity: Activity | None = None,
) -> Listing:
    """Return one account over some days, with its balance after each line (D19)."""
    zero = Money(0, ledger.before.currency)
    rows: list[_Row] = [(first, None, _BEFORE, None, None, ledger.before)]
    carried: list[_Row] = [(None, None, _CARRIED, zero, zero, ledger.before)]
    debit = credit = zero
    for one in ledger.rows:
        debit, credit = debit + one.debit, credit + one.credit
        sides = (_or_none(one.debit), _or_none(one.credit))
        rows.append((one.day, one.number, one.said or None, *sides, one.balance))
        carried.append((None, None, _CARRIED, debit, credit, one.balance))
    rows.append((None, None, _TOTAL, debit, credit, ledger.after))
    return Listing(
        Text(
            N_("Account {number} {name}"),
            {"number": ledger.number, "name": name},
        ),
        (_period(first, last, language), *_of(activity), _amounts(zero.currency, language)),
        (_DATE, _NUMBER, _TEXT, _DEBIT, _CREDIT, _BALANCE),
        rows,
        [*carried, carried[-1]],
    )


def balance_list(
    balance: TrialBalance,
    country: CountryPack,
    language: str,
    *,
    activity: Activity | None = None,
) -> Listing:
    """Return the trial balance; its printed form with signatures is `trial_balance_pdf`."""

    def rows() -> Iterator[_Row]:
        for one in balance.rows:
            name = country.chart[one.role].name(language)
            yield (one.number, name, one.debit, one.credit, one.balance)
        yield (None, _TOTAL, balance.debit, balance.credit, balance.debit - balance.credit)

    return Listing(
        Text(N_("Trial balance on {day}"), {"day": balance.until}),
        (*_of(activity), _amounts(country.currency, language)),
        (_ACCOUNT, _NAME, _DEBIT, _CREDIT, _BALANCE),
        rows(),
    )


def carried_list(carried: Sequence[Carried], day: date, currency: Currency) -> Listing:
    """Return what each collector still carries, since when, and for how many days."""
    total = sum((one.amount for one in carried), Money(0, currency))
    rows: list[_Row] = [(one.name, one.since, one.days, one.amount) for one in carried]
    return Listing(
        Text(N_("Balances of collectors on {day}"), {"day": day}),
        (),
        (
            Text(N_("Collector")),
            Text(N_("Since")),
            Text(N_("Days")),
            Text(N_("Carried")),
        ),
        [*rows, (_TOTAL, None, None, total)],
    )
