"""What persons had used of their limits before the book began."""

from datetime import date

from stepdesk.benefits.rules import amount_fault
from stepdesk.claims.model import use_before
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.rights.queries import standing_of
from stepdesk.store.work import Work
from stepdesk.values.ids import PersonId, ServiceId

_MOST_ACTS = 100_000


def enter_use_before(
    work: Work,
    *,
    person_id: PersonId,
    through: date,
    paid: int = 0,
    deducted: int = 0,
    service_id: ServiceId | None = None,
    quantity: int = 0,
    stay: bool = False,
) -> None:
    """Enter what a person had used before the book began: it counts against the year's limits.

    Args:
        work: The work.
        person_id: Whose care it was.
        through: The last day that is counted; it says in which benefit year it counts.
        paid: What was paid of it, in minor units.
        deducted: What was taken as deductible.
        service_id: Of one service; of the whole package when None.
        quantity: How many of the service.
        stay: Whether it was care with a stay: it then counts against in-patient limits.

    Raises:
        Refusal: nobody known, nothing used or less than that, from the book's first day on, or
            counted already for that year.
    """
    began = date.fromisoformat(work.rows("SELECT made_on FROM book")[0].made_on)
    if through >= began:
        told = N_(
            "The book began on {day}: what was used from then on is in its claims. Choose a day before."
        )
        raise Refusal(Text(told, {"day": began}), field="through")
    _check_figures(paid, deducted, quantity, of_service=service_id is not None)
    standing = standing_of(work.connection, person_id, through)
    if standing is None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="person",
        )
    _check_once(work, person_id, through, service_id)
    work.insert(
        use_before,
        id=work.new_id(),
        person_id=person_id,
        household_id=standing.household_id,
        service_id=service_id,
        day=through,
        quantity=quantity,
        paid=paid,
        deducted=deducted,
        stay=stay,
    )


def _check_figures(paid: int, deducted: int, quantity: int, *, of_service: bool) -> None:
    for name, amount in (("paid", paid), ("deducted", deducted)):
        fault = amount_fault(amount)
        if fault is not None:
            raise Refusal(fault, field=name)
    if not 0 <= quantity <= _MOST_ACTS:
        told = N_("Type a number of acts from 0 to {most}.")
        raise Refusal(Text(told, {"most": _MOST_ACTS}), field="quantity")
    if quantity and not of_service:
        raise Refusal(Text(N_("Say of which service these acts are.")), field="service")
    if not (paid or deducted or quantity):
        raise Refusal(Text(N_("Enter what was used: an amount or a number.")), field="paid")


def _check_once(
    work: Work, person_id: PersonId, through: date, service_id: ServiceId | None
) -> None:
    rows = work.rows(
        "SELECT day FROM use_before WHERE person_id = :person"
        " AND coalesce(service_id, x'') = :service AND substr(day, 1, 4) = :year",
        person=person_id,
        service=service_id or b"",
        year=f"{through.year:04d}",
    )
    if rows:
        told = N_(
            "What was used in {year} is entered already, through {day}. Choose another year."
        )
        values: dict[str, Value] = {"year": through.year, "day": date.fromisoformat(rows[0].day)}
        raise Refusal(Text(told, values), field="through")
