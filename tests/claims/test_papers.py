"""The slip of a batch and the voucher of a payment, read back as text."""

from datetime import date

import pypdfium2
import pytest

from stepdesk.claims import queries
from stepdesk.claims.papers import batch_slip_pdf, sums_of, voucher_pdf
from stepdesk.claims.service import decide_batch, pay_provider
from stepdesk.claims.terms import Batch, Claim
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BatchId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_request
from tests.claims.kit import Care, a_batch, a_care, a_claim, francs


def texts(pdf: bytes) -> list[str]:
    """Return the text of each page with ordinary blanks."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        told = []
        for page in document:
            read = page.get_textpage()
            told.append(read.get_text_bounded().replace("\xa0", " ").replace("\u202f", " "))
            read.close()
            page.close()
        return told
    finally:
        document.close()


def decided(desk: Desk, count: int = 1, total: int | None = None) -> tuple[Care, BatchId]:
    """Certificates of a consultation, dear paracetamol and glasses, all decided."""
    care = a_care(desk)
    batch_id = a_batch(
        desk,
        care,
        invoice="17/24",
        invoice_total=None if total is None else francs(desk, total),
    )
    for at in range(count):
        a_claim(
            desk,
            care,
            batch_id,
            care.line("C"),
            care.line("P", 20, 20),
            care.line("GLAS", 1, 9000),
            at=at % 3,
            day=date(2024, 1, 2 + at // 3 % 8),
            certificate=f"{457 + at:04d}",
            diagnosis="malaria",
        )
    desk.do(decide_batch, batch_id=batch_id, accepting=frozenset({"invoice_differs"}))
    return care, batch_id


def read(desk: Desk, batch_id: BatchId) -> tuple[Batch, tuple[Claim, ...]]:
    batch = desk.ask(queries.batches, desk.currency, batch_id=batch_id)[0]
    return batch, desk.ask(lambda c: queries.claims_of(c, desk.currency, batch_id=batch_id))


def slip(
    desk: Desk, batch_id: BatchId, *, language: str = "en", practice: bool = True
) -> list[str]:
    batch, claims = read(desk, batch_id)
    pdf = batch_slip_pdf(batch, claims, language, scheme="Mutuelle de Koula", practice=practice)
    return texts(pdf)


def test_the_slip_tells_each_line_and_the_reason_of_what_is_not_paid(desk: Desk) -> None:
    _care, batch_id = decided(desk)
    (page,) = slip(desk, batch_id)
    # 20 paracetamol at 20 are 400, at the agreed 15 they are 300; 25 % is the patient's.
    assert "RT02 Price above the agreed list" in page
    assert "RB01 Service not in the package" in page
    for told in ("CS Koula", "January 2024", "17/24", "0457", "Consultation", "Approved", "225"):
        assert told in page
    assert "malaria" not in page


def test_the_invoice_is_what_scheme_patients_and_provider_bear(desk: Desk) -> None:
    _care, batch_id = decided(desk, total=10_500)
    _batch, claims = read(desk, batch_id)
    sums = sums_of(claims, Money(0, desk.currency))
    # By hand: 450 + 225 by the scheme; 150 + 75 + 9,000 by the patient; 100 above the list.
    assert (
        sums.claimed.minor,
        sums.scheme.minor,
        sums.patients.minor,
        sums.refused.minor,
        sums.waiting.minor,
    ) == (10_000, 675, 9225, 100, 0)
    page = slip(desk, batch_id)[-1]
    for told in ("10,000", "675", "9,225", "Total on the invoice", "10,500"):
        assert told in page


def test_many_certificates_take_several_pages_and_none_is_lost(desk: Desk) -> None:
    _care, batch_id = decided(desk, 24)
    pages = slip(desk, batch_id)
    assert len(pages) > 1
    whole = "\n".join(pages)
    assert [f"{457 + at:04d}" in whole for at in range(24)] == [True] * 24
    assert all(f"Page {at} of {len(pages)}" in page for at, page in enumerate(pages, 1))
    assert "24 certificates, claimed" in pages[-1]


@pytest.mark.parametrize(("language", "word"), [("en", "TRAINING"), ("fr", "FORMATION")])
def test_papers_of_a_practice_book_say_so(desk: Desk, language: str, word: str) -> None:
    _care, batch_id = decided(desk)
    assert word in slip(desk, batch_id, language=language)[0]
    assert word not in slip(desk, batch_id, language=language, practice=False)[0]


def test_the_voucher_names_what_it_paid(desk: Desk) -> None:
    care, _batch_id = decided(desk)
    a_payment(desk, a_household(desk, 6, plan_id=care.plan_id), 9000)
    paid = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    voucher = desk.ask(queries.voucher_of, paid.id, desk.currency)
    assert [(one.invoice, one.month, one.claims, one.amount) for one in voucher.batches] == [
        ("17/24", Month(2024, 1), 1, francs(desk, 675))
    ]
    (page,) = texts(voucher_pdf(voucher, "en", scheme="Mutuelle de Koula", practice=True))
    for told in ("V-2024-A-000001", "CS Koula", "675", "Six hundred", "Main cash box", "17/24"):
        assert told in page
    assert "single control" in page
