"""A month on its way: approved, packed, carried, taken in by a branch, answered."""

import os
import resource
import signal
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pypdfium2
import pytest

from stepdesk.branch.engine import Store
from stepdesk.branch.queries import months_of
from stepdesk.branch.service import receive
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import speak
from stepdesk.members.model import cover
from stepdesk.store import tables
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.sync.papers import letter_pdf
from stepdesk.sync.queries import address, months, preview, releases, scheme_keys
from stepdesk.sync.service import (
    acknowledge,
    approve_release,
    carry,
    keep_address,
    pack,
    pack_paper,
)
from stepdesk.sync.terms import Hidden, State
from stepdesk.sync.wire import content
from stepdesk.sync.wire.bundle import open_bundle
from stepdesk.sync.wire.codes import codes, joined
from stepdesk.sync.wire.failures import WireError
from stepdesk.sync.wire.outcome import Code, Result, Status
from stepdesk.sync.wire.receipt import Receipt, seal_receipt
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import SECOND, a_payment, open_copy
from tests.sync.schemes import (
    FEBRUARY,
    JANUARY,
    MARCH,
    addressed,
    approved,
    branch,
    closed,
    families,
    packed,
)

NOON = datetime(2024, 2, 7, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return branch(tmp_path / "branch")


@pytest.fixture
def ready(desk: Desk, clock: SetClock) -> Desk:
    """A book of 48 persons with a closed January."""
    families(desk)
    closed(desk, clock, JANUARY)
    return desk


def states(desk: Desk) -> dict[Month, State]:
    return {row.month: row.state for row in desk.ask(months)}


def answered(desk: Desk, store: Store, data: bytes) -> bytes:
    """The branch takes a bundle in; the desk reads the answer, which is returned."""
    receipt = receive(store, data, now=NOON).receipt
    desk.do(acknowledge, receipt=receipt)
    return receipt


# The branch's address


def test_a_card_is_kept_once(desk: Desk, store: Store) -> None:
    addressed(desk, store)
    acts = desk.acts
    addressed(desk, store)
    assert desk.acts == acts
    kept = desk.ask(address)
    assert kept is not None
    assert (kept.name, kept.fingerprint) == (store.card.name, store.card.fingerprint)


def test_a_real_branch_gets_nothing_that_has_not_passed_the_gate(
    desk: Desk, tmp_path: Path
) -> None:
    real = branch(tmp_path / "real", practice=False)
    with pytest.raises(WireError) as refused:
        addressed(desk, real)
    assert refused.value.code == "practice_only"
    assert desk.ask(address) is None


def test_a_real_book_too_sends_only_to_practice_under_these_rules(
    tmp_path: Path, clock: SetClock
) -> None:
    with open_copy(tmp_path / "real", practice=False, clock=clock) as desk:
        with pytest.raises(WireError):
            addressed(desk, branch(tmp_path / "branch", practice=False))
        addressed(desk, branch(tmp_path / "other"))


def test_another_branch_is_a_doubt(desk: Desk, store: Store, tmp_path: Path) -> None:
    addressed(desk, store)
    other = branch(tmp_path / "other", name="Elsewhere").card
    with pytest.raises(Caution) as caution:
        desk.do(keep_address, card=other.text().encode())
    assert [doubt.name for doubt in caution.value.doubts] == ["other_branch"]
    desk.do(keep_address, card=other.text().encode(), accepting=frozenset({"other_branch"}))
    kept = desk.ask(address)
    assert kept is not None
    assert kept.name == "Elsewhere"


@pytest.mark.parametrize("card", [b"", b"{}", b"\xff\xfe", b"x" * 5000])
def test_what_is_no_card_is_refused(desk: Desk, card: bytes) -> None:
    with pytest.raises(WireError):
        desk.do(keep_address, card=card)


def test_a_card_somebody_changed_is_refused(desk: Desk, store: Store) -> None:
    forged = store.card.text().replace("Thi", "Tho").encode()
    with pytest.raises(WireError) as refused:
        desk.do(keep_address, card=forged)
    assert refused.value.code == "forged"


# Approving


def test_a_month_that_is_not_closed_does_not_leave(desk: Desk) -> None:
    families(desk)
    with pytest.raises(Refusal) as refused:
        desk.do(approve_release, month=JANUARY)
    assert speak(refused.value.text, "en").startswith("January 2024 is not closed")


def test_two_approve_what_leaves(two_people_desk: Desk, clock: SetClock) -> None:
    families(two_people_desk)
    closed(two_people_desk, clock, JANUARY)
    with pytest.raises(Refusal) as refused:
        two_people_desk.do(approve_release, month=JANUARY)
    assert refused.value.field == "second"
    (told,) = approved(two_people_desk, JANUARY)
    assert (told.first_signature, told.second_signature) == ("Awa", "Bintou")
    assert not told.single_control


def test_what_was_approved_never_changes(ready: Desk, clock: SetClock) -> None:
    (first,) = approved(ready, JANUARY)
    clock.set(date(2024, 3, 5))
    a_payment(ready, None, 3100)
    assert approved(ready, JANUARY) == [first]
    assert ready.ask(preview, JANUARY).content == first.content
    assert len(ready.ask(releases)) == 1


def test_the_same_book_gives_the_same_bytes(ready: Desk) -> None:
    before = ready.ask(preview, JANUARY).content
    assert before == ready.ask(preview, JANUARY).content
    assert approved(ready, JANUARY)[0].content == before


def test_other_figures_than_were_looked_at_are_not_approved(ready: Desk) -> None:
    seen = ready.ask(preview, JANUARY).hash
    with pytest.raises(Refusal):
        ready.do(approve_release, month=JANUARY, seen=bytes(32))
    assert ready.do(approve_release, month=JANUARY, seen=seen).hash == seen


# The way there and back


def test_a_month_goes_there_and_its_receipt_comes_back(
    ready: Desk, store: Store, tmp_path: Path
) -> None:
    seen = ready.ask(preview, JANUARY)
    assert states(ready)[JANUARY] is State.TO_SEND
    approved(ready, JANUARY)
    assert states(ready)[JANUARY] is State.APPROVED
    sent = packed(ready, store)
    path = carry(ready, sent, tmp_path)
    assert states(ready)[JANUARY] is State.CARRIED

    data = path.read_bytes()
    assert path.name == sent.name
    assert sha256(data).digest() == sent.sha256
    (inside,) = open_bundle(data, store.keys).releases
    received = receive(store, data, now=NOON)
    told = ready.do(acknowledge, receipt=received.receipt)
    # F7: one hash, seen, sent, received and answered.
    assert seen.hash == inside.id == received.results[0].release_id == told.answers[0].hash
    assert inside.content == seen.content
    assert states(ready) == {JANUARY: State.ACKNOWLEDGED, FEBRUARY: State.NOT_CLOSED}
    (month,) = months_of(store, ready.book_id)
    assert (month.release_id, month.month) == (seen.hash, JANUARY)
    assert dict(month.cells) == content.decode(seen.content).cells
    assert verify_desk(ready).clean


def test_the_same_answer_twice_changes_nothing(ready: Desk, store: Store) -> None:
    approved(ready, JANUARY)
    receipt = answered(ready, store, packed(ready, store).content)
    acts = ready.acts
    assert ready.do(acknowledge, receipt=receipt).new == 0
    assert ready.acts == acts


def test_a_bundle_carries_all_that_did_not_arrive(
    ready: Desk, store: Store, clock: SetClock
) -> None:
    approved(ready, JANUARY)
    lost = packed(ready, store)
    closed(ready, clock, FEBRUARY)
    approved(ready, FEBRUARY)
    sent = packed(ready, store)
    assert lost.months == (JANUARY,)
    assert sent.months == (JANUARY, FEBRUARY)
    answered(ready, store, sent.content)
    closed(ready, clock, MARCH)
    approved(ready, MARCH)
    last = ready.do(pack)
    assert last.months == (MARCH,)
    manifest = open_bundle(last.content, store.keys).manifest
    assert manifest.acknowledged == tuple(one.hash[:8] for one in ready.ask(releases)[:2])
    assert manifest.ack_seen == 2


def test_there_must_be_something_to_send_and_somebody_to_send_it_to(
    ready: Desk, store: Store
) -> None:
    with pytest.raises(Refusal) as empty:
        ready.do(pack)
    assert empty.value.field == "month"
    approved(ready, JANUARY)
    with pytest.raises(Refusal) as nobody:
        ready.do(pack)
    assert nobody.value.field == "card"
    answered(ready, store, packed(ready, store).content)
    with pytest.raises(Refusal) as done:
        ready.do(pack)
    assert done.value.field == "month"


def test_a_bundle_is_signed_by_who_sits_there_and_names_who_left(
    two_people_desk: Desk, clock: SetClock, store: Store
) -> None:
    desk = two_people_desk
    families(desk)
    closed(desk, clock, JANUARY)
    approved(desk, JANUARY)
    with desk.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, name, public_key FROM staff").all()
    people = {row.name: row for row in rows}
    with desk.work("end_person") as work:
        work.update(tables.staff, people["Bintou"].id, ended_on=desk.today)
    certificate = open_bundle(packed(desk, store).content, store.keys).manifest.certificate
    assert certificate.sender_key == people["Awa"].public_key
    assert certificate.revoked == (people["Bintou"].public_key,)
    desk.switch(people["Bintou"].id, SECOND)
    with pytest.raises(Refusal) as refused:
        desk.do(pack)
    assert refused.value.field == "person"


def test_the_keys_of_the_scheme_are_made_once(ready: Desk, store: Store) -> None:
    approved(ready, JANUARY)
    packed(ready, store)
    keys = ready.ask(scheme_keys)
    packed(ready, store)
    assert keys is not None
    assert ready.ask(scheme_keys) == keys
    assert ready.ask(preview, JANUARY).own == keys.fingerprint


# What the branch refuses, loses, or somebody makes up


def an_answer(
    desk: Desk, store: Store, *results: Result, missing: tuple[bytes, ...] = (), at: int = 1
) -> bytes:
    keys = desk.ask(scheme_keys)
    assert keys is not None
    receipt = Receipt(
        desk.book_id, bytes(16), bytes(32), 1, results, 0, (), missing, at, store.keys.verify_key
    )
    return seal_receipt(receipt, keys=store.keys, answer_to=keys.answer_to)


def test_a_refused_month_keeps_its_reason_and_holds_up_no_other(
    ready: Desk, store: Store, clock: SetClock
) -> None:
    closed(ready, clock, FEBRUARY)
    first, second = approved(ready, JANUARY, FEBRUARY)
    packed(ready, store)
    told = ready.do(
        acknowledge,
        receipt=an_answer(
            ready,
            store,
            Result(first.hash, Status.REJECTED, Code.FORK),
            Result(second.hash, Status.STORED),
        ),
    )
    assert [one.accepted for one in told.answers] == [False, True]
    assert states(ready)[JANUARY] is State.REJECTED
    assert states(ready)[FEBRUARY] is State.ACKNOWLEDGED
    row = next(row for row in ready.ask(months) if row.month == JANUARY)
    assert row.reason is not None
    assert "two copies" in speak(row.reason, "en")
    closed(ready, clock, MARCH)
    approved(ready, MARCH)
    assert ready.do(pack).months == (MARCH,)


def test_a_month_refused_for_its_sender_goes_again(ready: Desk, store: Store) -> None:
    (told,) = approved(ready, JANUARY)
    packed(ready, store)
    refused = an_answer(ready, store, Result(told.hash, Status.REJECTED, Code.REVOKED))
    assert ready.do(acknowledge, receipt=refused).new == 1
    assert ready.do(acknowledge, receipt=refused).new == 0
    assert states(ready)[JANUARY] is State.REJECTED
    sent = ready.do(pack)
    assert sent.months == (JANUARY,)
    answered(ready, store, sent.content)
    assert states(ready)[JANUARY] is State.ACKNOWLEDGED
    # The older refusal, read again, takes nothing back.
    assert ready.do(acknowledge, receipt=refused).new == 0
    assert states(ready)[JANUARY] is State.ACKNOWLEDGED


def test_a_month_the_branch_lost_goes_again(ready: Desk, store: Store) -> None:
    (told,) = approved(ready, JANUARY)
    answered(ready, store, packed(ready, store).content)
    with ready.read() as connection:
        first = bytes(
            connection.exec_driver_sql("SELECT receipt FROM acknowledgement").scalar_one()
        )
    lost = an_answer(ready, store, missing=(told.hash[:8],), at=2)
    assert ready.do(acknowledge, receipt=lost).again == (JANUARY,)
    assert ready.do(pack).months == (JANUARY,)
    # The first answer lies on the stick still; read again, it does not undo what came later.
    assert ready.do(acknowledge, receipt=first).new == 0
    assert ready.do(pack).months == (JANUARY,)


def test_an_older_answer_never_read_does_not_undo_a_loss(ready: Desk, store: Store) -> None:
    (told,) = approved(ready, JANUARY)
    packed(ready, store)
    older = an_answer(ready, store, Result(told.hash, Status.STORED), at=1)
    second = an_answer(ready, store, Result(told.hash, Status.DUPLICATE), at=2)
    lost = an_answer(ready, store, missing=(told.hash[:8],), at=3)
    ready.do(acknowledge, receipt=second)
    ready.do(acknowledge, receipt=lost)
    assert ready.do(acknowledge, receipt=older).new == 0
    assert ready.do(pack).months == (JANUARY,)
    newer = an_answer(ready, store, Result(told.hash, Status.STORED), at=4)
    assert ready.do(acknowledge, receipt=newer).new == 1
    assert states(ready)[JANUARY] is State.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("status", "code"), [(Status.REJECTED, Code.NONE), (Status.STORED, Code.FORK)]
)
def test_an_answer_that_contradicts_itself_is_refused(
    ready: Desk, store: Store, status: Status, code: Code
) -> None:
    (told,) = approved(ready, JANUARY)
    packed(ready, store)
    with pytest.raises(WireError):
        ready.do(acknowledge, receipt=an_answer(ready, store, Result(told.hash, status, code)))
    assert states(ready)[JANUARY] is State.APPROVED


