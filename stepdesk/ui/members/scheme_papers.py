"""The papers of the whole scheme: what each is asked for, drawn on the lane, from memory.

A paper that names persons is noted in the access log, as on the command line.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.queries import card_versions, household_ids, household_rows, pad_blocks
from stepdesk.members.service import Purpose, issue_cards, take_block
from stepdesk.progress import Progress
from stepdesk.providers.queries import providers
from stepdesk.reports.queries.lists import household_of, listed
from stepdesk.reports.terms import LetterKind
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.scheme.terms import Scheme, Section
from stepdesk.store.desk import Desk
from stepdesk.ui.members.listing import NOBODY, Asked
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import HouseholdId, ProviderId, SectionId

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from stepdesk.paper.sheet import Listing

MOST_PADS = 10_000
"""Cards of one block: a thousand sheets, more than a scheme writes on in years."""

_FIRST_CARD = "first card"
_AT_ONCE = 500


class Whose(Enum):
    """Which cards of the households in the list are drawn."""

    ALL = "all"  # who has none yet is given the first
    FIRST = "first"  # only who has none yet
    AGAIN = "again"  # all, one version higher


@dataclass(frozen=True, slots=True)
class Order:
    """What a paper is asked for. Each paper heeds what it asks for and nothing else.

    Args:
        day: The day it tells of.
        asked: What the list at the side shows.
        section_id: Of one section, or None for all.
        provider_id: For one provider, or None for all.
        whose: Which cards.
        reason: Why a card is given anew.
        each: Whether cards come one by one, not ten on a sheet.
        also: A second language on cards, or nothing.
        kind: Which letter.
        block: A block of numbers that was issued before, or None for a new one.
        size: How many numbers a new block has; None when nothing was typed.
    """

    day: date
    asked: Asked = Asked()  # noqa: RUF009 - frozen
    section_id: SectionId | None = None
    provider_id: ProviderId | None = None
    whose: Whose = Whose.ALL
    reason: str = ""
    each: bool = False
    also: str = ""
    kind: LetterKind = LetterKind.REMINDER
    block: range | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """What the panel's fields choose from, and how many households there are."""

    sections: tuple[Section, ...] = ()
    providers: tuple[tuple[ProviderId, str], ...] = ()
    blocks: tuple[range, ...] = ()
    households: int = 0
    language: str = ""


def offered(desk: Desk) -> Offered:
    """Return what the fields of the papers choose from."""
    with desk.read() as connection:
        return Offered(
            sections_on(connection, desk.today),
            tuple(
                sorted(
                    ((one.id, one.name) for one in providers(connection).values()),
                    key=lambda told: told[1],
                )
            ),
            pad_blocks(connection),
            len(household_ids(connection)),
            scheme_on(connection, desk.today).language,
        )


@dataclass(frozen=True, slots=True)
class SchemePaper:
    """A paper of the whole scheme.

    Args:
        id: Its name.
        words: What stands in the list.
        use: What it is for.
        fields: What it asks for, in order.
        draw: Draws it; for the lane.
        listing: Reads it as rows, where it can be a workbook too.
        people: Whether it needs households: an empty scheme prints the others alone.
        records: Whether drawing it records something: cards and blocks of numbers.
    """

    id: str
    words: str
    use: str
    fields: tuple[str, ...]
    draw: Callable[[Desk, Order, Progress], bytes]
    listing: "Callable[[Desk, Order, Progress], tuple[Listing, int]] | None" = None
    people: bool = True
    records: bool = False


# Cards


def _cards(desk: Desk, order: Order, progress: Progress) -> bytes:
    """Draw cards of the households in the list; given out and drawn in one work, or not at all."""
    ids = tuple(
        dict.fromkeys(
            household_of(key) for key in listed(desk, order.asked.wanted, order.asked.text)
        )
    )
    with desk.read() as connection:
        if not ids:
            raise _nobody_in_the_list(connection)
        known = {household for household, _person in card_versions(connection)}
        covered = _covered(connection, ids, desk.today)
    drawn, given = _who(covered, known, order)
    if given:
        reason = order.reason.strip() if order.whose is Whose.AGAIN else _FIRST_CARD
        with desk.work("issue_cards", reason=reason) as work:
            issue_cards(work, household_ids=given, reason=reason, progress=progress)
            paper, count = _drawn(work.connection, desk, drawn, order, progress)
    else:
        with desk.read() as connection:
            paper, count = _drawn(connection, desk, drawn, order, progress)
    desk.note_access("cards", None, desk.today, f"{count} pdf")
    return paper


def _who(
    covered: Sequence[HouseholdId], known: AbstractSet[HouseholdId], order: Order
) -> tuple[Sequence[HouseholdId], Sequence[HouseholdId]]:
    """Return whose cards are drawn, and who of them is given a new one."""
    without = tuple(one for one in covered if one not in known)
    if not covered:
        raise Refusal(
            Text(
                N_(
                    "Nobody in the list is covered today, so there is no card. Choose other households."
                )
            )
        )
    if order.whose is Whose.ALL:
        return covered, without
    if order.whose is Whose.FIRST:
        if not without:
            told = N_("Everybody in the list has a card. Choose all, or a new version.")
            raise Refusal(Text(told), field="whose")
        return without, without
    if not order.reason.strip():
        raise Refusal(Text(N_("Say why: lost, worn out …")), field="reason")
    return covered, covered


