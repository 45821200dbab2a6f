"""What happens to the household of the demonstration, and the papers of the members' room."""

from datetime import date, timedelta
from pathlib import Path

from stepdesk.members.papers import form_pdf
from stepdesk.members.queries import household_file, household_ids, membership_form
from stepdesk.members.service import record_birth, reverse_event
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    HouseholdFile,
    NewPerson,
    PersonRow,
    Relation,
    Sex,
)
from stepdesk.reports.papers import entitled_list, register_list, statement_pdf
from stepdesk.reports.queries.registers import entitled_rows, register_rows, statement_of
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.training.terms import Shown
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import age_on


def a_birth(desk: Desk, shown: Shown) -> None:
    """A child is born; it is written down for the wrong day, taken back, and told right."""
    file, mother = _young_mother(desk)
    household_id = file.id
    born = desk.today - timedelta(days=4)
    wrong = desk.do(
        record_birth,
        household_id=household_id,
        person=_child(file, born - timedelta(days=3)),
        mother_id=mother.id,
        on=born - timedelta(days=3),
    )
    desk.do(reverse_event, event_id=wrong.event_ids[0], reason="written down for another day")
    desk.do(
        record_birth,
        household_id=household_id,
        person=_child(file, born),
        mother_id=mother.id,
        on=born,
    )
    now = desk.ask(household_file, household_id)
    count = len(now.persons) if now else 0
    shown.lines.append(f"birth told, taken back, told right: {count} persons in {file.number}")


def _young_mother(desk: Desk) -> tuple[HouseholdFile, PersonRow]:
    """Return the first household of a woman of 18 to 40 years who is covered."""
    with desk.read() as connection:
        for one in household_ids(connection):
            file = household_file(connection, one)
            for person in file.persons if file else ():
                told = age_on(person.birth.day, desk.today)
                if person.sex is Sex.FEMALE and 18 <= told <= 40 and file:
                    return file, person
    raise LookupError("no mother in the book")


def _child(file: HouseholdFile, born: date) -> NewPerson:
    surname = file.member_name.partition(" ")[0]
    return NewPerson(surname, "Yacine", Sex.FEMALE, Birth(born, BirthKnown.DAY), Relation.CHILD)


def member_papers(desk: Desk, shown: Shown, household_id: HouseholdId, out: Path) -> None:
    """Print the form and the statement of a household, the register and the entitled."""
    day = desk.today
    with desk.read() as connection:
        scheme = scheme_on(connection, day)
        form = membership_form(connection, household_id, day)
        statement = statement_of(connection, household_id, day, desk.currency)
        register = list(register_rows(connection, day))
        entitled = [row for row in entitled_rows(connection, day) if row.entitled]
    language, practice = scheme.language, desk.practice
    if form is None:
        raise LookupError("no such household")
    papers = {
        "membership-form.pdf": form_pdf(
            form, language, scheme=scheme.name, practice=practice, printed_on=day
        ),
        "statement.pdf": statement_pdf(statement, language, practice=practice, printed_on=day),
        "register.pdf": register_list(register, day=day).pdf(
            language, scheme=scheme.name, practice=practice, printed_on=day
        ),
        "entitled.pdf": entitled_list(entitled, day=day, banded=True).pdf(
            language, scheme=scheme.name, practice=practice, printed_on=day
        ),
        "entitled.xlsx": entitled_list(entitled, day=day).xlsx(language, practice=practice),
    }
    for name, content in papers.items():
        (out / name).write_bytes(content)
        shown.papers.append(out / name)
