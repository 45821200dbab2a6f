"""Work: one transaction that leaves one act, or nothing at all."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlcipher3 import dbapi2

from stepdesk.contributions.model import earning, payment
from stepdesk.contributions.queries import receipts_of
from stepdesk.errors import Cancelled, Refusal, Trouble
from stepdesk.members.model import card_issue, household, person, person_search
from stepdesk.members.service import rebuild_search
from stepdesk.scheme.model import section, section_version
from stepdesk.scheme.service import add_section
from stepdesk.store import acts, engine
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.engine import full_disk
from stepdesk.store.tables import SCHEMA
from stepdesk.store.work import Work, medical_place
from stepdesk.values.ids import step
from tests.builders import SECOND, a_household, a_payment, a_request, a_section, again


def raw_of(desk: Desk) -> Any:
    return desk.writer.raw_connection().driver_connection


def all_rows(desk: Desk) -> dict[str, list[Any]]:
    """Every row of every table but the search index's own."""
    with desk.read() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'person_words%'"
        ).scalars()
        return {
            name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()))
            for name in names.all()
        }


def last_act(desk: Desk) -> Any:
    with desk.read() as connection:
        return connection.exec_driver_sql("SELECT * FROM act ORDER BY n DESC LIMIT 1").one()


def images(desk: Desk, n: int) -> list[tuple[int, acts.Record]]:
    """The records of an act, each with its part's openness."""
    with desk.read() as connection:
        near = connection.exec_driver_sql("SELECT id FROM act WHERE n=?", (n,)).scalar_one()[:14]
        parts = connection.exec_driver_sql(
            "SELECT openness, body FROM act_part WHERE act=? ORDER BY place", (n,)
        ).all()
    return [
        (part.openness, record)
        for part in parts
        for record in acts.records(acts.unpack(part.body), near)
    ]


# One work, one act


def test_one_work_leaves_one_act_that_says_who_when_and_what(desk: Desk, clock: SetClock) -> None:
    clock.set(date(2024, 2, 3), hour=15)
    desk.confirm_day(date(2024, 2, 2))
    before = desk.head
    with desk.work("test_verb", reason="because") as work:
        add_section(work, name="Koula")
        add_section(work, name="Ngor")
    row = last_act(desk)
    header = acts.header_of(row._asdict())
    wall = int(clock.now().timestamp() * 1000)
    assert header == acts.Header(
        id=work.act_id,
        device="A",
        incarnation=1,
        seq=before.seq + 1,
        hlc=wall << 16,
        wall=wall,
        business_day="2024-02-02",
        person=desk.person.staff_id,
        second=None,
        verb="test_verb",
        schema=SCHEMA,
    )
    assert (row.n, row.seq, desk.head.seq, desk.head.hash) == (3, 3, 3, row.hash)
    assert verify_desk(desk).clean


def test_nothing_written_leaves_no_act(desk: Desk) -> None:
    before = all_rows(desk)
    with desk.work("look") as work:
        assert work.rows(text("SELECT * FROM section")) == []
        assert not work.wrote
    with desk.work("say_only", reason="a reason alone is not a deed"):
        pass
    assert all_rows(desk) == before


def test_a_derived_row_alone_leaves_no_act(desk: Desk) -> None:
    a_household(desk, 1)
    before = desk.acts
    with desk.work("derive") as work:
        work.write_derived(
            person_search, "UPDATE person_search SET words=? WHERE doc=?", [("other", 1)]
        )
    assert desk.acts == before
    with desk.read() as connection:
        assert (
            connection.exec_driver_sql("SELECT words FROM person_search").scalar_one() == "other"
        )


def test_several_changes_of_a_row_are_one_image(desk: Desk) -> None:
    section_id = a_section(desk)
    with desk.work("recode") as work:
        for code in ("K1", "K2", "K3"):
            work.update(section, section_id, legacy_code=code)
    ((openness, record),) = images(desk, desk.acts)
    assert (openness, record.kind, record.id) == (0, acts.UPDATE, section_id)
    assert acts.decode_changes(record.body, work.act_id[:14]) == {1: (None, "K3")}
    assert verify_desk(desk).clean


def test_a_row_added_and_changed_in_one_work_is_one_new_row(desk: Desk) -> None:
    with desk.work("add") as work:
        section_id = work.new_id()
        work.insert(section, id=section_id, code=7)
        work.update(section, section_id, code=8, legacy_code="K")
        work.update(section, section_id, code=9)
    ((_, record),) = images(desk, desk.acts)
    assert record.kind == acts.INSERT
    assert acts.decode_row(record.body, 2, work.act_id[:14]) == [9, "K"]
    with desk.read() as connection:
        assert connection.exec_driver_sql("SELECT code FROM section").scalar_one() == 9
    assert verify_desk(desk).clean


