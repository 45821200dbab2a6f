"""One person pays for several households at once: a receipt for each, all of them or none."""

from collections.abc import Sequence

from stepdesk.contributions.service.receipts import contribute
from stepdesk.contributions.terms import Receipt, Share
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.ids import SessionId

_LINE = N_("Household {number}: {told}")


def pay_for_several(
    work: Work,
    *,
    shares: Sequence[Share],
    session_id: SessionId | None = None,
    accepting: frozenset[str] = frozenset(),
) -> tuple[Receipt, ...]:
    """Take what one person pays in cash for several households; each gets its own receipt.

    The same shares twice give the same receipts: each has its own request. Source: screens
    handbook 2.4.

    Args:
        work: The work.
        shares: Household, amount and request, in the order the receipts are given.
        session_id: The open collection session it belongs to.
        accepting: Doubts somebody accepted, each with its household: `much:00045`.

    Raises:
        Refusal: nobody chosen, a household twice; else what `contribute` refuses, named by its
            household.
        Caution: what `contribute` doubts, of all households together.
    """
    if not shares:
        raise Refusal(Text(N_("Choose at least one household.")), field="household")
    if len({share.household_id for share in shares}) < len(shares):
        raise Refusal(
            Text(N_("A household was chosen twice. Take one of the two off.")), field="household"
        )
    doubts: list[Doubt] = []
    receipts: list[Receipt] = []
    for share in shares:
        accepted = frozenset(
            name
            for name, _, whose in (one.partition(":") for one in accepting)
            if whose == share.number
        )
        try:
            receipts.append(
                contribute(
                    work,
                    request_id=share.request_id,
                    household_id=share.household_id,
                    amount=share.amount,
                    session_id=session_id,
                    accepting=accepted,
                )
            )
        except Refusal as refusal:
            raise Refusal(_named(share, refusal.text), field=refusal.field) from refusal
        except Caution as caution:
            doubts += [
                Doubt(f"{one.name}:{share.number}", _named(share, one.text), one.field)
                for one in caution.doubts
            ]
    if doubts:
        raise Caution(tuple(doubts))
    return tuple(receipts)


def _named(share: Share, told: Text) -> Text:
    return Text(_LINE, {"number": share.number, "told": told})
