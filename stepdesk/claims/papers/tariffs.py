"""Price lists on paper: in large type for the centre's wall, and two side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from stepdesk.benefits.terms import Category, Service
from stepdesk.claims.terms.tariffs import WallLine
from stepdesk.i18n import N_, Text, currency_text, money_text, speak, tenths_text
from stepdesk.paper.page import A3, A4, LABEL, TITLE, Align, Frame, Ink, Paper, Type
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.providers.terms import ComparedPrice, Comparison
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import Currency, Money

CATEGORIES = {
    Category.OPD: Text(N_("Consultations")),
    Category.OBS: Text(N_("Observation under a day")),
    Category.DRUG: Text(N_("Medicines")),
    Category.LAB: Text(N_("Laboratory")),
    Category.IMG: Text(N_("Imaging")),
    Category.ANC: Text(N_("Care before birth")),
    Category.DEL: Text(N_("Normal delivery")),
    Category.CSE: Text(N_("Caesarean and complicated delivery")),
    Category.PNC: Text(N_("Care after birth")),
    Category.FP: Text(N_("Family planning")),
    Category.VACC: Text(N_("Prevention")),
    Category.HOSP: Text(N_("Hospital stay")),
    Category.SURG: Text(N_("Surgery")),
    Category.DENT: Text(N_("Teeth")),
    Category.OPTIC: Text(N_("Eyes and glasses")),
    Category.TRANS: Text(N_("Emergency transport")),
    Category.CHRON: Text(N_("Chronic care")),
    Category.FUN: Text(N_("Funeral and social aid")),
    Category.OTH: Text(N_("Other care")),
}


@dataclass(frozen=True, slots=True)
class WallHead:
    """What stands above a list on the wall; `package` is empty when prices stand alone."""

    provider: str
    first_day: date
    currency: Currency
    package: str = ""


# The list for the wall

_SIZES = (15.0, 13.0)  # of a line on A4; half as much again on A3
_HEAD = 92.0
_NOTE = 46.0


def wall_list_pdf(
    head: WallHead,
    lines: Sequence[WallLine],
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
    large: bool = False,
) -> bytes:
    """Return the price list for the centre's wall, by category, on A4 or A3 sheets.

    Args:
        head: What stands above it.
        lines: By category.
        language: The paper's.
        scheme: Named at the foot.
        practice: Whether each page bears the practice band.
        printed_on: Named at the foot.
        large: On A3, to be read from two metres.
    """
    wall = _Wall(head, large=large, practice=practice)
    pages = wall.pages(lines)
    frame = Frame(
        title=speak(Text(N_("Price list")), language),
        scheme=scheme,
        sheet=wall.sheet,
        practice=practice,
        pages=len(pages),
        printed_on=printed_on,
    )
    paper = Paper(frame, language)
    for at, page in enumerate(pages):
        if at:
            paper.next_page()
        y = wall.head_of(paper)
        for one in page:
            y = wall.row(paper, one, y)
        if at == len(pages) - 1:
            wall.end(paper)
    return paper.finish()


class _Wall:
    """Where things stand on one kind of sheet; `scale` is 1.5 on A3."""

    def __init__(self, head: WallHead, *, large: bool, practice: bool) -> None:
        self.head = head
        self.sheet = A3 if large else A4
        self.scale = 1.5 if large else 1.0
        self.practice = practice

    def _type(self, size: float, **told: object) -> Type:
        return replace(Type(size * self.scale), **told)  # type: ignore[arg-type]

    def _height(self, one: WallLine | Category) -> float:
        return (34.0 if isinstance(one, Category) else 22.0) * self.scale

    def pages(self, lines: Sequence[WallLine]) -> list[list[WallLine | Category]]:
        """Return what stands on each page; a category is named again where it goes on."""
        foot = 2 * 34 + 14 + (14 if self.practice else 0)
        room = self.sheet.height - foot - (_HEAD + _NOTE) * self.scale
        pages: list[list[WallLine | Category]] = [[]]
        left, category = room, None
        for one in lines:
            here = one.service.category
            needs = self._height(one) + (0 if here is category else self._height(here))
            if needs > left and pages[-1]:
                pages.append([])
                left, category = room, None
            if here is not category:
                pages[-1].append(here)
                left -= self._height(here)
                category = here
            pages[-1].append(one)
            left -= self._height(one)
        return pages

    def head_of(self, paper: Paper) -> float:
        scale = self.scale
        y = paper.top + 26 * scale
        title = paper.say(Text(N_("Prices of care")))
        paper.text(paper.left, y, title, self._type(26, bold=True, ink=TITLE.ink))
        day = Text(N_("from {day} on"), {"day": self.head.first_day})
        paper.text(paper.right, y, day, self._type(13, align=Align.RIGHT))
        half = paper.width * 0.62
        paper.fitted(
            paper.left, y + 22 * scale, self.head.provider, half, self._type(16, bold=True)
        )
        currency = currency_text(self.head.currency, paper.language)
        told = Text(N_("in {currency}"), {"currency": currency})
        paper.text(paper.right, y + 22 * scale, told, self._type(13, align=Align.RIGHT))
        y += 48 * scale
        label = self._type(11, ink=LABEL.ink, align=Align.RIGHT)
        paper.text(self._price(paper), y, Text(N_("Price")), label)
        if self.head.package:
            paper.text(paper.right, y, Text(N_("The member pays")), label)
        paper.rule(y + 5 * scale)
        return y + 6 * scale

    def _price(self, paper: Paper) -> float:
        return paper.right - (130 * self.scale if self.head.package else 0)

    def row(self, paper: Paper, one: WallLine | Category, y: float) -> float:
        """Draw a category's name or a line; return where the next one begins."""
        height, scale = self._height(one), self.scale
        if isinstance(one, Category):
            words = paper.say(CATEGORIES[one])
            kind = self._type(14, bold=True, ink=Ink.PRIMARY)
            paper.text(paper.left, y + height - 9 * scale, words, kind)
            return y + height
        base = y + height - 7 * scale
        unit = f" ({one.service.unit})" if one.service.unit else ""
        room = self._price(paper) - paper.left - 80 * scale
        paper.fitted(paper.left, base, one.service.name + unit, room, self._type(_SIZES[0]))
        amount = Money(one.price, self.head.currency)
        paper.money(self._price(paper), base, amount, self._type(_SIZES[0], bold=True))
        if one.part is not None:
            self._part(paper, one, one.part, base)
        paper.rule(y + height)
        return y + height

    def _part(self, paper: Paper, one: WallLine, part: int, base: float) -> None:
        if not one.covered:
            kind = self._type(11, ink=Ink.MUTED, align=Align.RIGHT)
            paper.fitted(paper.right, base, paper.say(Text(N_("not covered"))), 110, kind)
        elif part:
            amount = Money(part, self.head.currency)
            paper.money(paper.right, base, amount, self._type(_SIZES[0], bold=True))
        else:
            free = self._type(_SIZES[1], bold=True, align=Align.RIGHT)
            paper.text(paper.right, base, Text(N_("nothing")), free)

    def end(self, paper: Paper) -> None:
        """Say what the list does not tell."""
        if not self.head.package:
            return
        told = Text(
            N_(
                "Members with rights on the day of care, package {package}. Ceilings, numbers of "
                "visits and waiting times can raise the part: ask at the scheme's desk."
            ),
            {"package": self.head.package},
        )
        y = paper.bottom - 30 * self.scale
        paper.wrapped(paper.left, y, told, paper.width, self._type(10, ink=Ink.MUTED))


