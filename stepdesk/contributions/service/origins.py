"""How money came: the number of a transfer, goods instead of money, a leaf of a paper booklet."""

from sqlalchemy import text

from stepdesk.contributions import queries
from stepdesk.contributions.model import in_kind
from stepdesk.contributions.terms import Goods, Leaf, Means
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.ids import PaymentId
from stepdesk.values.money import Money, round_half_up

_THOUSAND = 1000
_SAME_REFERENCE = text(
    "SELECT p.letter, p.year, p.serial, p.legacy_number FROM payment p"
    " WHERE p.reference = :reference AND p.means = :means AND p.reverses IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) LIMIT 1"
)


def check_origin(
    work: Work,
    amount: Money,
    means: Means,
    *,
    reference: str = "",
    goods: Goods | None = None,
) -> None:
    """Refuse a transfer that was recorded before, and goods that are not what is paid.

    Raises:
        Refusal: beside `reference` and `goods`.
    """
    if reference.strip():
        _check_reference(work, reference.strip(), means)
    if (means is Means.IN_KIND) is not (goods is not None):
        raise Refusal(
            Text(N_("Say what was brought, how much of it, and what one is worth.")), field="goods"
        )
    if goods is not None:
        _check_goods(work, goods, amount)


def _check_reference(work: Work, reference: str, means: Means) -> None:
    row = work.row(_SAME_REFERENCE, reference=reference, means=means.value)
    if row is not None:
        raise Refusal(
            Text(
                N_("This transfer was recorded before, as receipt {number}. Check its number."),
                {"number": queries.number(row.letter, row.year, row.serial, row.legacy_number)},
            ),
            field="reference",
        )


def _check_goods(work: Work, goods: Goods, amount: Money) -> None:
    if not goods.product.strip() or goods.thousandths <= 0 or goods.unit_value.minor <= 0:
        raise Refusal(
            Text(N_("Say what was brought, how much of it, and what one is worth.")), field="goods"
        )
    worth = Money(
        round_half_up(goods.thousandths * goods.unit_value.minor, _THOUSAND), work.currency
    )
    if worth != amount:
        raise Refusal(
            Text(
                N_(
                    "What was brought is worth {worth}, and {amount} is written. Correct one of them."
                ),
                {"worth": worth, "amount": amount},
            ),
            field="goods",
        )


def origin_columns(reference: str, leaf: Leaf | None) -> dict[str, object]:
    """Return what a payment keeps of how it came; nothing for cash at the desk."""
    found: dict[str, object] = {}
    if reference.strip():
        found["reference"] = reference.strip()
    if leaf is not None:
        found |= {"booklet_id": leaf.booklet_id, "leaf": leaf.number}
    return found


def write_goods(work: Work, payment_id: PaymentId, goods: Goods) -> None:
    """Write down what was brought; it is sold later."""
    work.insert(
        in_kind,
        id=work.new_id(),
        payment_id=payment_id,
        product=goods.product.strip(),
        thousandths=goods.thousandths,
        unit=goods.unit.strip(),
        unit_value=goods.unit_value,
    )
