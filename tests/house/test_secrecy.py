"""No name of a person stands in clear in any file, and none reaches a message of an error."""

import gc
import logging
import os
from datetime import date
from pathlib import Path

import pytest

from stepdesk.contributions.service import reverse_payment
from stepdesk.errors import Refusal
from stepdesk.members.queries import search
from stepdesk.members.service import register_household
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex
from stepdesk.reports.service import close_month
from stepdesk.rights.service import ask_rights
from stepdesk.store.backup import back_up
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.month import Month
from tests.builders import a_payment, a_plan, a_request, a_section

CANARIES = (b"Quorvexia", b"Zembliqua", b"77-814-60-88", b"Hut of Ploon", b"because Wibbletrix")


def test_what_is_personal_is_nowhere_in_clear(
    desk: Desk,
    clock: SetClock,
    tmp_path: Path,
    state_folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        registered = desk.do(
            register_household,
            section_id=a_section(desk),
            plan_id=a_plan(desk),
            persons=[
                NewPerson(
                    "Quorvexia",
                    "Zembliqua",
                    Sex.FEMALE,
                    Birth(date(1990, 1, 1), BirthKnown.DAY),
                    Relation.SELF,
                )
            ],
            phone="77-814-60-88",
            address="Hut of Ploon",
        )
        receipt = a_payment(desk, registered, 1350)
        desk.do(
            reverse_payment,
            request_id=a_request(),
            payment_id=receipt.payment_id,
            reason="because Wibbletrix",
        )
        assert desk.ask(search, "zembli")
        ask_rights(desk, person_id=registered.person_ids[0], day=desk.today)
        clock.set(date(2024, 2, 1))
        desk.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))
        assert verify_desk(desk).clean
        back_up(desk, tmp_path / "copy.sdk")
        looked = files_without(tmp_path, state_folder)
        assert any(path.name == "book.db-wal" for path in looked)
    desk.writer.dispose()
    gc.collect()
    files_without(tmp_path, state_folder)
    assert not [word for word in CANARIES if word.decode() in caplog.text]


def files_without(*folders: Path) -> list[Path]:
    """Return the files looked through; none may hold a canary."""
    looked = [
        Path(root) / name
        for folder in folders
        for root, _, names in os.walk(folder)
        for name in names
        if name != "reserve.bin"
    ]
    for path in looked:
        content = path.read_bytes()
        found = [word for word in CANARIES if word in content]
        assert not found, (path, found)
    return looked


def test_the_message_of_an_error_names_nobody(desk: Desk) -> None:
    persons = [
        NewPerson(
            "Quorvexia", " ", Sex.FEMALE, Birth(date(1990, 1, 1), BirthKnown.DAY), Relation.SELF
        )
    ]
    with pytest.raises(Refusal) as refused:
        desk.do(
            register_household, section_id=a_section(desk), plan_id=a_plan(desk), persons=persons
        )
    assert "Quorvexia" not in str(refused.value)
