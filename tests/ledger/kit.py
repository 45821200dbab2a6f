"""What tests of the ledger share: money in a box, a second signature, a verb done by two."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from stepdesk.errors import Refusal
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import Booked, Place
from stepdesk.store.desk import Desk
from stepdesk.values.money import Currency, Money
from tests.builders import SECOND, a_request

XOF = Currency("XOF", 0)
CASH, BANK, MOMO = Place("cash_main"), Place("bank"), Place("momo")


def francs(amount: int) -> Money:
    return Money(amount, XOF)


def by_two(desk: Desk, verb: Callable[..., Any], **told: Any) -> Any:
    """Do a verb with the second person's signature."""
    with desk.work(verb.__name__) as work:
        work.second(desk.colleagues()[1].id, SECOND)
        return verb(work, **told)


def a_gift(desk: Desk, amount: int, *, day: date | None = None, **told: Any) -> Booked:
    """Money given to the scheme, in the main cash box."""
    told = {"role": "gift", "label": "Gift of the chief"} | told
    return desk.do(
        ledger.receive,
        request_id=a_request(),
        day=day or desk.today,
        amount=francs(amount),
        **told,
    )


def an_expense(desk: Desk, amount: int, *, day: date | None = None, **told: Any) -> Booked:
    """Notebooks bought from the main cash box."""
    told = {"role": "supplies", "label": "Notebooks"} | told
    return desk.do(
        ledger.spend,
        request_id=a_request(),
        day=day or desk.today,
        amount=francs(amount),
        **told,
    )


def refused(desk: Desk, verb: Callable[..., Any], **told: Any) -> Refusal:
    """The refusal of a verb, which leaves nothing in the journal."""
    acts = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == acts
    return caught.value