def test_a_change_taken_back_leaves_no_image(desk: Desk) -> None:
    section_id = a_section(desk)
    before = all_rows(desk)
    with desk.work("hesitate") as work:
        work.update(section, section_id, legacy_code="K")
        work.update(section, section_id, legacy_code=None)
        work.update(section, section_id, code=1)
    assert all_rows(desk) == before


def test_of_two_columns_the_one_taken_back_is_left_out(desk: Desk) -> None:
    section_id = a_section(desk)
    with desk.work("hesitate") as work:
        work.update(section, section_id, legacy_code="K", code=5)
        work.update(section, section_id, code=1)
    ((_, record),) = images(desk, desk.acts)
    assert acts.decode_changes(record.body, work.act_id[:14]) == {1: (None, "K")}
    assert verify_desk(desk).clean


def test_a_personal_change_stands_in_a_personal_part_alone(desk: Desk) -> None:
    home = a_household(desk, 1)
    with desk.work("move") as work:
        work.update(household, home.household_id, phone="771234567")
    assert [openness for openness, _ in images(desk, desk.acts)] == [1]
    desk.do(rebuild_search)  # the telephone was changed behind the verbs
    assert verify_desk(desk).clean


def test_a_reason_stands_in_a_personal_part(desk: Desk) -> None:
    with desk.work("add_section", reason="asked by the board") as work:
        add_section(work, name="Koula")
    told = [record for openness, record in images(desk, desk.acts) if openness == 1]
    (reason,) = told
    assert (reason.number, reason.id) == (acts.REASON, work.act_id)
    assert acts.decode_row(reason.body, 1, work.act_id[:14]) == ["asked by the board"]


def test_what_a_work_wrote_is_seen_by_its_own_questions(desk: Desk) -> None:
    with desk.work("add") as work:
        section_id = work.new_id()
        work.insert(section, id=section_id, code=7)
        assert work.row(text("SELECT code FROM section")) == (7,)
        assert desk.ask(lambda c: c.exec_driver_sql("SELECT count(*) FROM section").scalar()) == 0
        work.insert(section_version, **version_of(section_id, work.new_id()))
        assert work.connection.exec_driver_sql("SELECT count(*) FROM section").scalar() == 1


def version_of(section_id: bytes, key: bytes) -> dict[str, object]:
    return {
        "id": key,
        "section_id": section_id,
        "first_day": date(2024, 1, 1),
        "name": "Koula",
        "kind": "VILLAGE",
    }


def test_ids_of_one_work_follow_each_other(desk: Desk) -> None:
    with desk.work("ids") as work:
        told = [work.new_id() for _ in range(70_000)]
    assert told == [step(work.act_id, count) for count in range(1, 70_001)]
    assert len(set(told)) == 70_000
    assert sorted(told) == told
    assert {len(one) for one in told} == {16}


def test_the_logical_clock_never_goes_back(desk: Desk, clock: SetClock) -> None:
    told = []
    for day in (date(2024, 1, 12), date(2019, 1, 1), date(2024, 1, 11), date(2024, 1, 13)):
        clock.set(day)
        desk.confirm_day(date(2024, 1, 12))
        a_section(desk, f"Village of {day}")
        told.append(acts.header_of(last_act(desk)._asdict()).hlc)
    assert told == sorted(set(told))
    assert verify_desk(desk).clean


# All or nothing


class Stop(Exception):
    """Stands for any bug in a verb."""


@pytest.mark.parametrize("error", [Stop(), Cancelled(), KeyboardInterrupt(), Trouble])
def test_any_error_leaves_nothing(desk: Desk, error: Any) -> None:
    a_household(desk)
    before, head = all_rows(desk), desk.head
    raised = full_disk() if error is Trouble else error
    with pytest.raises(type(raised)):
        desk.do(half_done, raised)
    assert (all_rows(desk), desk.head) == (before, head)
    a_section(desk, "Yoff")
    assert verify_desk(desk).clean


def half_done(work: Work, error: BaseException) -> None:
    """A verb that writes in every way there is, then fails."""
    section_id = add_section(work, name="Ngor")
    work.flush()
    work.update(section, section_id, legacy_code="N")
    work.insert_many(section, [{"id": work.new_id(), "code": 50 + at} for at in range(3)])
    raise error


def test_a_refusal_of_the_database_itself_leaves_nothing(desk: Desk) -> None:
    paid = a_payment(desk)
    before = all_rows(desk)
    with pytest.raises(Refusal) as refused:
        desk.do(lower, paid.payment_id)
    assert "never changed or removed" in refused.value.text.message
    assert all_rows(desk) == before


def lower(work: Work, payment_id: bytes) -> None:
    add_section(work, name="Ngor")
    work.update(payment, payment_id, amount=1)


