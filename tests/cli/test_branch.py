"""A branch by the command line: made, fed with files, shown; exit codes and receipts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepdesk.cli import run_command
from stepdesk.sync.wire.bundle import Sealed
from stepdesk.sync.wire.keys import BranchCard
from stepdesk.sync.wire.receipt import open_receipt
from stepdesk.values.month import Month
from tests.sync.kit import Sender, figures

Run = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, dict[str, Any], str]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}, told.err

    return call


@pytest.fixture
def store(run: Run, tmp_path: Path) -> Path:
    assert run("branch", "new", tmp_path / "thies", "--practice", "--name", "Thiès")[0] == 0
    return tmp_path / "thies"


def card_of(store: Path) -> BranchCard:
    return BranchCard.read((store / "branch-card.json").read_text(encoding="utf-8"))


def put(folder: Path, sealed: Sealed) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / sealed.name).write_bytes(sealed.data)
    return folder / sealed.name


def test_a_branch_is_made_and_says_its_fingerprint(run: Run, tmp_path: Path) -> None:
    code, answer, _ = run("branch", "new", tmp_path / "Kolda")
    card = card_of(tmp_path / "Kolda")
    assert code == 0
    assert (answer["name"], answer["practice"]) == ("Kolda", False)
    assert answer["fingerprint"] == card.fingerprint
    assert Path(answer["card"]) == tmp_path / "Kolda" / "branch-card.json"
    assert run("branch", "new", tmp_path / "Kolda")[0] == 1


def test_a_bundle_is_taken_in_and_its_receipt_lies_beside_it(
    run: Run, store: Path, tmp_path: Path
) -> None:
    sender = Sender()
    sealed = sender.bundle(card_of(store))
    path = put(tmp_path / "stick", sealed)
    code, answer, _ = run("branch", "receive", store, path)
    (told,) = answer["files"]
    receipt = tmp_path / "stick" / path.name.replace("SD-", "RC-").replace(".sdb", ".sdr")
    assert (code, told["new_scheme"], told["months"]) == (0, True, [["2026-10", 0]])
    assert Path(told["receipt"]) == receipt
    opened = open_receipt(receipt.read_bytes(), identity=sender.keys.identity, card=card_of(store))
    assert opened.bundle_sha == sealed.sha256
    assert opened.accepted
    assert sorted(one.name for one in (tmp_path / "stick").iterdir()) == sorted(
        [path.name, receipt.name]
    )


def test_a_lost_receipt_is_given_again(run: Run, store: Path, tmp_path: Path) -> None:
    path = put(tmp_path / "stick", Sender().bundle(card_of(store)))
    _, answer, _ = run("branch", "receive", store, path)
    receipt = Path(answer["files"][0]["receipt"])
    before = receipt.read_bytes()
    receipt.unlink()
    code, answer, _ = run("branch", "receive", store, path)
    assert (code, answer["files"][0]["again"]) == (0, True)
    assert receipt.read_bytes() == before


def test_a_bad_file_is_named_and_the_rest_goes_on(run: Run, store: Path, tmp_path: Path) -> None:
    sender = Sender()
    first = sender.release()
    good = put(tmp_path / "stick", sender.bundle(card_of(store), first))
    bad = tmp_path / "stick" / "SD-BAD0-BAD0.sdb"
    bad.write_bytes(good.read_bytes()[:-1])
    missing = tmp_path / "stick" / "SD-GONE-GONE.sdb"
    last = put(
        tmp_path / "stick",
        sender.bundle(card_of(store), sender.release(2, first.id, period=Month(2026, 11))),
    )
    out = tmp_path / "receipts"
    code, answer, told = run("branch", "receive", store, bad, missing, good, last, "--out", out)
    assert code == 1
    assert [(Path(one["file"]), one["exit"]) for one in answer["files"]] == [
        (bad, 1), (missing, 1), (good, 0), (last, 0),
    ]  # fmt: skip
    assert [one.get("code") for one in answer["files"]][:2] == ["truncated", "unreadable"]
    assert "SD-BAD0-BAD0.sdb: This file is cut short." in told
    assert len(list(out.iterdir())) == 2
    assert len(list((tmp_path / "stick").iterdir())) == 3


def test_a_rejected_bundle_gets_a_receipt_and_exit_1(run: Run, tmp_path: Path) -> None:
    run("branch", "new", tmp_path / "real")
    from stepdesk.branch.engine import open_store

    with open_store(tmp_path / "real") as opened:
        card = opened.keys.card(name="real", practice=True)
    sender = Sender()
    path = put(tmp_path / "stick", sender.bundle(card))
    code, answer, told = run("branch", "receive", tmp_path / "real", path)
    assert code == 1
    assert "practice branch" in told
    receipt = Path(answer["files"][0]["receipt"]).read_bytes()
    assert not open_receipt(receipt, identity=sender.keys.identity, card=card).accepted
    assert run("branch", "show", tmp_path / "real")[1]["schemes"] == []


def test_a_receipt_that_cannot_be_written_is_said_and_given_later(
    run: Run, store: Path, tmp_path: Path
) -> None:
    path = put(tmp_path / "stick", Sender().bundle(card_of(store)))
    (tmp_path / "full").write_text("a file where a folder should be")
    code, answer, told = run("branch", "receive", store, path, "--out", tmp_path / "full")
    assert (code, answer["files"][0]["receipt"]) == (3, None)
    assert "Receive the same file again" in told
    code, answer, _ = run("branch", "receive", store, path)
    assert (code, answer["files"][0]["again"]) == (0, True)


def test_schemes_and_months_are_shown(
    run: Run, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sender = Sender()
    cells = figures() | {"m_sex": (320, None)}
    path = put(tmp_path / "stick", sender.bundle(card_of(store), sender.release(cells=cells)))
    run("branch", "receive", store, path)
    short = sender.keys.fingerprint[:9]
    code, answer, _ = run("branch", "show", store)
    assert code == 0
    assert [one["state"] for one in answer["schemes"]] == ["pending"]
    assert run("branch", "accept", store, short)[0] == 0
    code, answer, _ = run("branch", "show", store, short.replace(" ", ""))
    (month,) = answer["months"]
    assert (code, answer["scheme"]["state"], month["month"]) == (0, "accepted", "2026-10")
    assert month["cells"]["m_sex"] == [320, None]
    assert run_command(["branch", "show", str(store), short]) == 0
    told = capsys.readouterr().out
    assert "2026-10, XOF, size M, practice-0" in told
    assert "women and girls 320, men and boys hidden" in told


def test_a_scheme_nobody_knows_is_refused(run: Run, store: Path) -> None:
    code, answer, _ = run("branch", "show", store, "1234")
    assert (code, answer["field"]) == (1, "scheme")
    assert run("branch", "accept", store, "1")[0] == 1


def test_a_folder_that_is_no_branch_is_trouble(run: Run, tmp_path: Path) -> None:
    assert run("branch", "show", tmp_path)[0] == 3
    assert run("branch", "receive", tmp_path, tmp_path / "x.sdb")[0] == 3
    assert run("branch")[0] == 2
