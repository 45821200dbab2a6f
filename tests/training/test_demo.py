from datetime import date
from pathlib import Path

import pytest

from stepdesk.errors import Refusal
from stepdesk.migrations import shape
from stepdesk.training.demo import pieces_of, practice_book, walk_through
from stepdesk.training.terms import FIRST_PERSON, PASSWORD
from tests.builders import again, open_copy, wednesday


def test_the_demonstration_leaves_its_papers_and_a_clean_book(tmp_path: Path) -> None:
    clock = wednesday()
    clock.set(date(2026, 11, 23))
    practice_book(
        tmp_path / "practice-book",
        shape=shape,
        households=8,
        months=6,
        last_day=date(2026, 11, 23),
    )
    shown = walk_through(tmp_path, clock=clock)
    assert shown.clean
    names = sorted(path.stem.split("-")[0] for path in shown.papers)
    assert set(names) == {
        *("batch", "card", "receipt", "return", "session", "trial", "voucher"),
        *("entitled", "membership", "register", "statement"),
        *("letter", "notices", "order", "complaint", "benefits", "delays"),
    }
    assert names.count("receipt") == 3
    told = "\n".join(shown.lines)
    # The third certificate was reviewed and decided before the batch.
    assert "4 certificates: 2 approved, 1 rejected" in told
    # Consultation 500 and medicines 1,500: a quarter is the member's.
    assert "APPROVED, claimed 2500, scheme 1500 (RT02)" in told
    # Refused because cover has not begun; the appeal is answered: it stands.
    assert "UPHELD, claimed 2500, scheme 0 (RA0" in told
    # The adviser lets one of two boxes of medicine pass: the same 2,000, a quarter the member's.
    assert "reviewed by the adviser: scheme 1500" in told
    # Without its medicine a certificate is the consultation alone: 500 less a quarter.
    assert "decided otherwise: scheme 375" in told
    assert "CLAIM_DECISION, UPHELD" in told
    assert "SERVICE_QUALITY, OVERTURNED" in told
    # 375, 1,500 and 1,500 of this month, less the 825 that were taken back.
    assert "3375 approved, 825 recovered, 2550 paid" in told
    assert "8000 reimbursed" in told
    assert "2026-10 closed and locked" in told
    assert "2026-10 is ACKNOWLEDGED" in told
    for path in shown.papers:
        assert path.read_bytes().startswith(b"PK" if path.suffix == ".xlsx" else b"%PDF")
    assert (tmp_path / "practice-book.sdk").exists()
    assert not (tmp_path / "restored-book").exists()


def test_a_practice_book_never_replaces_a_real_one(tmp_path: Path) -> None:
    open_copy(tmp_path / "real", practice=False).close()
    with pytest.raises(Refusal) as refused:
        practice_book(tmp_path / "real", shape=shape)
    assert refused.value.field == "out"
    again(tmp_path / "real").close()


def test_the_login_of_the_readme_opens_the_practice_book() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"`{PASSWORD}`" in readme
    assert f"*{FIRST_PERSON}*" in readme


def test_an_amount_is_laid_out_in_the_fewest_coins() -> None:
    assert pieces_of(3635, (1000, 500, 100, 25, 10, 5)) == {1000: 3, 500: 1, 100: 1, 25: 1, 10: 1}