def test_a_row_that_points_nowhere_is_found_at_commit_and_leaves_nothing(desk: Desk) -> None:
    before, head = all_rows(desk), desk.head
    with pytest.raises(dbapi2.IntegrityError), desk.work("dangling") as work:
        work.insert(section_version, **version_of(b"nowhere at all!!", work.new_id()))
    assert (all_rows(desk), desk.head) == (before, head)
    a_section(desk)
    assert desk.head.seq == head.seq + 1
    assert verify_desk(desk).clean


def test_a_row_that_is_not_there_cannot_be_changed(desk: Desk) -> None:
    with pytest.raises(LookupError), desk.work("change") as work:
        work.update(section, bytes(16), code=2)


@pytest.mark.parametrize("value", [1.5, [1], {"a": 1}])
def test_a_book_takes_no_value_it_could_not_hash(desk: Desk, value: object) -> None:
    with pytest.raises(TypeError), desk.work("add") as work:
        work.insert(section, id=work.new_id(), code=value)
    with pytest.raises(TypeError), desk.work("add") as work:
        work.insert(section, id="text", code=1)


def test_derived_and_journaled_tables_are_written_through_their_own_doors(desk: Desk) -> None:
    with pytest.raises(TypeError), desk.work("wrong") as work:
        work.insert(person_search, id=bytes(16), words="x")
    with pytest.raises(TypeError), desk.work("wrong") as work:
        work.write_derived(person, "DELETE FROM person WHERE id=?", [(bytes(16),)])


# A failed COMMIT is neither yes nor no


