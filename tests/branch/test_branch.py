"""What a branch takes in, what it refuses, and that nothing changes when it does."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from stepdesk.branch.engine import CARD, DATABASE, KEYS, Store, open_store
from stepdesk.branch.queries import gaps_of, months_of, schemes_on
from stepdesk.branch.service import accept_scheme, new_branch, receive
from stepdesk.branch.terms import Received, SchemeState
from stepdesk.errors import Refusal, Trouble
from stepdesk.sync.wire import content
from stepdesk.sync.wire.bundle import Release, Sealed
from stepdesk.sync.wire.failures import WireError
from stepdesk.sync.wire.keys import BranchCard
from stepdesk.sync.wire.outcome import Code, Result, Status
from stepdesk.sync.wire.receipt import Receipt, open_receipt
from stepdesk.values.month import Month
from tests.branch.kit import a_branch, everything
from tests.sync.kit import NOON, OCTOBER, Sender, a_return, figures

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
LATER = NOON + timedelta(days=40)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with a_branch(tmp_path / "branch") as opened:
        yield opened


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Store]:
    with a_branch(tmp_path / "real", practice=False) as opened:
        yield opened


def answer(store: Store, sender: Sender, done: Received) -> Receipt:
    """The receipt as the scheme's desk reads it."""
    return open_receipt(done.receipt, identity=sender.keys.identity, card=store.card)


def taken(store: Store, sealed: Sealed) -> Received:
    return receive(store, sealed.data, now=NOON)


def as_practice(store: Store) -> BranchCard:
    """A card a desk would write practice figures to, though the branch is real."""
    return store.keys.card(name="Real", practice=True)


# Taking in


def test_a_month_is_stored_with_every_figure_and_answered(store: Store) -> None:
    sender = Sender()
    release = sender.release(cells=figures())
    sealed = sender.bundle(store.card, release, bundle_seq=3)
    done = taken(store, sealed)
    assert done.new_scheme
    assert done.fingerprint == sender.keys.fingerprint
    assert (done.months, done.refused) == (((OCTOBER, 0),), {})
    told = answer(store, sender, done)
    assert told == Receipt(
        scheme=sender.scheme,
        bundle_id=sealed.bundle_id,
        bundle_sha=sealed.sha256,
        bundle_seq=3,
        results=(Result(release.id, Status.STORED),),
        contiguous_seq=1,
        gaps=(),
        missing=(),
        branch_time=1794052800,
        branch_key=store.card.verify_key,
    )
    (month,) = months_of(store, sender.scheme)
    assert (month.month, month.rev, month.revisions) == (OCTOBER, 0, 1)
    assert month.cells == figures()
    assert (month.country, month.currency, month.size_class) == ("SN", "XOF", "M")
    assert month.received == NOON


def test_a_hidden_cell_stays_hidden_and_an_unopened_table_away(store: Store) -> None:
    sender = Sender()
    taken(store, sender.bundle(store.card))
    (month,) = months_of(store, sender.scheme)
    assert month.cells == a_return().cells


def test_the_same_file_again_changes_nothing_and_gives_the_same_receipt(store: Store) -> None:
    sender = Sender()
    sealed = sender.bundle(store.card)
    first = taken(store, sealed)
    before = everything(store)
    again = receive(store, sealed.data, now=LATER)
    assert again.receipt == first.receipt
    assert (again.again, again.new_scheme) == (True, False)
    assert [one.status for one in again.results] == [Status.DUPLICATE]
    assert everything(store) == before


def test_the_same_month_in_another_bundle_is_a_duplicate(store: Store) -> None:
    sender = Sender()
    release = sender.release()
    taken(store, sender.bundle(store.card, release))
    following = sender.release(2, release.id, period=NOVEMBER)
    done = taken(store, sender.bundle(store.card, release, following, bundle_seq=2))
    told = answer(store, sender, done)
    assert [one.status for one in told.results] == [Status.DUPLICATE, Status.STORED]
    assert told.contiguous_seq == 2
    assert [one.month for one in months_of(store, sender.scheme)] == [OCTOBER, NOVEMBER]


