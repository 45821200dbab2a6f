"""F6: unique words in every personal and free-text column, none of them in anything that leaves."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from sqlalchemy import Column, Table

from stepdesk import migrations
from stepdesk.branch.service import receive
from stepdesk.claims.queries import claims_of
from stepdesk.claims.service import attach_certificate, detach_certificate
from stepdesk.cli.returns import _sentences
from stepdesk.contributions.service import close_session, open_session
from stepdesk.contributions.terms import Count
from stepdesk.ledger.service import spend
from stepdesk.providers.service import add_tariff, end_agreement, sign_agreement
from stepdesk.providers.terms import Agreement
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.tables import Openness
from stepdesk.sync.papers import summary_pdf
from stepdesk.sync.queries import preview, scheme_keys
from stepdesk.sync.service import acknowledge, carry, pack
from stepdesk.sync.wire.bundle import open_bundle
from stepdesk.sync.wire.receipt import open_receipt, receipt_bytes
from stepdesk.values.ids import AgreementId, ProviderId
from stepdesk.values.money import Money
from tests.builders import SECOND, a_payment, a_request
from tests.reports.care import Care
from tests.sync.schemes import JANUARY, addressed, approved, branch, closed, families

FREE = frozenset(
    {
        *("address", "certificate", "code", "content", "difference_reason", "exclusion", "facts"),
        *("given_names", "guarantee", "invoice", "label", "legacy_code", "legacy_number", "name"),
        *("birth_place", "contact", "criteria", "document", "file", "grounds", "identity"),
        *("mapping", "note", "occupation", "other_cover", "signer"),
        *("number", "payee", "phone", "piece", "pieces", "place", "reason", "reference"),
        *("surname", "unit", "words", "answer", "receiver", "referral", "told", "who", "written"),
        *("numbers", "others"),
    }
)
"""Columns people type into, or that may hold what they typed."""

DATES = {"birth": "1913-07-19", "deceased_on": "1917-03-11"}
"""Dates of persons are planted as days nobody else has."""

CLOSED_WORDS = frozenset({"birth_known", "photo", "picture"})
"""Personal columns that hold one of four words of the program, or the hash of a picture."""

NOT_PLANTED = frozenset({("acknowledgement", "code"), ("claim", "legacy_number")})
"""The branch's word, and what would make a claim history: it stands in a claim of its own."""

DIAGNOSIS = "Kwashibrunox"
NOON = datetime(2024, 2, 7, 12, tzinfo=UTC)


def columns() -> Iterator[tuple[Table, "Column[Any]"]]:
    for table in migrations.all_tables().sorted_tables:
        for column in table.columns:
            told = column.name in FREE or column.name in DATES
            if (
                told
                and str(column.type) == "TEXT"
                and (table.name, column.name) not in NOT_PLANTED
            ):
                yield table, column


def test_every_personal_column_is_planted() -> None:
    known = FREE | DATES.keys() | CLOSED_WORDS | {"diagnosis", "justification"}
    personal = {
        column.name
        for table in migrations.all_tables().sorted_tables
        for column in table.columns
        if column.info.get("openness", Openness.OPEN) is not Openness.OPEN
    }
    assert personal <= known


@contextmanager
def no_triggers(raw: Any) -> Iterator[None]:
    """What is written once can be overwritten meanwhile."""
    triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'").fetchall()
    for name, _ in triggers:
        raw.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        raw.execute(sql)


def planted(desk: Desk) -> dict[str, str]:
    """Write a word of its own into each such column of each row: the word to where it stands."""
    words: dict[str, str] = {}
    connection = desk.writer.raw_connection()
    raw: Any = connection.driver_connection
    with no_triggers(raw):
        for at, (table, column) in enumerate(columns()):
            word = DATES.get(column.name, f"Zq{at:04d}x")
            value = f"'{word}'" if column.name in DATES else f"'{word}-' || rowid"
            told = raw.execute(f'UPDATE "{table.name}" SET "{column.name}" = {value}')
            if told.rowcount:
                words[word] = f"{table.name}.{column.name}"
    raw.execute("COMMIT") if raw.in_transaction else None
    connection.close()
    return words