def test_an_answer_of_another_branch_is_refused(ready: Desk, store: Store, tmp_path: Path) -> None:
    (told,) = approved(ready, JANUARY)
    packed(ready, store)
    other = branch(tmp_path / "other")
    with pytest.raises(WireError) as refused:
        ready.do(acknowledge, receipt=an_answer(ready, other, Result(told.hash, Status.STORED)))
    assert refused.value.code == "forged"
    assert states(ready)[JANUARY] is State.APPROVED


def test_an_answer_for_another_scheme_is_refused(ready: Desk, store: Store) -> None:
    approved(ready, JANUARY)
    packed(ready, store)
    keys = ready.ask(scheme_keys)
    assert keys is not None
    receipt = Receipt(bytes(16), bytes(16), bytes(32), 1, (), 0, (), (), 1, store.keys.verify_key)
    foreign = seal_receipt(receipt, keys=store.keys, answer_to=keys.answer_to)
    with pytest.raises(WireError) as refused:
        ready.do(acknowledge, receipt=foreign)
    assert refused.value.code == "other_recipient"


def test_nothing_sent_nothing_answered(ready: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        ready.do(acknowledge, receipt=b"anything")
    assert refused.value.field == "receipt"


def test_an_answer_about_months_this_book_does_not_have_says_so(ready: Desk, store: Store) -> None:
    approved(ready, JANUARY)
    packed(ready, store)
    told = ready.do(acknowledge, receipt=an_answer(ready, store, Result(bytes(32), Status.STORED)))
    assert (told.answers, told.new, told.unknown) == ((), 0, 1)


# The stick


def test_a_file_that_is_there_is_not_written_over(
    ready: Desk, store: Store, tmp_path: Path
) -> None:
    approved(ready, JANUARY)
    (tmp_path / "letter.sdb").write_text("mine")
    with pytest.raises(Refusal):
        carry(ready, packed(ready, store), tmp_path / "letter.sdb")
    assert (tmp_path / "letter.sdb").read_text() == "mine"


def test_a_stick_that_is_gone_is_told(ready: Desk, store: Store, tmp_path: Path) -> None:
    approved(ready, JANUARY)
    for gone in (tmp_path / "stick" / "out.sdb", tmp_path / "stick"):
        with pytest.raises(Trouble) as trouble:
            carry(ready, packed(ready, store), gone)
        assert "The folder stick is not there" in speak(trouble.value.text, "en")
    assert not (tmp_path / "stick").exists()
    assert states(ready)[JANUARY] is State.APPROVED


@pytest.mark.skipif(os.name == "nt", reason="limits of a process")
def test_a_stick_that_takes_only_half_leaves_nothing(
    ready: Desk, store: Store, tmp_path: Path
) -> None:
    approved(ready, JANUARY)
    sent = packed(ready, store)
    stick = tmp_path / "stick"
    stick.mkdir()
    # The system itself refuses to write further, as a full stick does.
    before, former = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(sent.content) // 2, before[1]))
    try:
        with pytest.raises(Trouble):
            carry(ready, sent, stick)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, former)
    assert list(stick.iterdir()) == []
    assert states(ready)[JANUARY] is State.APPROVED
    assert carry(ready, sent, stick).read_bytes() == sent.content


