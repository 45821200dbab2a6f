"""Price lists: their versions are written once, their drafts change until they are put in force."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.ledger import service as ledger
from stepdesk.providers import queries, rules
from stepdesk.providers.model import tariff, tariff_draft, tariff_line, tariff_version
from stepdesk.providers.terms import Hole, TariffDraft
from stepdesk.store.work import Work
from stepdesk.values.ids import ServiceId, TariffDraftId, TariffId, TariffVersionId
from stepdesk.values.money import MOST, Money
from stepdesk.values.month import Month

_NO_CODE = Text(N_("Give it a code."))
_ORDER = Text(N_("The end lies before the first day. Change one of them."))
_NO_DRAFT = Text(
    N_("There is no such draft, or it is in force already. Look at the list of drafts.")
)
_VERSIONS = "SELECT first_day, until FROM tariff_version WHERE tariff_id = :tariff ORDER BY 1"


def add_tariff(work: Work, *, code: str) -> TariffId:
    """Add a price list; its prices are versions.

    Raises:
        Refusal: no code, or a price list of that code exists.
    """
    plain = code.strip()
    if not plain:
        raise Refusal(_NO_CODE, field="code")
    if queries.tariff_of_code(work.connection, plain) is not None:
        raise Refusal(
            Text(
                N_("There is a price list {code} already. Choose another code."), {"code": plain}
            ),
            field="code",
        )
    tariff_id = TariffId(work.new_id())
    work.insert(tariff, id=tariff_id, code=plain)
    return tariff_id


def version_tariff(
    work: Work,
    *,
    tariff_id: TariffId,
    first_day: date,
    prices: Mapping[ServiceId, int],
    until: date | None = None,
    accepting: frozenset[str] = frozenset(),
) -> TariffVersionId:
    """Write the prices of a price list from a day on.

    The first version may begin at any day, and so may those of a list no agreement names yet:
    nothing was priced by it before.

    Args:
        work: The work.
        tariff_id: Which price list.
        first_day: Care from this day on has these prices.
        prices: For one unit of each service.
        until: The end, not included; until the next version begins when left out.
        accepting: Doubts somebody accepted, by their codes.

    Raises:
        Caution: `price` when one is far from that of the version before: a zero too many.
        Refusal: no such list, no price, a price below zero or beyond all measure (the sentence
            names the service), a service that is not known, days another version holds, a first
            day in a closed month.
    """
    check_tariff(work, tariff_id)
    _check_prices(work, prices)
    _check_days(work, tariff_id, first_day, until)
    _doubt_prices(work, tariff_id, first_day, prices, accepting)
    version_id = TariffVersionId(work.new_id())
    work.insert(
        tariff_version, id=version_id, tariff_id=tariff_id, first_day=first_day, until=until
    )
    work.insert_many(tariff_line, _lines(work, version_id, prices))
    return version_id


def _doubt_prices(
    work: Work,
    tariff_id: TariffId,
    first_day: date,
    prices: Mapping[ServiceId, int],
    accepting: frozenset[str],
) -> None:
    if "price" in accepting:
        return
    former: Mapping[ServiceId, int] = {}
    for one in queries.tariff_versions(work.connection, tariff_id):
        if one.first_day < first_day:
            former = one.prices
    far = rules.far_prices(former, prices)
    if not far:
        return
    code = work.row("SELECT code FROM service WHERE id = :id", id=far[0]).code
    values: dict[str, Value] = {
        "service": code,
        "former": Money(former[far[0]], work.currency),
        "price": Money(prices[far[0]], work.currency),
        "count": len(far),
    }
    text = Text(
        N_("{service} was {former} and is now {price}. Is that right?"),
        values,
        plural=N_(
            "{count} prices went far from the last ones: {service} was {former} and is now "
            "{price}. Are they right?"
        ),
    )
    raise Caution((Doubt("price", text, "prices"),))


def _lines(
    work: Work, version_id: TariffVersionId, prices: Mapping[ServiceId, int]
) -> Iterator[dict[str, object]]:
    for service_id, price in prices.items():
        yield {
            "id": work.new_id(),
            "tariff_version_id": version_id,
            "service_id": service_id,
            "price": price,
        }


def check_tariff(work: Work, tariff_id: TariffId) -> None:
    """Refuse a price list nobody made."""
    if work.row("SELECT 1 FROM tariff WHERE id = :id", id=tariff_id) is None:
        raise Refusal(
            Text(N_("There is no such price list. Choose one from the list.")), field="tariff_id"
        )


def _check_prices(work: Work, prices: Mapping[ServiceId, int]) -> None:
    if not prices:
        raise Refusal(Text(N_("A price list needs a price at least. Add one.")), field="prices")
    codes = {row.id: row.code for row in work.rows("SELECT id, code FROM service")}
    for service_id, price in prices.items():
        if service_id not in codes:
            raise Refusal(
                Text(N_("A service of the list is not in the catalogue. Add it there first.")),
                field="prices",
            )
        if not 0 <= price <= MOST:
            raise Refusal(
                Text(
                    N_("{service}: {price} is no price. Type an amount from zero."),
                    {"service": codes[service_id], "price": Money(price, work.currency)},
                ),
                field="prices",
            )


def _check_days(work: Work, tariff_id: TariffId, first_day: date, until: date | None) -> None:
    if until is not None and until <= first_day:
        raise Refusal(_ORDER, field="until")
    versions = work.rows(_VERSIONS, tariff=tariff_id)
    _check_former(versions, first_day)
    used = work.row("SELECT 1 FROM agreement WHERE tariff_id = :tariff LIMIT 1", tariff=tariff_id)
    if versions and used and ledger.is_closed(work, first_day):
        raise Refusal(
            Text(
                N_("{month} is closed. Let new terms begin on {first} or later."),
                {"month": Month.of(first_day), "first": ledger.first_open_day(work)},
            ),
            field="first_day",
        )
    ahead = [row.first_day for row in versions if row.first_day > first_day.isoformat()]
    if ahead and until is not None and until.isoformat() > ahead[0]:
        raise Refusal(
            Text(
                N_("The next prices begin on {day}. End on {day} at the latest."),
                {"day": date.fromisoformat(ahead[0])},
            ),
            field="until",
        )


def _check_former(versions: Sequence[Any], first_day: date) -> None:
    day = first_day.isoformat()
    for row in versions:
        if row.first_day == day:
            raise Refusal(
                Text(
                    N_("Something else begins on {day} already. Choose another day."),
                    {"day": first_day},
                ),
                field="first_day",
            )
        if row.first_day < day and row.until is not None and row.until > day:
            raise Refusal(
                Text(
                    N_("The prices before hold until {day}. Begin on that day or later."),
                    {"day": date.fromisoformat(row.until)},
                ),
                field="first_day",
            )


# Copies and drafts


def copied_prices(
    work: Work, *, tariff_id: TariffId, day: date, by: int = 0, step: int = 1
) -> dict[ServiceId, int]:
    """Return the prices of a list on a day, with a share more or less, for a new version.

    Args:
        work: The work; nothing is written.
        tariff_id: The list that is copied.
        day: On which its prices are taken.
        by: Hundredths of a percent; below zero lowers.
        step: Prices are rounded half up to a multiple of it.

    Raises:
        Refusal: no such list, none that holds on the day, a share that leaves nothing or more
            than ten times as much, a step that is none.
    """
    check_tariff(work, tariff_id)
    held = queries.tariff_on(work.connection, tariff_id, day)
    if isinstance(held, Hole):
        raise Refusal(
            Text(N_("No prices of this list hold on {day}. Choose another day."), {"day": day}),
            field="day",
        )
    if not -rules.WHOLE < by <= 9 * rules.WHOLE:
        raise Refusal(
            Text(N_("Prices change by more than -100 % and at most 900 %. Type it as +5.")),
            field="by",
        )
    if not 1 <= step <= MOST:
        raise Refusal(Text(N_("Round to an amount above zero.")), field="step")
    return rules.raised(held.prices, by, step=step)


def draft_tariff(
    work: Work,
    *,
    tariff_id: TariffId,
    first_day: date,
    prices: Mapping[ServiceId, int],
    until: date | None = None,
    draft_id: TariffDraftId | None = None,
) -> TariffDraftId:
    """Keep prices that are being talked about; a draft prices nothing.

    Args:
        work: The work.
        tariff_id: Which price list.
        first_day: From when they are meant to hold.
        prices: For one unit of each service.
        until: The end, not included.
        draft_id: The draft that is changed; a new one when left out.

    Raises:
        Refusal: no such list or open draft, prices that cannot stand, an end before the first
            day. Which other versions there are is asked when it is put in force.
    """
    check_tariff(work, tariff_id)
    _check_prices(work, prices)
    if until is not None and until <= first_day:
        raise Refusal(_ORDER, field="until")
    told = {
        "first_day": first_day,
        "until": until,
        "prices": json.dumps(
            {key.hex(): price for key, price in prices.items()}, separators=(",", ":")
        ),
    }
    if draft_id is not None:
        if _open_draft(work, draft_id).tariff_id != tariff_id:
            raise Refusal(_NO_DRAFT, field="draft_id")
        work.update(tariff_draft, draft_id, **told)
        return draft_id
    new = TariffDraftId(work.new_id())
    work.insert(tariff_draft, id=new, tariff_id=tariff_id, **told)
    return new


def put_tariff_in_force(
    work: Work, *, draft_id: TariffDraftId, accepting: frozenset[str] = frozenset()
) -> TariffVersionId:
    """Make a draft a version of its list, written once; see `version_tariff`.

    Raises:
        Refusal: no such draft, one that is a version already or was dropped; and those of
            `version_tariff`.
        Caution: see `version_tariff`.
    """
    draft = _open_draft(work, draft_id)
    version_id = version_tariff(
        work,
        tariff_id=draft.tariff_id,
        first_day=draft.first_day,
        prices=draft.prices,
        until=draft.until,
        accepting=accepting,
    )
    work.update(tariff_draft, draft_id, tariff_version_id=version_id)
    return version_id


def drop_tariff_draft(work: Work, *, draft_id: TariffDraftId) -> None:
    """Give a draft up; it stays in the journal.

    Raises:
        Refusal: no such draft, one that is a version already or was dropped.
    """
    _open_draft(work, draft_id)
    work.update(tariff_draft, draft_id, dropped_on=work.today)


def _open_draft(work: Work, draft_id: TariffDraftId) -> TariffDraft:
    row = work.row("SELECT tariff_id FROM tariff_draft WHERE id = :id", id=draft_id)
    if row is not None:
        for one in queries.tariff_drafts(work.connection, TariffId(row.tariff_id)):
            if one.id == draft_id:
                return one
    raise Refusal(_NO_DRAFT, field="draft_id")
