"""The notice of rejection or adjustment (D15). Source: domain handbook 1.3."""

from datetime import date
from typing import Any

import pytest

from stepdesk.claims import queries
from stepdesk.claims.papers import notice_pdf
from stepdesk.claims.service import decide_batch
from stepdesk.claims.terms import Notice, NoticeTo
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BatchId
from tests.claims.kit import a_batch, a_care, a_claim, francs
from tests.claims.test_papers import texts

FRAME: dict[str, Any] = {"scheme": "Mutuelle de Koula", "practice": False, "decide_days": 60}


def decided(desk: Desk) -> BatchId:
    """One claim with dear paracetamol and glasses, one that is paid as it was invoiced."""
    care = a_care(desk)
    batch = a_batch(desk, care)
    lines = (care.line("C"), care.line("P", 20, 20), care.line("GLAS", 1, 9000))
    a_claim(desk, care, batch, *lines, certificate="0457", diagnosis="malaria")
    a_claim(desk, care, batch, care.line("C"), at=1)
    desk.do(decide_batch, batch_id=batch)
    return batch


def told(desk: Desk, batch: BatchId) -> tuple[Notice, ...]:
    return desk.ask(queries.notices_of, desk.currency, batch_id=batch, appeal_days=60)


def test_only_what_was_refused_or_lowered_is_told(desk: Desk) -> None:
    (notice,) = told(desk, decided(desk))
    assert notice.certificate == "0457"
    assert not notice.refused
    # Decided on 10 January: the sixtieth day after it is 10 March 2024.
    assert notice.appeal_by == date(2024, 3, 10)
    # 20 at 5 above the list of 15; glasses whole. The member's quarter is no reduction.
    assert [(one.less, one.codes) for one in notice.lines] == [
        (francs(desk, 100), (ReasonCode.RT02,)),
        (francs(desk, 9000), (ReasonCode.RB01,)),
    ]


def test_the_provider_reads_codes_amounts_and_how_to_appeal(desk: Desk) -> None:
    notices = told(desk, decided(desk))
    (page,) = texts(notice_pdf(notices, NoticeTo.PROVIDER, "en", **FRAME))
    for words in (
        "Notice of adjustment",
        "C-2024-A-000001",
        "RT02 The price is above the agreed list.",
        "RB01 The service is not in the package.",
        "9,000",
        "Until 10 March 2024 you may appeal",
        "within 60 days",
    ):
        assert words in page.replace("  ", " ").replace("\r\n", " ")
    assert "malaria" not in page


def test_the_member_reads_plain_words_and_what_to_do(desk: Desk) -> None:
    notices = told(desk, decided(desk))
    (page,) = texts(notice_pdf(notices, NoticeTo.MEMBER, "en", **FRAME))
    plain = page.replace("\r\n", " ")
    assert "The mutual's package does not pay for this service." in plain
    assert "Ask the provider for the price before the care." in plain
    assert "The office has a form for it" in plain


def test_a_long_notice_goes_on_over_pages(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    lines = [care.line("GLAS", 1, 100 + at) for at in range(40)]
    a_claim(desk, care, batch, *lines)
    desk.do(decide_batch, batch_id=batch)
    pages = texts(notice_pdf(told(desk, batch), NoticeTo.MEMBER, "fr", **FRAME))
    assert len(pages) == 3
    assert "139" in pages[-1] + pages[-2]


def test_without_a_notice_nothing_is_printed() -> None:
    with pytest.raises(ValueError, match="no notice"):
        notice_pdf((), NoticeTo.MEMBER, "en", **FRAME)