# Two lists side by side

_HEADS = (
    Text(N_("Code")),
    Text(N_("Service")),
    Text(N_("Unit")),
    Text(N_("Price now")),
    Text(N_("New price")),
    Text(N_("Change")),
    Text(N_("Used in 12 months")),
    Text(N_("Would have cost more")),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two lists with what they are called."""

    former: Text
    new: Text
    comparison: Comparison
    services: Mapping[ServiceId, Service]
    currency: Currency


def comparison_listing(told: Compared, language: str) -> Listing:
    """Return two price lists side by side, with last year's use, as a list to print or keep."""
    return Listing(
        Text(N_("Price lists side by side")),
        (
            Text(N_("{former} against {new}"), {"former": told.former, "new": told.new}),
            whole_text(told, language),
        ),
        _HEADS,
        [_row(told, one, language) for one in told.comparison.lines],
    )


def whole_text(told: Compared, language: str) -> Text:
    """Return what the whole list would have cost, in a sentence.

    Source: screens handbook 2.7, "whole list: + 4.1 % of claims".
    """
    comparison = told.comparison
    if comparison.share is None:
        return Text(N_("No claims in the last twelve months: nothing can be reckoned."))
    values = {
        "more": _signed(Money(comparison.more, told.currency), language),
        "share": _signed_tenths(comparison.share, language),
    }
    return Text(N_("Whole list: {more}, {share} % of claims in the last twelve months."), values)


def _row(told: Compared, one: ComparedPrice, language: str) -> tuple[Cell, ...]:
    service = told.services[one.service_id]
    return (
        service.code,
        service.name,
        service.unit,
        None if one.former is None else Money(one.former, told.currency),
        None if one.price is None else Money(one.price, told.currency),
        change_text(one, language),
        one.used,
        None if one.more is None else Money(one.more, told.currency),
    )


def change_text(one: ComparedPrice, language: str) -> Text:  # noqa: PLR0911 - one return a kind
    """Return by how much a price changes: `+25.0 %`, new, or taken off the list."""
    if one.former is None:
        return Text(N_("new"))
    if one.price is None:
        return Text(N_("no longer listed"))
    if one.former == one.price:
        return Text("0")
    if not one.former:
        return Text(N_("was free"))
    tenths = _tenths(one.price - one.former, one.former)
    return Text("{share} %", {"share": _signed_tenths(tenths, language)})


def _tenths(part: int, whole: int) -> int:
    sign = -1 if part < 0 else 1
    return sign * ((2000 * abs(part) + whole) // (2 * whole))


def _signed_tenths(tenths: int, language: str) -> str:
    sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
    return f"{sign}{tenths_text(abs(tenths), language)}"


def _signed(money: Money, language: str) -> str:
    sign = "+" if money.minor > 0 else "−" if money.minor < 0 else ""
    return f"{sign}{money_text(Money(abs(money.minor), money.currency), language)}"
