"""Whose a line of an account of persons is, as a person types it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.queries import balance_of, left_by_hand, open_bills
from stepdesk.ledger.service import OWED_BY_US, PERSONAL
from stepdesk.ledger.terms import Debt
from stepdesk.members.queries import household_file, household_of_number
from stepdesk.payers.queries import group_of, group_of_code, payer_name, payer_of_code, payers
from stepdesk.providers.queries import provider_of_code, providers
from stepdesk.store.reading import fetch
from stepdesk.values.ids import GroupId, HouseholdId, PayerId, ProviderId
from stepdesk.values.money import Currency, Money


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


def debts(
    connection: Connection, roles: Sequence[str], currency: Currency, day: date
) -> tuple[Debt, ...]:
    """Return what is still owed on some accounts by the opening balance sheet or a count.

    What a list of the page shows: each debt by whose it is, the oldest first, above zero for
    accounts of those the scheme owes as for those who owe the scheme.
    """
    found = [
        Debt(
            role, Money(left * _side(role), currency), party, _named(connection, role, party, day)
        )
        for (role, party), left in left_by_hand(connection).items()
        if role in roles
    ]
    found += [
        Debt(role, Money(balance_of(connection, role) * _side(role), currency))
        for role in roles
        if role not in PERSONAL
    ]
    return tuple(one for one in found if one.amount.minor > 0)


def _side(role: str) -> int:
    return -1 if role in OWED_BY_US else 1


def _named(connection: Connection, role: str, party: bytes, day: date) -> str:
    """Return what a person of an account is called."""
    name: str | None = None
    match PERSONAL[role]:
        case "household":
            file = household_file(connection, HouseholdId(party))
            name = f"{file.number} {file.member_name}" if file else None
        case "member_group":
            group = group_of(connection, GroupId(party), day)
            name = group.name if group else None
        case "payer":
            name = payer_name(connection, PayerId(party))
        case "provider":
            provider = providers(connection).get(ProviderId(party))
            name = provider.name if provider else None
        case _:
            rows = fetch(connection, "SELECT name FROM staff WHERE id = :id", id=party)
            name = rows[0].name if rows else None
    return name or ""