def test_other_figures_for_the_same_revision_are_kept_apart(store: Store) -> None:
    sender = Sender()
    first, other = sender.release(), sender.release(cells={"m_total": (11, 12)})
    taken(store, sender.bundle(store.card, first))
    kept = months_of(store, sender.scheme)
    following = sender.release(2, other.id, period=NOVEMBER)
    sealed = sender.bundle(store.card, other, following)
    done = taken(store, sealed)
    told = answer(store, sender, done)
    assert told.results == (
        Result(other.id, Status.REJECTED, Code.FORK),
        Result(following.id, Status.REJECTED, Code.FORK),
    )
    assert done.refused == {Code.FORK: 2}
    # What follows on the other figures is of the other book: neither counts.
    assert months_of(store, sender.scheme) == kept
    assert schemes_on(store)[0].quarantined == 2
    again = taken(store, sealed)
    assert again.results[0] == Result(other.id, Status.REJECTED, Code.FORK)
    assert again.receipt == done.receipt


@pytest.mark.parametrize("wrong", ["prev", "seq", "later", "currency"])
def test_what_does_not_follow_on_what_is_here_is_kept_apart(store: Store, wrong: str) -> None:
    sender = Sender()
    first = sender.release()
    third = sender.release(3, b"3" * 32, period=DECEMBER)
    taken(store, sender.bundle(store.card, first))
    if wrong == "later":
        taken(store, sender.bundle(store.card, third))
    one = {
        "prev": sender.release(2, b"?" * 32, period=NOVEMBER),
        "seq": sender.release(1, None, period=NOVEMBER),
        "later": sender.release(2, first.id, period=NOVEMBER),
        "currency": sender.release(2, first.id, period=NOVEMBER, currency="GNF"),
    }[wrong]
    done = taken(store, sender.bundle(store.card, one))
    assert done.refused == {Code.FORK: 1}
    assert schemes_on(store)[0].quarantined == 1


def test_a_month_that_follows_is_stored_whatever_came_first(store: Store) -> None:
    sender = Sender()
    first = sender.release()
    second = sender.release(2, first.id, period=NOVEMBER)
    third = sender.release(3, second.id, period=DECEMBER)
    for one in (third, first, second):
        assert taken(store, sender.bundle(store.card, one)).refused == {}
    assert len(months_of(store, sender.scheme)) == 3


def test_a_correction_is_a_new_revision_and_the_latest_is_shown(store: Store) -> None:
    sender = Sender()
    first = sender.release()
    taken(store, sender.bundle(store.card, first))
    corrected = sender.release(2, first.id, rev=1, cells={"m_total": (204, 612)})
    taken(store, sender.bundle(store.card, corrected))
    (month,) = months_of(store, sender.scheme)
    assert (month.rev, month.revisions, month.cells) == (1, 2, {"m_total": (204, 612)})


def test_a_revision_that_comes_after_a_later_one_is_superseded(store: Store) -> None:
    sender = Sender()
    first = sender.release()
    corrected = sender.release(2, first.id, rev=1, cells={"m_total": (204, 612)})
    taken(store, sender.bundle(store.card, corrected))
    done = taken(store, sender.bundle(store.card, first))
    assert [one.status for one in done.results] == [Status.SUPERSEDED]
    assert months_of(store, sender.scheme)[0].rev == 1
    assert answer(store, sender, done).contiguous_seq == 2


def test_what_is_missing_is_asked_for(store: Store) -> None:
    sender = Sender()
    lost = sender.release(1, period=Month(2026, 9))
    one, five = sender.release(2, lost.id), sender.release(5, period=DECEMBER)
    sealed = sender.bundle(store.card, one, five, acknowledged=[lost.id, one.id])
    told = answer(store, sender, taken(store, sealed))
    assert (told.contiguous_seq, told.gaps) == (0, (1, 3, 4))
    assert told.missing == (lost.id[:8],)


@given(st.sets(st.integers(1, 30)))
def test_gaps_are_the_numbers_that_did_not_come(seqs: set[int]) -> None:
    contiguous, gaps = gaps_of(seqs)
    missing = [one for one in range(1, max(seqs, default=0)) if one not in seqs]
    assert list(gaps) == missing
    assert set(range(1, contiguous + 1)) <= seqs
    assert contiguous + 1 not in seqs