@pytest.fixture
def commit_fails(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """The driver reports an error at COMMIT, once the disk has it or before."""
    told = {"armed": False, "written": False}

    def commit(raw: Any) -> None:
        if told["armed"]:
            told["armed"] = False
            if told["written"]:
                raw.commit()
            raise dbapi2.OperationalError("disk I/O error")
        raw.commit()

    monkeypatch.setattr(engine, "commit", commit)
    return told


def test_a_commit_that_failed_after_it_was_written_is_recorded(
    desk: Desk, commit_fails: dict[str, bool]
) -> None:
    home = a_household(desk)
    told: list[str] = []
    desk.after_commit.append(lambda: told.append("recorded"))
    commit_fails |= {"armed": True, "written": True}
    request = a_request()
    receipt = a_payment(desk, home, request_id=request)
    assert told == ["recorded"]
    assert desk.ask(receipts_of, home.household_id, desk.currency) == (receipt,)
    assert a_payment(desk, home, request_id=request) == receipt
    a_payment(desk, home)
    assert last_act(desk).seq == desk.head.seq == desk.acts
    assert verify_desk(desk).clean


def test_a_commit_that_failed_before_it_was_written_is_not_recorded(
    desk: Desk, commit_fails: dict[str, bool]
) -> None:
    home = a_household(desk)
    told: list[str] = []
    desk.after_commit.append(lambda: told.append("recorded"))
    before, head = all_rows(desk), desk.head
    commit_fails |= {"armed": True, "written": False}
    request = a_request()
    with pytest.raises(Trouble) as trouble:
        a_payment(desk, home, request_id=request)
    assert "Nothing of the last action was saved" in trouble.value.text.message
    assert (told, all_rows(desk), desk.head) == ([], before, head)
    a_payment(desk, home, request_id=request)
    assert (told, desk.head.seq) == (["recorded"], head.seq + 1)
    assert verify_desk(desk).clean


def test_the_same_request_twice_is_one_payment(desk: Desk) -> None:
    home, request = a_household(desk), a_request()
    first = a_payment(desk, home, request_id=request)
    before = all_rows(desk)
    assert a_payment(desk, home, request_id=request) == first
    assert all_rows(desk) == before


# Many rows


def many(work: Any, home: bytes, count: int) -> Iterator[dict[str, object]]:
    for at in range(count):
        yield {
            "id": work.new_id(),
            "month": "2024-01",
            "household_id": home,
            "due_first_day": date(2024, 1, 1),
            "paid": at,
            "unpaid": -at,
        }


def test_many_rows_are_one_act_of_parts_of_a_megabyte_at_most(desk: Desk) -> None:
    home = a_household(desk)
    with desk.work("import_rows") as work:
        assert work.insert_many(earning, many(work, home.household_id, 40_000)) == 40_000
        assert work.insert_many(earning, many(work, home.household_id, 10)) == 10
    with desk.read() as connection:
        bodies = connection.exec_driver_sql(
            "SELECT body FROM act_part WHERE act=(SELECT max(n) FROM act)"
        ).scalars()
        sizes = [len(acts.unpack(body)) for body in bodies]
    assert len(sizes) > 1
    assert max(sizes) <= acts.PART_LIMIT
    assert min(sizes[:-1]) > acts.PART_LIMIT // 2
    assert len(images(desk, desk.acts)) == 40_010
    assert verify_desk(desk).clean


def test_plain_rows_leave_the_records_that_many_rows_leave(desk: Desk) -> None:
    home = a_household(desk).household_id
    told = [
        (home, None, at % 3, "2024-01-02", "" if at % 2 else f"lost {at}") for at in range(7000)
    ]
    names = [column.name for column in card_issue.columns][1:]
    bodies = []
    for plainly in (False, True):
        with desk.work("issue") as work:
            if plainly:
                work.insert_rows(card_issue, [(work.new_id(), *row) for row in told])
            else:
                work.insert_many(
                    card_issue,
                    ({"id": work.new_id(), **dict(zip(names, row, strict=True))} for row in told),
                )
        found = images(desk, desk.acts)
        bodies.append([(openness, one.number, one.kind, one.body) for openness, one in found])
    assert bodies[0] == bodies[1]
    assert len(bodies[0]) == 7000 + 3500
    assert verify_desk(desk).clean


def test_a_long_row_does_not_make_a_part_too_long(desk: Desk) -> None:
    long = "x" * 300_000
    with desk.work("long") as work:
        for at in range(8):
            work.insert(section, id=work.new_id(), code=at, legacy_code=long + str(at))
        work.insert_many(
            section,
            [{"id": work.new_id(), "code": 20 + at, "legacy_code": long} for at in range(8)],
        )
    with desk.read() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM act_part").scalars()
        assert max(len(acts.unpack(body)) for body in bodies) <= acts.PART_LIMIT
    assert verify_desk(desk).clean


def test_a_value_no_part_can_hold_is_not_written(desk: Desk) -> None:
    before = all_rows(desk)
    for reason, code in (("x" * (3 << 20), None), ("", "x" * (3 << 20))):
        with pytest.raises(ValueError, match="too long"), desk.work("huge", reason=reason) as work:
            work.insert(section, id=work.new_id(), code=1, legacy_code=code)
    assert all_rows(desk) == before


# Two signatures


def test_a_second_person_signs_the_same_act(two_people_desk: Desk) -> None:
    desk = two_people_desk
    bintou = desk.colleagues()[1]
    with desk.work("sign") as work:
        with pytest.raises(Refusal) as nobody:
            work.two_signatures()
        with pytest.raises(Refusal) as wrong:
            work.second(bintou.id, "not her password")
        with pytest.raises(Refusal) as same:
            work.second(desk.person.staff_id, "four words are good")
        work.second(bintou.id, SECOND)
        assert work.two_signatures() is False
        with pytest.raises(Refusal) as taker:
            work.two_signatures(unlike=bintou.id)
        add_section(work, name="Koula")
    assert [one.value.field for one in (nobody, same, taker)] == ["second"] * 3
    assert wrong.value.field == "second_password"
    row = last_act(desk)
    assert acts.header_of(row._asdict()).second == bintou.id
    assert len(row.second_signature) == 64
    assert verify_desk(desk).clean


def test_one_person_alone_signs_in_solo_mode(desk: Desk) -> None:
    with desk.work("sign") as work:
        assert work.two_signatures() is True


# Medical values


def test_a_sealed_value_reads_in_its_place_alone(desk: Desk) -> None:
    from stepdesk.store.keys import unseal

    with desk.work("look") as work:
        row = work.new_id()
        sealed = work.sealed("paludisme", person, "surname", row)
    key = desk.medical_key()
    assert unseal(key, sealed, medical_place(person, "surname", row)) == "paludisme"
    for table, column, other in (
        (household, "surname", row),
        (person, "given_names", row),
        (person, "surname", step(row, 1)),
    ):
        with pytest.raises(Trouble):
            unseal(key, sealed, medical_place(table, column, other))


def test_rows_and_acts_hold_the_same_ciphertext_and_no_clear_text(desk: Desk) -> None:
    section_id = a_section(desk)
    with desk.work("note") as work:
        sealed = work.sealed("paludisme", section, "legacy_code", section_id).hex()
        work.update(section, section_id, legacy_code=sealed)
    ((_, record),) = images(desk, desk.acts)
    assert acts.decode_changes(record.body, work.act_id[:14]) == {1: (None, sealed)}
    told = repr(all_rows(desk)) + repr(images(desk, desk.acts))
    assert sealed in told
    assert "paludisme" not in told
    assert verify_desk(desk).clean


def test_a_desk_opened_again_goes_on_where_it_stopped(desk: Desk) -> None:
    a_payment(desk)
    head = desk.head
    desk.close()
    with again(desk.folder) as other:
        assert other.head == head
        a_payment(other)
        assert verify_desk(other).clean