def a_full_book(desk: Desk, clock: SetClock) -> None:
    """Rows in every table that can hold what somebody said, in January."""
    homes = families(desk)
    collected = desk.do(open_session, place="Market")
    a_payment(desk, homes[0], 2100, session_id=collected)
    with desk.work("close_session") as work:
        work.second(desk.keys.tiles()[1].staff_id, SECOND)
        close_session(work, session_id=collected, count=Count({1000: 2, 100: 1}))
    desk.do(
        spend, request_id=a_request(), day=desk.today, role="travel",
        amount=Money(700, desk.currency), label="to the district",
    )  # fmt: skip
    care = Care(desk)
    for at, home in enumerate(homes):
        care.claim(
            home, at % 6, date(2024, 1, 5), {"OPD": 1000}, certificate="C-1", guarantee="G-1",
            invoice="F-1", diagnosis=DIAGNOSIS,
        )  # fmt: skip
    shown = io.BytesIO()
    Image.new("RGB", (400, 600), "teal").save(shown, "PNG")
    claim_id = desk.ask(claims_of, desk.currency)[0].id
    desk.do(
        attach_certificate, request_id=a_request(), claim_id=claim_id, picture=shown.getvalue()
    )
    picture_id = desk.do(
        attach_certificate, request_id=a_request(), claim_id=claim_id, picture=shown.getvalue()
    )
    desk.do(detach_certificate, picture_id=picture_id, reason="blurred")
    care.claim(homes[0], 0, date(2024, 1, 6), {"DRUG": 400}, imported=True)
    tariff_id = desk.do(add_tariff, code="T-1")
    agreement_id = desk.do(
        sign_agreement,
        agreement=Agreement(
            AgreementId(b""), ProviderId(care.provider_id), tariff_id, date(2024, 1, 1)
        ),
    )
    desk.do(end_agreement, agreement_id=agreement_id, until=date(2024, 6, 1), reason="moved")
    closed(desk, clock, JANUARY)


def test_no_word_of_a_person_is_in_anything_that_leaves(
    two_people_desk: Desk, clock: SetClock, tmp_path: Path
) -> None:
    desk, store = two_people_desk, branch(tmp_path / "branch")
    a_full_book(desk, clock)
    words = planted(desk)
    told = set(words.values())
    for where in (
        "person.surname", "person.given_names", "person.birth", "household.phone",
        "household.address", "payment.reason", "entry.reason", "voucher.label",
        "voucher.payee",
        "session_count.difference_reason", "claim.certificate", "claim.guarantee",
        "claim_decision.facts", "claim_batch.invoice", "agreement_end.reason",
        "claim_picture_end.reason", "membership_event.reason", "staff.name", "provider.name", "section_version.name",
        "scheme_version.name", "plan_version.name", "person_search.words",
    ):  # fmt: skip
        assert where in told, where

    addressed(desk, store)
    approved(desk, JANUARY)
    sent = desk.do(pack)
    path = carry(desk, sent, tmp_path)
    opened = open_bundle(path.read_bytes(), store.keys)
    received = receive(store, path.read_bytes(), now=NOON)
    desk.do(acknowledge, receipt=received.receipt)
    keys = desk.ask(scheme_keys)
    assert keys is not None
    receipt = open_receipt(received.receipt, identity=keys.identity, card=store.card)
    shown = desk.ask(preview, JANUARY)
    leaves = {
        "file": path.read_bytes(),
        "file name": path.name.encode(),
        "manifest": opened.signed,
        "figures": b"".join(one.content for one in opened.releases),
        "receipt": received.receipt,
        "receipt opened": receipt_bytes(receipt),
    }
    secret = [*words, DIAGNOSIS, DIAGNOSIS.upper()]
    _no_picture_in(desk, leaves)
    for name, content in leaves.items():
        assert not [words.get(one) for one in secret if one.encode() in content], name
    # The figures are of many and do leave: the search above did not look at nothing.
    assert b'"b_total":[8,8,8000]' in leaves["figures"]

    # On paper and on the screen stand the scheme's own name and who approved, and nobody else.
    own = {"scheme_version.name", "staff.name"}
    paper = "".join(
        page.get_textpage().get_text_bounded()
        for page in pypdfium2.PdfDocument(summary_pdf(shown, "fr"))
    )
    screen = "\n".join(_sentences(shown))
    for text in (paper, screen):
        assert {words.get(one, "diagnosis") for one in secret if one in text} <= own
    assert shown.hash.hex()[:8] in paper
    assert shown.hash.hex() in screen


def _no_picture_in(desk: Desk, leaves: dict[str, bytes]) -> None:
    """Neither the pictures of certificates leave nor what they are known by."""
    pictures = desk.attachments.read_all(desk.attachments.hashes())
    assert len(pictures) == 2
    for name, content in leaves.items():
        for told_by, picture in pictures.items():
            assert told_by not in content, name
            assert told_by.hex().encode() not in content, name
            assert picture[:64] not in content, name