def test_a_number_out_of_all_proportion_costs_nothing() -> None:
    assert gaps_of([1, 2**53 - 1, 2**53 - 3]) == (1, tuple(range(2, 66)))


# Whom it knows


def test_a_scheme_is_pending_until_its_fingerprint_was_compared(store: Store) -> None:
    one, two = Sender(), Sender()
    for sender in (one, two):
        taken(store, sender.bundle(store.card))
    accept_scheme(store, scheme=one.scheme)
    states = {known.scheme: known.state for known in schemes_on(store)}
    assert states == {one.scheme: SchemeState.ACCEPTED, two.scheme: SchemeState.PENDING}
    known = next(known for known in schemes_on(store) if known.scheme == one.scheme)
    assert known.fingerprint == one.keys.fingerprint
    assert (known.months, known.last_month, known.contiguous_seq) == (1, OCTOBER, 1)
    assert (known.first_seen, known.last_received, known.country) == (NOON, NOON, "SN")


def test_a_second_person_may_send_for_the_scheme(store: Store) -> None:
    sender = Sender()
    taken(store, sender.bundle(store.card))
    second = Sender(keys=sender.keys, scheme=sender.scheme)
    done = taken(
        store, second.bundle(store.card, second.release(2, second.release().id, period=NOVEMBER))
    )
    assert [one.status for one in done.results] == [Status.STORED]


def rejected(store: Store, sender: Sender, sealed: Sealed, code: Code) -> None:
    """Hold that the bundle is rejected for that reason, by receipt, and changes nothing."""
    before = everything(store)
    done = taken(store, sealed)
    assert everything(store) == before
    assert set(done.refused) == {code}
    told = answer(store, sender, done)
    assert {(one.status, one.code) for one in told.results} == {(Status.REJECTED, code)}
    assert (told.contiguous_seq, told.gaps, told.missing) == (0, (), ())
    assert not told.accepted


def test_another_key_for_a_known_scheme_is_rejected(store: Store) -> None:
    sender = Sender()
    taken(store, sender.bundle(store.card))
    impostor = Sender(scheme=sender.scheme)
    sealed = impostor.bundle(store.card, impostor.release(2, period=NOVEMBER))
    rejected(store, impostor, sealed, Code.SCHEME_KEY)


def test_a_revoked_person_is_rejected_though_the_certificate_is_right(store: Store) -> None:
    sender = Sender()
    gone = Sender(keys=sender.keys, scheme=sender.scheme)
    first = gone.release()
    sent_before = gone.bundle(store.card, first)
    receipt = taken(store, sent_before).receipt
    certificate = sender.certificate(gone.person_key)
    following = sender.release(2, first.id, period=NOVEMBER)
    taken(store, sender.bundle(store.card, following, certificate=certificate))
    late = gone.bundle(store.card, gone.release(3, following.id, period=DECEMBER))
    rejected(store, gone, late, Code.REVOKED)
    # What was taken in before keeps its answer.
    assert taken(store, sent_before).receipt == receipt
    # Forgetting to revoke again does not let the person back in.
    third = sender.release(3, following.id, period=DECEMBER)
    taken(store, sender.bundle(store.card, third, certificate=sender.certificate()))
    rejected(store, gone, gone.bundle(store.card, gone.release(4, period=DECEMBER)), Code.REVOKED)


def test_a_revoked_person_revokes_nobody(store: Store) -> None:
    sender = Sender()
    gone = Sender(keys=sender.keys, scheme=sender.scheme)
    taken(store, sender.bundle(store.card, certificate=sender.certificate(gone.person_key)))
    back = gone.certificate(sender.person_key)
    sealed = gone.bundle(store.card, gone.release(2, period=NOVEMBER), certificate=back)
    rejected(store, gone, sealed, Code.REVOKED)
    following = sender.release(2, sender.release().id, period=NOVEMBER)
    done = taken(store, sender.bundle(store.card, following))
    assert [one.status for one in done.results] == [Status.STORED]