def _nobody_in_the_list(connection: "Connection") -> Refusal:
    if not household_ids(connection):
        return Refusal(Text(NOBODY))
    return Refusal(
        Text(N_("Nobody is in the list at the side. Press Esc there to see everybody again."))
    )


def _covered(
    connection: "Connection", ids: Sequence[HouseholdId], day: date
) -> tuple[HouseholdId, ...]:
    """Return those of whom somebody is covered on the day, in their order."""
    found: list[HouseholdId] = []
    for at in range(0, len(ids), _AT_ONCE):
        rows = household_rows(connection, ids[at : at + _AT_ONCE], day)
        found.extend(one.id for one in rows if one.beneficiaries)
    return tuple(found)


def _drawn(
    connection: "Connection",
    desk: Desk,
    ids: Sequence[HouseholdId],
    order: Order,
    progress: Progress,
) -> tuple[bytes, int]:
    from stepdesk.members.papers import cards_pdf, each_card_pdf
    from stepdesk.members.queries import pictured
    from stepdesk.reports.queries.registers import whole_cards

    found = list(
        whole_cards(connection, ids, desk.today, practice=desk.practice, progress=progress)
    )
    draw = each_card_pdf if order.each else cards_pdf
    language = scheme_on(connection, desk.today).language
    count, cards = len(found), pictured(desk, found)
    return draw(cards, language, also=order.also, count=count, progress=progress), count


def _pads(desk: Desk, order: Order, progress: Progress) -> bytes:
    """Draw cards without names; a new block of numbers is taken and drawn, or neither."""
    if order.block is not None:
        with desk.read() as connection:
            return _pad_sheets(connection, desk, order.block, order, progress)
    if order.size is None or not 0 < order.size <= MOST_PADS:
        raise Refusal(
            Text(N_("Say how many cards: a whole number from 1 to {most}."), {"most": MOST_PADS}),
            field="size",
        )
    with desk.work("take_block") as work:
        block = take_block(work, letter=desk.head.device, purpose=Purpose.PADS, size=order.size)
        return _pad_sheets(work.connection, desk, block, order, progress)


def _pad_sheets(
    connection: "Connection", desk: Desk, block: range, order: Order, progress: Progress
) -> bytes:
    from stepdesk.members.papers import pads_pdf

    scheme = scheme_on(connection, desk.today)
    section = _section(connection, order, desk.today)
    code = section.code if section is not None else 0
    return pads_pdf(
        [HouseholdNumber(code, serial) for serial in block],
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        also=order.also,
        progress=progress,
    )


# Form and letters


def _form(desk: Desk, _order: Order, _progress: Progress) -> bytes:
    """Draw the membership form (D01) to be filled by hand on visits."""
    from stepdesk.members.papers import form_pdf
    from stepdesk.members.terms import MembershipForm

    scheme = _scheme(desk)
    return form_pdf(
        MembershipForm(),
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )


def _letters(desk: Desk, order: Order, progress: Progress) -> bytes:
    """Draw a letter to each household that is to get it on the day."""
    from stepdesk.reports.papers import letters_pdf
    from stepdesk.reports.queries.registers import letters_of

    scheme = _scheme(desk)
    with desk.read() as connection:
        found = list(
            letters_of(
                connection,
                order.kind,
                order.day,
                desk.currency,
                section_id=order.section_id,
                progress=progress,
            )
        )
    if not found:
        raise Refusal(
            Text(N_("No household gets this letter on that day. Choose another day or letter.")),
            field="kind",
        )
    drawn = letters_pdf(
        found,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        progress=progress,
    )
    desk.note_access(f"letters {order.kind.value}", None, order.day, f"{len(found)} pdf")
    return drawn


# Lists


def _register(desk: Desk, order: Order, progress: Progress) -> "tuple[Listing, int]":
    from stepdesk.reports.papers import register_list
    from stepdesk.reports.queries.registers import register_rows

    with desk.read() as connection:
        section = _section(connection, order, order.day)
        rows = list(
            register_rows(connection, order.day, section_id=order.section_id, progress=progress)
        )
    name = section.name if section is not None else ""
    return register_list(rows, day=order.day, section=name), len(rows)


