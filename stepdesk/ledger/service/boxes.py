"""Boxes are added, changed and ended; the scheme's money rules; what may leave a box."""

from datetime import date

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.model import cash_box, money_settings
from stepdesk.ledger.queries import EVER, box_at, held_on, lowest_from, money_settings_on
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.service.posting import first_open_day
from stepdesk.ledger.terms import Activity, Basis, CashBox, FeeTreatment, Place
from stepdesk.store.work import Work
from stepdesk.values.ids import BoxId, SectionId, StaffId
from stepdesk.values.money import Money

BANKED = ("bank", "mfi")
"""Boxes money leaves only by two signatures. Source: domain handbook 3.4."""


def add_box(
    work: Work,
    *,
    kind: str,
    code: str,
    name: str,
    number: str = "",
    section_id: SectionId | None = None,
    holder_id: StaffId | None = None,
    most: Money | None = None,
) -> BoxId:
    """Add a box: a section's cash box, a second bank account, a telephone with money on it.

    Args:
        work: The work.
        kind: `cash_main`, `cash_section`, `bank`, `mfi` or `momo`.
        code: Short; it stands in the numbers of its vouchers and never changes.
        name: As people call it.
        number: Of the account or telephone.
        section_id: Whose box it is.
        holder_id: Who holds it and answers for what is missing.
        most: What may lie in it before somebody is warned; the scheme's limit when left out.

    Raises:
        Refusal: an unknown kind, no code or name, a code used before, a limit below zero.
    """
    code, name = code.strip().upper(), " ".join(name.split())
    if kind not in BOXES:
        raise Refusal(Text(N_("Choose what kind of box it is.")), field="kind")
    if not code.isalnum():
        raise Refusal(Text(N_("Give the box a short code of letters and digits.")), field="code")
    _check_name(name)
    _check_most(most)
    taken = {work.country.chart[role].number for role in BOXES}
    if code in taken or work.rows("SELECT 1 FROM cash_box WHERE code = :code", code=code):
        raise Refusal(
            Text(N_("There is a box {code} already. Choose another code."), {"code": code}),
            field="code",
        )
    box_id = BoxId(work.new_id())
    work.insert(
        cash_box,
        id=box_id,
        code=code,
        kind=kind,
        section_id=section_id,
        since=work.today,
        name=name,
        number=number.strip() or None,
        holder_id=holder_id,
        most=most,
    )
    return box_id


def _check_name(name: str) -> None:
    if not name:
        raise Refusal(Text(N_("Give the box a name.")), field="name")


def _check_most(most: Money | None) -> None:
    if most is not None and most.minor <= 0:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="most")


def change_box(
    work: Work,
    *,
    box_id: BoxId,
    name: str,
    number: str = "",
    holder_id: StaffId | None = None,
    most: Money | None = None,
) -> None:
    """Rename a box, give it to another holder, or set its limit; all of them are told anew.

    Raises:
        Refusal: no such box, no name, a limit below zero.
    """
    _row_of(work, box_id)
    name = " ".join(name.split())
    _check_name(name)
    _check_most(most)
    work.update(
        cash_box,
        box_id,
        name=name,
        number=number.strip() or None,
        holder_id=holder_id,
        most=most,
    )


def end_box(work: Work, *, box_id: BoxId) -> None:
    """End a box; nothing can be booked in it from today on. It must be empty.

    Raises:
        Refusal: no such box, ended before, or money still lies in it.
    """
    row = _row_of(work, box_id)
    if row.ended_on is not None:
        raise Refusal(Text(N_("This box was ended before. Choose another one.")), field="box")
    held = held_on(work.connection, Place(row.kind, box_id), EVER)
    if held:
        raise Refusal(
            Text(
                N_("The books say {held} lies in this box. Move it to another box first."),
                {"held": Money(held, work.currency)},
            ),
            field="box",
        )
    work.update(cash_box, box_id, ended_on=work.today)


def _row_of(work: Work, box_id: BoxId):  # type: ignore[no-untyped-def]  # noqa: ANN202
    rows = work.rows("SELECT * FROM cash_box WHERE id = :id", id=box_id)
    if not rows:
        raise Refusal(Text(N_("There is no such box. Choose one from the list.")), field="box")
    return rows[0]