def test_a_practice_book_is_rejected_at_a_real_branch(real: Store) -> None:
    sender = Sender()
    for told in ({"practice": True, "policy": "sdc-2026-1"}, {"policy": "practice-0"}):
        sealed = sender.bundle(as_practice(real), sender.release(**told))
        rejected(real, sender, sealed, Code.PRACTICE)


def test_real_figures_are_rejected_at_a_practice_branch(store: Store) -> None:
    sender = Sender()
    rejected(
        store, sender, sender.bundle(store.card, sender.release(policy="sdc-2026-1")), Code.REAL
    )


def test_a_real_branch_takes_figures_that_passed_the_gate(real: Store) -> None:
    sender = Sender()
    done = taken(real, sender.bundle(real.card, sender.release(policy="sdc-2026-1")))
    assert [one.status for one in done.results] == [Status.STORED]


# Bad files: a sentence, and nothing changed


def bad_files(store: Store, sender: Sender, sealed: Sealed, other: Store) -> dict[str, bytes]:
    data = sealed.data
    half = len(data) // 2
    return {
        "one bit": data[:half] + bytes((data[half] ^ 1,)) + data[half + 1 :],
        "cut short": data[:half],
        "nothing": b"",
        "another file": b"%PDF-1.7",
        "of another branch": sender.bundle(other.card).data,
        "a receipt": taken(store, sealed).receipt,
        "too large": data + bytes(1 << 20),
    }


def test_a_bad_file_changes_nothing(store: Store, tmp_path: Path) -> None:
    sender = Sender()
    sealed = sender.bundle(store.card)
    with a_branch(tmp_path / "other") as other:
        files = bad_files(store, sender, sealed, other)
    before = everything(store)
    for name, data in files.items():
        with pytest.raises(WireError) as refused:
            receive(store, data, now=NOON)
        assert refused.value.text.message.endswith("."), name
        assert everything(store) == before, name


def test_a_bundle_altered_in_any_bit_leaves_the_branch_as_it_was(store: Store) -> None:
    sender = Sender()
    data = sender.bundle(store.card).data
    before = everything(store)
    for at in range(len(data)):
        for bit in range(8):
            bad = data[:at] + bytes((data[at] ^ 1 << bit,)) + data[at + 1 :]
            with pytest.raises(WireError):
                receive(store, bad, now=NOON)
    assert everything(store) == before
    assert receive(store, data, now=NOON).new_scheme


# Whole or nothing

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from stepdesk.branch.engine import open_store
from stepdesk.branch.service import receive

store = open_store(Path(sys.argv[1]))
dialect = store.engine.dialect
commit = dialect.do_commit

def die(connection):
    if sys.argv[3] == "after":
        commit(connection)
    os.kill(os.getpid(), signal.SIGKILL)

dialect.do_commit = die
receive(store, Path(sys.argv[2]).read_bytes(), now=datetime(2026, 11, 7, 12, tzinfo=UTC))
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_branch_killed_while_it_takes_in_has_all_or_nothing(
    store: Store, tmp_path: Path, moment: str
) -> None:
    sender = Sender()
    first = sender.release()
    taken(store, sender.bundle(store.card, first))
    before = everything(store)
    sealed = sender.bundle(store.card, sender.release(2, first.id, period=NOVEMBER))
    (tmp_path / "one.sdb").write_bytes(sealed.data)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, store.folder, tmp_path / "one.sdb", moment],
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    after = everything(store)
    received = taken(store, sealed)
    if moment == "before":
        assert after == before
        assert not received.again
    else:
        assert received.again
        assert everything(store) == after
    told = answer(store, sender, received)
    assert [one.status for one in told.results] == [Status.STORED]
    assert [one.month for one in months_of(store, sender.scheme)] == [OCTOBER, NOVEMBER]


