"""Whose a line of an account of persons is, as a person types it."""

from sqlalchemy.engine import Connection

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.queries import open_bills
from stepdesk.ledger.service import PERSONAL
from stepdesk.members.queries import household_of_number
from stepdesk.payers.queries import group_of_code, payer_of_code, payers
from stepdesk.providers.queries import provider_of_code, providers
from stepdesk.store.reading import fetch
from stepdesk.values.money import Currency


def party_named(
    connection: Connection, role: str, asked: str, currency: Currency, *, field: str = "party"
) -> bytes | None:
    """Return whose a line on an account is; None where the account is of nobody in particular.

    A household is known by its number, a group, payer or provider by its code or its name, a
    person of the scheme by name, a supplier by the name or the number on a bill that is open.

    Raises:
        Refusal: beside the given field: nobody is known so, or two are.
    """
    kind = PERSONAL.get(role)
    asked = " ".join(asked.split())
    if kind is None or not asked:
        return None
    found = _by_code(connection, kind, asked)
    named = [found] if found is not None else _by_name(connection, kind, asked, currency)
    if not named:
        raise Refusal(
            Text(N_("Nobody is known as {asked}. Check the number."), {"asked": asked}),
            field=field,
        )
    if len(named) > 1:
        raise Refusal(
            Text(
                N_("More than one is known as {asked}. Type the code, or the number on the bill."),
                {"asked": asked},
            ),
            field=field,
        )
    return named[0]


def _by_code(connection: Connection, kind: str, asked: str) -> bytes | None:
    found: bytes | None = None
    match kind:
        case "household":
            found = household_of_number(connection, asked)
        case "member_group":
            found = group_of_code(connection, asked)
        case "payer":
            payer = payer_of_code(connection, asked)
            found = payer.id if payer else None
        case "provider":
            provider = provider_of_code(connection, asked)
            found = provider.id if provider else None
        case _:
            pass
    return found


def _by_name(connection: Connection, kind: str, asked: str, currency: Currency) -> list[bytes]:
    told: list[tuple[str, bytes]] = []
    match kind:
        case "member_group":
            rows = fetch(connection, "SELECT id, name FROM member_group ORDER BY code")
            told = [(row.name, row.id) for row in rows]
        case "payer":
            told = [(one.name, one.id) for one in payers(connection)]
        case "provider":
            told = [(one.name, one.id) for one in providers(connection).values()]
        case "staff":
            told = [(row.name, row.id) for row in fetch(connection, "SELECT id, name FROM staff")]
        case "voucher":
            bills = open_bills(connection, currency)
            told = [(one.piece, one.id) for one in bills]
            told = [one for one in told if one[0] == asked] or [
                (one.payee, one.id) for one in bills
            ]
        case _:
            pass
    return [one for name, one in told if name.casefold() == asked.casefold()]
