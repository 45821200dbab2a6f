"""The register of contributions of a month, and the list of arrears."""

from collections.abc import Iterator, Sequence
from datetime import date

from stepdesk.i18n import N_, Text
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.paper.table import Band
from stepdesk.reports.terms import ArrearsRow, DuesRow, SectionTotal
from stepdesk.rights.terms import STATES
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

_NUMBER, _NAME = Text(N_("Member number")), Text(N_("Name"))
_SECTION, _TOTAL = Text(N_("Section")), Text(N_("Total"))
_Rows = Sequence[DuesRow] | Sequence[ArrearsRow]


def dues_list(
    rows: Sequence[DuesRow],
    totals: Sequence[SectionTotal],
    *,
    month: Month,
    currency: Currency,
    section: str = "",
    banded: bool = False,
) -> Listing:
    """Return the register of contributions of a month with the sums of each section (D08).

    Args:
        rows: By section and number.
        totals: The sums of the sections in the same order.
        month: Whose dues.
        currency: Of the amounts.
        section: Named when the list is of one alone.
        banded: Sections as bands across a printed page, each with its sum under it.
    """
    heads = (
        Text(N_("Due")),
        Text(N_("Paid")),
        Text(N_("By payers")),
        Text(N_("Arrears")),
        Text(N_("Paid ahead")),
    )
    told = [
        (row.section, (str(row.number), row.name), (row.due, row.paid, row.payers, row.arrears, row.advance))
        for row in rows
    ]  # fmt: skip
    notes = [Text(N_("Due, paid and by payers: of periods that begin in the month."))]
    if section:
        notes.append(Text(N_("Section {name}"), {"name": section}))
    return Listing(
        Text(N_("Register of contributions, {month}"), {"month": month}),
        tuple(notes),
        (*_first(banded=banded), *heads),
        _lines(told, totals, currency, between=0, banded=banded),
    )


def arrears_list(
    rows: Sequence[ArrearsRow],
    totals: Sequence[SectionTotal],
    *,
    day: date,
    currency: Currency,
    banded: bool = False,
) -> Listing:
    """Return who owes on a day, how much and since when, with the sums of each section.

    Args:
        rows: By section and number.
        totals: The sums of the sections in the same order.
        day: As it stands at its end.
        currency: Of the amounts.
        banded: Sections as bands across a printed page, each with its sum under it.
    """
    heads = (
        Text(N_("Telephone")),
        Text(N_("State")),
        Text(N_("Late since")),
        Text(N_("Last payment")),
        Text(N_("Arrears")),
        Text(N_("To pay")),
    )
    told: list[tuple[str, tuple[Cell, ...], tuple[int, ...]]] = [
        (
            row.section,
            (
                str(row.number),
                row.name,
                row.phone,
                Text(STATES[row.state]),
                row.oldest_due_on,
                row.last_paid_on,
            ),
            (row.owed, row.to_pay),
        )
        for row in rows
    ]
    return Listing(
        Text(N_("Arrears on {day}"), {"day": day}),
        (Text(N_("Personal: for the scheme and its collectors alone.")),),
        (*_first(banded=banded), *heads),
        _lines(told, totals, currency, between=4, banded=banded),
    )


def _first(*, banded: bool) -> tuple[Text, ...]:
    return (_NUMBER, _NAME) if banded else (_SECTION, _NUMBER, _NAME)


def _lines(
    told: Sequence[tuple[str, tuple[Cell, ...], tuple[int, ...]]],
    totals: Sequence[SectionTotal],
    currency: Currency,
    *,
    between: int,
    banded: bool,
) -> Iterator[tuple[Cell, ...] | Band]:
    """Yield rows with their sums: under each band, or all sums at the end of a sheet."""

    def money(amounts: tuple[int, ...]) -> tuple[Cell, ...]:
        return tuple(Money(amount, currency) for amount in amounts)

    empty: tuple[Cell, ...] = (None,) * between
    if not banded:
        yield from ((section, *cells, *money(amounts)) for section, cells, amounts in told)
        for one in totals:
            yield (one.section, _TOTAL, _households(one.households), *empty, *money(one.sums))
    else:
        rows = iter(told)
        for one in totals:
            yield Band(one.section)
            for _ in range(one.households):
                _, cells, amounts = next(rows)
                yield (*cells, *money(amounts))
            yield (_TOTAL, _households(one.households), *empty, *money(one.sums))
    if len(totals) > 1:
        sums = tuple(map(sum, zip(*(one.sums for one in totals), strict=True)))
        counted = (_households(len(told)), *empty, *money(sums))
        every = Text(N_("All sections"))
        yield (every, *counted) if banded else (every, _TOTAL, *counted)


def _households(count: int) -> Text:
    return Text(N_("{count} household"), {"count": count}, plural=N_("{count} households"))