# The preview


def test_the_preview_says_what_the_books_say_what_leaves_and_why(ready: Desk) -> None:
    shown = ready.ask(preview, JANUARY)
    lines = {(line.table, line.cell): line for line in shown.lines}
    whole = lines["m_total", "beneficiaries"]
    assert (whole.books, whole.leaves, whole.why) == (48, 48, None)
    # Eight members born in 1980, forty children born from 2011 to 2015, all in waiting.
    row = [lines["m_age", cell].leaves for cell in ("0_4", "5_14", "15_49", "50")]
    assert row == [0, 40, 8, 0]
    assert (lines["m_sex", "f"].leaves, lines["m_sex", "m"].leaves) == (24, 24)
    assert lines["m_status", "waiting"].leaves == 48
    assert lines["c_money", "collected"].leaves == Money(24_800, ready.currency)
    assert lines["e_money", "cash"].books == Money(24_800, ready.currency)
    assert lines["e_money", "income"].leaves == Money(8_000, ready.currency)
    assert len(shown.lines) == 75
    assert shown.hidden == sum(line.why is not None for line in shown.lines)


def test_the_preview_reads_the_bytes_and_not_the_books(ready: Desk) -> None:
    approved(ready, JANUARY)
    with ready.work("end_cover") as work:
        row = work.rows("SELECT id FROM cover WHERE suffix = 5 LIMIT 1")[0]
        work.update(cover, row.id, until=date(2024, 1, 15))
    lines = {(line.table, line.cell): line for line in ready.ask(preview, JANUARY).lines}
    whole = lines["m_total", "beneficiaries"]
    assert (whole.books, whole.leaves) == (47, 48)


