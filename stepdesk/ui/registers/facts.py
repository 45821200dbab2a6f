"""What the steps of an import read and do: on the lane, in one go, as frozen values."""

from dataclasses import dataclass
from pathlib import Path

from stepdesk.contributions.queries import plans
from stepdesk.contributions.rules import plan_on
from stepdesk.contributions.terms import PlanVersion
from stepdesk.exchange.registers.book import known_of, saved_mappings
from stepdesk.exchange.registers.guessing import Saved, proposed
from stepdesk.exchange.registers.handback import handed_back
from stepdesk.exchange.registers.reading import open_file, open_text
from stepdesk.exchange.registers.report import Report, report_pdf
from stepdesk.exchange.registers.result import judge
from stepdesk.exchange.registers.terms import (
    Choices,
    Imported,
    Known,
    Opened,
    Result,
)
from stepdesk.exchange.registers.writing import bring_in, undo
from stepdesk.progress import Progress
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.values.ids import ImportId


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that was opened, and what of the book it is compared with."""

    opened: Opened
    known: Known
    saved: Saved
    plans: tuple[PlanVersion, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """The choices as they stand, and what they lead to."""

    opened: Opened
    choices: Choices
    result: Result


def read_path(desk: Desk, path: Path) -> tuple[Ready, Look]:
    """Open a file and propose everything."""
    return _first(desk, open_file(path))


def read_pasted(desk: Desk, pasted: str) -> tuple[Ready, Look]:
    """Take what was copied in another program and propose everything."""
    return _first(desk, open_text(pasted))


def _first(desk: Desk, opened: Opened) -> tuple[Ready, Look]:
    with desk.read() as connection:
        ready = Ready(
            opened,
            known_of(connection, desk.today),
            saved_mappings(connection),
            tuple(plan_on(held, desk.today) for held in plans(connection).values()),
        )
    return ready, look(ready, proposed(opened, saved=ready.saved))


def look(ready: Ready, choices: Choices) -> Look:
    """Return what choices lead to."""
    return Look(ready.opened, choices, judge(ready.opened, choices, ready.known))


def guess_again(ready: Ready, choices: Choices, *, new_sheet: bool) -> Look:
    """Return the proposal for another sheet or another place of the table."""
    anew = proposed(
        ready.opened,
        sheet=choices.sheet,
        place=None if new_sheet else choices.place,
        saved=ready.saved,
    )
    return look(ready, anew)


def write(
    desk: Desk, ready: Ready, choices: Choices, progress: Progress, *, doubtful: bool
) -> Imported:
    """Bring it in: one work, one act."""
    with desk.work("bring_in") as work:
        return bring_in(
            work, opened=ready.opened, choices=choices, doubtful=doubtful, progress=progress
        )


def take_back(desk: Desk, batch_id: ImportId) -> None:
    """Undo an import as a whole."""
    with desk.work("undo") as work:
        undo(work, batch_id=batch_id)


def report(desk: Desk, shown: Look, done: Imported, language: str, *, doubtful: bool) -> bytes:
    """Return the paper of an import that was written."""
    told = Report(shown.opened, shown.choices, shown.result, done, desk.currency, doubtful)
    return report_pdf(
        told,
        language,
        scheme=desk.ask(scheme_on, desk.today).name,
        practice=desk.practice,
        printed_on=desk.today,
    )


def workbook(ready: Ready, shown: Look, language: str) -> bytes:
    """Return the original file with what became of each row."""
    return handed_back(ready.opened, shown.choices, shown.result, language=language)


def bad_workbook(ready: Ready, shown: Look, language: str) -> bytes:
    """Return the rows that cannot come in, alone."""
    return handed_back(ready.opened, shown.choices, shown.result, language=language, only_bad=True)