def test_two_at_once_end_in_one_row_and_one_receipt(store: Store, tmp_path: Path) -> None:
    sealed = Sender().bundle(store.card)
    (tmp_path / "one.sdb").write_bytes(sealed.data)
    told = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path;"
        "from stepdesk.branch.engine import open_store;"
        "from stepdesk.branch.service import receive;"
        "store = open_store(Path(sys.argv[1]));"
        "done = receive(store, Path(sys.argv[2]).read_bytes(), now=datetime.now(UTC));"
        "print(done.receipt.hex())"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", told, store.folder, tmp_path / "one.sdb"],
            stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    receipts = {one.communicate()[0] for one in running}
    assert [one.returncode for one in running] == [0, 0, 0]
    assert len(receipts) == 1
    assert {name: len(rows) for name, rows in everything(store).items()} == {
        "scheme": 1, "bundle": 1, "release": 1, "cell": 11, "quarantine": 0, "revoked": 0,
    }  # fmt: skip


# The folder


def test_a_branch_is_a_folder_with_a_card_and_a_key_only_its_owner_reads(store: Store) -> None:
    names = {one.name for one in store.folder.iterdir()}
    assert names >= {DATABASE, KEYS, CARD}
    if os.name != "nt":
        assert stat.S_IMODE((store.folder / KEYS).stat().st_mode) == 0o600
    card = BranchCard.read((store.folder / CARD).read_text(encoding="utf-8"))
    assert card == store.card
    assert (card.name, card.practice) == ("Branch of Thiès", True)
    assert store.keys.identity not in (store.folder / CARD).read_text(encoding="utf-8")


def test_a_branch_opens_again(store: Store) -> None:
    sender = Sender()
    taken(store, sender.bundle(store.card))
    store.close()
    with open_store(store.folder) as again:
        assert [one.scheme for one in schemes_on(again)] == [sender.scheme]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Refusal):
        new_branch(tmp_path, name="B", practice=True)
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


def test_a_branch_without_a_name_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        new_branch(tmp_path / "b", name=" ", practice=True)
    assert not (tmp_path / "b").exists()


def test_a_branch_that_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(connection: object) -> None:
        raise OperationalError("PRAGMA", {"c": connection}, Exception("database or disk is full"))

    monkeypatch.setattr("stepdesk.branch.service.stamp", full)
    with pytest.raises(Trouble):
        new_branch(tmp_path / "b", name="B", practice=True)
    assert list((tmp_path / "b").iterdir()) == []
    monkeypatch.undo()
    new_branch(tmp_path / "b", name="B", practice=True).close()


@pytest.mark.parametrize("name", [DATABASE, KEYS, CARD])
@pytest.mark.parametrize("content", [None, b"", b"not what it was" * 400])
def test_a_damaged_branch_is_not_opened(store: Store, name: str, content: bytes | None) -> None:
    store.close()
    path = store.folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Trouble):
        open_store(store.folder)
    assert (path.read_bytes() if path.exists() else None) == content


def test_a_branch_of_a_newer_stepdesk_is_not_opened(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version=2")
    store.close()
    with pytest.raises(Trouble, match="newer"):
        open_store(store.folder)


def test_the_card_of_another_branch_is_noticed(store: Store, tmp_path: Path) -> None:
    with a_branch(tmp_path / "other") as other:
        told = other.card.text()
    store.close()
    (store.folder / CARD).write_text(told, encoding="utf-8")
    with pytest.raises(Trouble):
        open_store(store.folder)


def test_the_settings_that_keep_it_safe_hold(store: Store) -> None:
    with store.engine.connect() as connection:
        for name, wanted in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() == wanted


def test_nothing_of_the_sender_is_a_name(store: Store) -> None:
    """The rows hold keys, hashes, numbers and closed codes; texts are these and no others."""
    sender = Sender()
    taken(store, sender.bundle(store.card, sender.release(cells=figures())))
    texts: set[Any] = set()
    with store.engine.connect() as connection:
        for table in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='table'"
        ):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table[0]}"):
                texts |= {value for value in row if isinstance(value, str)}
    assert texts - set(figures()) == {"pending", "2026-10", "SN", "XOF", "practice-0", "M"}


def test_a_release_is_kept_as_it_was_sent(store: Store) -> None:
    sender = Sender()
    release = sender.release(cells=figures())
    taken(store, sender.bundle(store.card, release))
    with store.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT content FROM release").scalar_one()
    assert Release(kept, 1, None).id == release.id
    assert content.decode(kept) == replace(a_return(cells=figures()), scheme=sender.scheme)
