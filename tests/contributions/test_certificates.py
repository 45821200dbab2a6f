"""Certificates of care are leaves of booklets a provider was given: RA13 asks for it."""

import pytest

from stepdesk.contributions.queries import certificate_known
from stepdesk.contributions.service import (
    issue_booklet,
    mark_leaves,
    receive_booklets,
    return_booklet,
)
from stepdesk.contributions.terms import MarkKind, Stationery
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import BookletId, ProviderId


def a_provider(desk: Desk, code: str) -> ProviderId:
    return desk.do(add_provider, code=code, name=code, level=Level.POST, kind=Kind.PUBLIC)


def given(
    desk: Desk, provider_id: ProviderId, serial: int, kind: Stationery = Stationery.CERTIFICATE
) -> BookletId:
    (booklet_id,) = desk.do(receive_booklets, kind=kind, first_serial=serial)
    desk.do(issue_booklet, booklet_id=booklet_id, provider_id=provider_id)
    return booklet_id


def test_a_certificate_is_a_leaf_of_a_booklet_of_its_provider(desk: Desk) -> None:
    koula, other = a_provider(desk, "KOULA"), a_provider(desk, "OTHER")
    given(desk, koula, 147)
    given(desk, other, 148)
    for number in ("0147-1", "147/50", " 0147-23 "):
        assert desk.ask(certificate_known, koula, number)
        assert not desk.ask(certificate_known, other, number)
    for number in ("0147-51", "0147-0", "0148-1", "0149-1", "147", "K-12", "0147-23-1"):
        assert not desk.ask(certificate_known, koula, number)


def test_nothing_is_asked_where_no_booklet_was_given_or_no_number_typed(desk: Desk) -> None:
    koula, other = a_provider(desk, "KOULA"), a_provider(desk, "OTHER")
    assert desk.ask(certificate_known, koula, "anything")
    given(desk, other, 147)
    given(desk, koula, 147, Stationery.LETTER)
    assert desk.ask(certificate_known, koula, "anything")
    assert desk.ask(certificate_known, other, "  ")


@pytest.mark.parametrize("kind", [MarkKind.CANCELLED, MarkKind.MISSING])
def test_a_leaf_that_was_cancelled_or_is_missing_is_no_certificate_until_it_is_found(
    desk: Desk, kind: MarkKind
) -> None:
    koula = a_provider(desk, "KOULA")
    booklet_id = given(desk, koula, 147)
    desk.do(
        mark_leaves, booklet_id=booklet_id, kind=kind, first_leaf=10, last_leaf=12, reason="rain"
    )
    assert not desk.ask(certificate_known, koula, "0147-11")
    assert desk.ask(certificate_known, koula, "0147-13")
    desk.do(
        mark_leaves, booklet_id=booklet_id, kind=MarkKind.FOUND, first_leaf=11, reason="in a bag"
    )
    assert desk.ask(certificate_known, koula, "0147-11")
    assert not desk.ask(certificate_known, koula, "0147-12")


def test_a_booklet_that_came_back_still_counts(desk: Desk) -> None:
    koula = a_provider(desk, "KOULA")
    booklet_id = given(desk, koula, 147)
    desk.do(return_booklet, booklet_id=booklet_id)
    assert desk.ask(certificate_known, koula, "0147-11")