def test_the_month_before_stands_beside(ready: Desk, clock: SetClock) -> None:
    approved(ready, JANUARY)
    closed(ready, clock, FEBRUARY)
    lines = {(line.table, line.cell): line for line in ready.ask(preview, FEBRUARY).lines}
    people = lines["m_total", "beneficiaries"]
    assert (people.before, people.leaves, people.difference) == (48, 48, 0)
    came_in = lines["c_payers", "payers"]
    assert (came_in.before, came_in.leaves, came_in.difference) == (8, 0, -8)


def test_few_who_paid_are_hidden_with_their_money(desk: Desk, clock: SetClock) -> None:
    families(desk, (6, 6, 6))
    closed(desk, clock, JANUARY)
    lines = {(line.table, line.cell): line for line in desk.ask(preview, JANUARY).lines}
    for place in (("c_payers", "payers"), ("c_money", "collected"), ("c_channel", "cash")):
        assert (lines[place].leaves, lines[place].why) == (None, Hidden.FEW)
    assert lines["e_money", "cash"].why is Hidden.PROTECTS


# On paper


def test_a_month_on_paper_is_read_back_by_the_branch(ready: Desk, store: Store) -> None:
    (told,) = approved(ready, JANUARY)
    addressed(ready, store)
    sent = ready.do(pack_paper, month=JANUARY)
    assert len(sent.content) <= 1300
    lines = codes(sent.content)
    assert len(lines) <= 3
    answered(ready, store, joined(reversed(lines)))
    assert states(ready)[JANUARY] is State.ACKNOWLEDGED
    (month,) = months_of(store, ready.book_id)
    assert month.release_id == told.hash
    with pytest.raises(Refusal):
        ready.do(pack_paper, month=FEBRUARY)


def test_the_letter_is_one_page_of_codes(ready: Desk, store: Store) -> None:
    approved(ready, JANUARY)
    addressed(ready, store)
    sent = ready.do(pack_paper, month=JANUARY)
    letter = letter_pdf(sent, scheme="Mutuelle de Koula", practice=True, language="fr")
    document = pypdfium2.PdfDocument(letter)
    assert len(document) == 1
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    assert sent.name in words
    assert "FORMATION" in words
    assert "SDB1-" not in words