def _rights(
    *, yes: bool, banded: bool
) -> "Callable[[Desk, Order, Progress], tuple[Listing, int]]":
    def read(desk: Desk, order: Order, progress: Progress) -> "tuple[Listing, int]":
        from stepdesk.reports.papers import entitled_list, suspended_list
        from stepdesk.reports.queries.registers import entitled_rows

        with desk.read() as connection:
            rows = [
                row
                for row in entitled_rows(
                    connection,
                    order.day,
                    section_id=order.section_id,
                    provider_id=order.provider_id,
                    progress=progress,
                )
                if row.entitled is yes
            ]
            known = providers(connection)
        name = known[order.provider_id].name if order.provider_id is not None else ""
        if yes:
            listing = entitled_list(rows, day=order.day, provider=name, banded=banded)
        else:
            listing = suspended_list(
                rows, day=order.day, currency=desk.currency, provider=name, banded=banded
            )
        return listing, len(rows)

    return read


def _photos(*, banded: bool) -> "Callable[[Desk, Order, Progress], tuple[Listing, int]]":
    def read(desk: Desk, order: Order, _progress: Progress) -> "tuple[Listing, int]":
        from stepdesk.members.queries import without_photo
        from stepdesk.reports.papers import photo_later_list

        rows = desk.ask(without_photo, desk.today, order.section_id)
        return photo_later_list(rows, day=desk.today, banded=banded), len(rows)

    return read


def _printed(
    name: str,
    read: "Callable[[Desk, Order, Progress], tuple[Listing, int]]",
    none: str,
) -> Callable[[Desk, Order, Progress], bytes]:
    def draw(desk: Desk, order: Order, progress: Progress) -> bytes:
        listing, count = read(desk, order, progress)
        if not count:
            raise Refusal(Text(none))
        drawn = listing.pdf(
            _scheme(desk).language,
            scheme=_scheme(desk).name,
            practice=desk.practice,
            printed_on=desk.today,
            progress=progress,
        )
        desk.note_access(f"list {name}", None, order.day, f"{count} rows pdf")
        return drawn

    return draw


def write_workbook(
    desk: Desk, paper: SchemePaper, order: Order, path: Path, progress: Progress
) -> int:
    """Write a list as a workbook outside the book, note it, and return its rows.

    Raises:
        Refusal: more rows than a sheet can hold.
        Trouble: the file cannot be written.
        Cancelled: the person stopped it; nothing is written.
    """
    from stepdesk.store.files import write_whole

    if paper.listing is None:
        raise LookupError("this paper is no list")
    listing, count = paper.listing(desk, order, progress)
    content = listing.xlsx(_scheme(desk).language, practice=desk.practice, progress=progress)
    write_whole(path, content)
    desk.note_access(f"list {paper.id}", None, order.day, f"{count} rows xlsx")
    return count


def _scheme(desk: Desk) -> Scheme:
    return desk.ask(scheme_on, desk.today)


def _section(connection: "Connection", order: Order, day: date) -> Section | None:
    every = sections_on(connection, day)
    return next((one for one in every if one.id == order.section_id), None)


_NO_ROW = N_("Nobody is on this list on that day.")

SCHEME_PAPERS = (
    SchemePaper(
        "cards",
        N_("Member cards"),
        N_("of the list at the side"),
        ("whose", "reason", "each", "also"),
        _cards,
        records=True,
    ),
    SchemePaper(
        "entitled",
        N_("Entitled persons (D09)"),
        N_("who has rights"),
        ("provider_id", "section_id", "day"),
        _printed("entitled", _rights(yes=True, banded=True), _NO_ROW),
        _rights(yes=True, banded=False),
    ),
    SchemePaper(
        "suspended",
        N_("Persons without rights (D09)"),
        N_("who has none, and why"),
        ("provider_id", "section_id", "day"),
        _printed("suspended", _rights(yes=False, banded=True), _NO_ROW),
        _rights(yes=False, banded=False),
    ),
    SchemePaper(
        "register",
        N_("Register of members (D07)"),
        N_("in the order of entry"),
        ("section_id", "day"),
        _printed("register", _register, _NO_ROW),
        _register,
    ),
    SchemePaper(
        "letters",
        N_("Letters that are due"),
        N_("late, renewal, waiting"),
        ("kind", "section_id", "day"),
        _letters,
    ),
    SchemePaper(
        "photos",
        N_("Photos to take"),
        N_("by section"),
        ("section_id",),
        _printed("photos", _photos(banded=True), N_("Everybody has a photo.")),
        _photos(banded=False),
    ),
    SchemePaper(
        "form",
        N_("Blank membership form (D01)"),
        N_("filled by hand on visits"),
        (),
        _form,
        people=False,
    ),
    SchemePaper(
        "pads",
        N_("Cards without names, numbered"),
        N_("a block of numbers"),
        ("block", "size", "section_id", "also"),
        _pads,
        people=False,
        records=True,
    ),
)
"""Every paper of the scheme, in the order of the list."""

BY_ID: Mapping[str, SchemePaper] = {one.id: one for one in SCHEME_PAPERS}


def name_of(paper: SchemePaper, order: Order, language: str) -> Text:
    """Return what the paper is called in the viewer and as a file."""
    from stepdesk.i18n import short_day_text

    values: dict[str, Value] = {
        "paper": Text(paper.words),
        "day": short_day_text(order.day, language),
    }
    return Text(N_("{paper} {day}"), values)