def check_place(work: Work, place: Place, day: date, *, field: str = "box") -> CashBox:
    """Return the box of a place that is in use on a day.

    Raises:
        Refusal: no such box, or it was not yet or no longer in use, beside the given field.
    """
    box = box_at(work.connection, work.country, place)
    if box is None:
        raise Refusal(Text(N_("Choose where the money lies.")), field=field)
    if box.ended_on is not None and day >= box.ended_on:
        raise Refusal(
            Text(N_("The box {name} was ended. Choose another one."), {"name": box.name}),
            field=field,
        )
    return box


def check_held(
    work: Work, place: Place, amount: int, day: date, *, activity: Activity | None = None
) -> None:
    """Refuse to take out more than a box holds on a day and on every later one.

    With an activity, also more than what lies there of that activity's money, so that no money
    goes over in silence. Source: domain handbook 3.1.

    Raises:
        Refusal: `amount` when the box holds too little that day, `day` when it would fall short
            on a later one, `activity` when the money is another activity's.
    """
    least, when = lowest_from(work.connection, place, day)
    if least < amount:
        held = held_on(work.connection, place, day)
        if held < amount:
            raise Refusal(
                Text(
                    N_("On {day} the box holds only {held}. Check the amount."),
                    {"day": day, "held": Money(held, work.currency)},
                ),
                field="amount",
            )
        raise Refusal(
            Text(
                N_(
                    "The box would fall below zero on {day}: it holds only {held} then. "
                    "Check the day and the amount."
                ),
                {"day": when, "held": Money(least, work.currency)},
            ),
            field="day",
        )
    if activity is None:
        return
    own, _ = lowest_from(work.connection, place, day, activity)
    if own < amount:
        raise Refusal(
            Text(
                N_(
                    "Only {held} of what lies in the box is money of this activity. Move money "
                    "between activities first, with its reason."
                ),
                {"held": Money(own, work.currency)},
            ),
            field="activity",
        )


def signed(work: Work, place: Place, amount: int, day: date) -> bool:
    """Ask for a second signature where one is needed; return whether one person alone signed.

    From a bank or a savings institution always, from any box above `double_sign_amount`.
    Source: domain handbook 3.4.

    Raises:
        Refusal: when the scheme has a second person and nobody signed with the first.
    """
    return work.two_signatures() if place.role in BANKED else signed_above(work, amount, day)


def signed_above(work: Work, amount: int, day: date) -> bool:
    """Ask for a second signature above `double_sign_amount` alone: nobody orders a fee.

    Raises:
        Refusal: when the scheme has a second person and nobody signed with the first.
    """
    limit = money_settings_on(work.connection, work.country, day).double_sign_amount
    return amount > limit.minor and work.two_signatures()


def set_money(
    work: Work,
    *,
    first_day: date,
    cash_limit: Money,
    double_sign_amount: Money,
    entry_fee_treatment: FeeTreatment = FeeTreatment.INCOME,
    basis: Basis = Basis.ACCRUAL,
    reimbursement_limit: Money | None = None,
) -> None:
    """Set the scheme's money rules from a day on. Two sign.

    Raises:
        Refusal: a day of a closed month, a limit below zero, another basis once contributions
            were booked, nobody to sign with.
    """
    for field, limit in (
        ("cash_limit", cash_limit),
        ("double_sign_amount", double_sign_amount),
        ("reimbursement_limit", reimbursement_limit),
    ):
        if limit is not None and limit.minor < 0:
            raise Refusal(Text(N_("This is below zero. Type 0 or more.")), field=field)
    earliest = first_open_day(work)
    if first_day < earliest:
        raise Refusal(
            Text(
                N_("These months are closed. Begin on {day} at the earliest."), {"day": earliest}
            ),
            field="first_day",
        )
    standing = money_settings_on(work.connection, work.country, first_day)
    if basis is not standing.basis and work.rows(
        "SELECT 1 FROM entry WHERE journal = 'CO' LIMIT 1"
    ):
        raise Refusal(
            Text(
                N_(
                    "Contributions were booked already, by cover or by cash. Leave this as it is: it is chosen before the first receipt."
                )
            ),
            field="basis",
        )
    work.two_signatures()
    work.insert(
        money_settings,
        id=work.new_id(),
        first_day=first_day,
        cash_limit=cash_limit,
        double_sign_amount=double_sign_amount,
        entry_fee_treatment=entry_fee_treatment,
        basis=basis,
        set_on=work.today,
        reimbursement_limit=reimbursement_limit,
    )
