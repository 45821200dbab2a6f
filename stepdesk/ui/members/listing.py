"""What the list of the members' room reads and writes out: on the lane, as frozen values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stepdesk.contributions.queries import plans
from stepdesk.contributions.rules import plan_on
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import counts_on
from stepdesk.members.terms import Sex
from stepdesk.progress import Progress
from stepdesk.reports.queries.lists import (
    RENEWS,
    categories,
    groups_and_payers,
    household_of,
    listed,
    rows_of,
    saved_views,
)
from stepdesk.reports.terms import ListOf, Only, RowKey, SavedView, Wanted
from stepdesk.rights.terms import HouseholdState
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.store.desk import Desk
from stepdesk.ui.members.columns import Day, chosen_columns, title_of, written
from stepdesk.ui.tokens import Status
from stepdesk.values.ids import (
    CategoryId,
    GroupId,
    HouseholdId,
    PayerId,
    PlanId,
    SectionId,
)

_AT_ONCE = 2000  # rows read together for a file
NOBODY = N_("No household yet. F2 registers the first; Import brings in your register.")


@dataclass(frozen=True, slots=True)
class Ready:
    """A list made ready: its name, what it holds, and what stands there when nobody is in it."""

    title: str
    wanted: Wanted


_PERSONS = Wanted(of=ListOf.PERSONS, ended=False)

READY: Mapping[str, Ready] = {
    "": Ready(N_("All households"), Wanted()),
    "persons": Ready(N_("All beneficiaries"), _PERSONS),
    "late": Ready(
        N_("Late or suspended"),
        Wanted(states=frozenset({HouseholdState.GRACE, HouseholdState.SUSPENDED})),
    ),
    "late_long": Ready(N_("Late two months or more"), Wanted(only=Only.LATE_LONG)),
    "stopped": Ready(N_("Suspended"), Wanted(states=frozenset({HouseholdState.SUSPENDED}))),
    "renewal": Ready(
        N_("Paid until soon, or late"), Wanted(only=Only.RENEWAL, order="paid_until")
    ),
    "renews": Ready(N_("Paid until within 30 days"), RENEWS),
    "waiting": Ready(
        N_("In their waiting period"), Wanted(states=frozenset({HouseholdState.WAITING}))
    ),
    "waiting_ends": Ready(
        N_("End of waiting soon"), Wanted(only=Only.WAITING_ENDS, order="rights_from")
    ),
    "not_entered": Ready(
        N_("Entry not paid"), Wanted(states=frozenset({HouseholdState.REGISTERED}))
    ),
    "ages_out": Ready(
        N_("Children near the age limit"),
        replace(
            _PERSONS,
            only=Only.AGES_OUT,
            order="ages_out",
            columns=("number", "name", "age", "ages_out", "member", "section"),
        ),
    ),
    "photo_later": Ready(N_("Photo later"), replace(_PERSONS, no_photo=True, order="section")),
    "duplicates": Ready(
        N_("Perhaps the same person"),
        replace(
            _PERSONS,
            only=Only.DUPLICATES,
            columns=("number", "name", "age", "member", "section", "phone"),
        ),
    ),
    "no_phone": Ready(N_("Without a telephone"), Wanted(no_phone=True, ended=False)),
    "ended": Ready(N_("Membership ended"), Wanted(ended=True)),
}
"""The lists made ready, by the name the first page opens them with."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is asked for: what is typed, and what it holds in which order."""

    text: str = ""
    wanted: Wanted = field(default_factory=Wanted)


@dataclass(frozen=True, slots=True)
class Offers:
    """What the filters choose from; each is an id and the words for it."""

    sections: tuple[tuple[SectionId, str], ...] = ()
    plans: tuple[tuple[PlanId, str], ...] = ()
    groups: tuple[tuple[GroupId, str], ...] = ()
    categories: tuple[tuple[CategoryId, str], ...] = ()
    payers: tuple[tuple[PayerId, str], ...] = ()
    views: tuple[SavedView, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What the list answers: its rows, how many there are in all, what may be chosen.

    `places` tells the first row of each household.
    """

    ids: tuple[RowKey, ...]
    households: int
    people: int
    offers: Offers = field(default_factory=Offers)
    places: Mapping[HouseholdId, int] = field(default_factory=dict)


SEXES: Mapping[Sex, str] = {Sex.FEMALE: N_("Women and girls"), Sex.MALE: N_("Men and boys")}


def found(desk: Desk, asked: Asked) -> Found:
    """Return the rows asked for. A search looks in every village and every status."""
    ids = listed(desk, asked.wanted, asked.text)
    with desk.read() as connection:
        households, people = counts_on(connection, desk.today)
        groups, payers = groups_and_payers(connection)
        offers = Offers(
            tuple(
                (one.id, f"{one.code:02d} {one.name}")
                for one in sections_on(connection, desk.today)
            ),
            tuple(
                (plan, plan_on(held, desk.today).name) for plan, held in plans(connection).items()
            ),
            groups,
            categories(connection),
            payers,
            saved_views(connection, desk.person.staff_id),
        )
    places = {household_of(ids[at]): at for at in range(len(ids) - 1, -1, -1)}
    return Found(ids, households, people, offers, places)


def rows(desk: Desk, names: Sequence[str], keys: Sequence[RowKey]) -> list[tuple[Any, ...]]:
    """Return what the list shows of these rows in these columns, short enough for a row."""
    return [tuple(map(_short, row)) for row in _rows(desk, names, keys)]


def _rows(desk: Desk, names: Sequence[str], keys: Sequence[RowKey]) -> list[tuple[Any, ...]]:
    now = Day(desk.today, desk.currency)
    return [written(row, names, now) for row in rows_of(desk, keys)]


def _short(value: object) -> object:
    """The pill's sign says that a household waits; until when is what one wants to read."""
    match value:
        case (Status.WAITING, Text(values=values)) if "day" in values:
            return Status.WAITING, Text("{day}", values)
        case _:
            return value


# Files


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it goes into a file: its title, heads and cells."""

    title: Text
    heads: tuple[Text, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[Text, ...] = ()


def sheet_of(desk: Desk, asked: Asked, title: Text, progress: Progress | None = None) -> Sheet:
    """Return exactly the rows and columns of a list, in its order."""
    of = asked.wanted.of
    names = chosen_columns(of, asked.wanted.columns)
    keys = listed(desk, asked.wanted, asked.text)
    cells = tuple(_cells(desk, names, keys, progress))
    heads = tuple(Text(title_of(name, of)) for name in names)
    return Sheet(title, heads, cells, (_how_many(of, len(keys)),))


def _how_many(of: ListOf, count: int) -> Text:
    values = {"count": count}
    if of is ListOf.PERSONS:
        return Text(N_("{count} person"), values, plural=N_("{count} persons"))
    return Text(N_("{count} household"), values, plural=N_("{count} households"))


def _cells(
    desk: Desk, names: Sequence[str], keys: Sequence[RowKey], progress: Progress | None
) -> Iterator[tuple[Any, ...]]:
    for at in range(0, len(keys), _AT_ONCE):
        if progress is not None:
            progress.step(at, len(keys), Text(N_("Reading the list")))
        for row in _rows(desk, names, keys[at : at + _AT_ONCE]):
            yield tuple(map(_plain, row))


def _plain(value: object) -> object:
    """A status goes out in its words."""
    match value:
        case (Status(), Text() as told):
            return told
        case _:
            return value


WRITERS = ("xlsx", "csv", "pdf")
"""Kinds of files a list can be written as, by the end of their names."""


def write_file(
    desk: Desk, path: Path, asked: Asked, title: Text, language: str, progress: Progress
) -> int:
    """Write a list into a file outside the book and note it in the access log; return its rows.

    Raises:
        Refusal: more rows than a sheet can hold.
        Trouble: when the file cannot be written.
        Cancelled: the person stopped it; nothing is written.
    """
    from stepdesk.store.files import write_whole

    told = sheet_of(desk, asked, title, progress)
    kind = path.suffix.lstrip(".").lower()
    write_whole(path, _writer(desk, kind)(told, language, progress))
    desk.note_access("list", None, desk.today, f"{kind} {len(told.rows)}")
    return len(told.rows)


def _writer(desk: Desk, kind: str) -> Callable[[Sheet, str, Progress], bytes]:
    from stepdesk.paper import sheet

    def as_csv(told: Sheet, language: str, progress: Progress) -> bytes:
        return sheet.csv(told.title, told.heads, told.rows, language, progress=progress)

    def as_xlsx(told: Sheet, language: str, progress: Progress) -> bytes:
        return sheet.xlsx(
            told.title,
            told.heads,
            told.rows,
            language,
            practice=desk.practice,
            progress=progress,
        )

    def as_pdf(told: Sheet, language: str, progress: Progress) -> bytes:
        return sheet.pdf(
            told.title,
            told.heads,
            told.rows,
            language,
            scheme=desk.ask(scheme_on, desk.today).name,
            practice=desk.practice,
            printed_on=desk.today,
            notes=told.notes,
            progress=progress,
        )

    return {"csv": as_csv, "pdf": as_pdf}.get(kind, as_xlsx)
