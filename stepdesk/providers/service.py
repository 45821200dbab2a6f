"""What is done with providers: add them, write price lists, sign agreements and end them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.providers import queries
from stepdesk.providers.model import (
    agreement as agreement_table,
)
from stepdesk.providers.model import (
    agreement_end,
    provider,
    tariff,
    tariff_line,
    tariff_version,
)
from stepdesk.providers.terms import Agreement, Kind
from stepdesk.store.work import Work
from stepdesk.values.care import Level
from stepdesk.values.ids import (
    AgreementId,
    ProviderId,
    ServiceId,
    TariffId,
    TariffVersionId,
)
from stepdesk.values.money import MOST, Money
from stepdesk.values.month import Month

YEAR = 366
"""No provider waits longer than this many days for its money, and no invoice is later by more."""

_NO_CODE = Text(N_("Give it a code."))
_ORDER = Text(N_("The end lies before the first day. Change one of them."))
_VERSIONS = "SELECT first_day, until FROM tariff_version WHERE tariff_id = :tariff ORDER BY 1"


# Providers


def add_provider(
    work: Work,
    *,
    code: str,
    name: str,
    level: Level,
    kind: Kind,
    legacy_code: str | None = None,
) -> ProviderId:
    """Add a care provider; it is paid once an agreement with it is signed.

    Raises:
        Refusal: no code, a code that is taken (in capitals or not), no name.
    """
    plain, called = code.strip(), " ".join(name.split())
    if not plain:
        raise Refusal(_NO_CODE, field="code")
    taken = queries.provider_of_code(work.connection, plain)
    if taken is not None:
        raise Refusal(
            Text(
                N_("There is a provider {code} already: {name}. Choose another code."),
                {"code": taken.code, "name": taken.name},
            ),
            field="code",
        )
    if not called:
        raise Refusal(Text(N_("Give the provider a name.")), field="name")
    provider_id = ProviderId(work.new_id())
    work.insert(
        provider,
        id=provider_id,
        code=plain,
        name=called,
        level=level,
        kind=kind,
        legacy_code=legacy_code,
    )
    return provider_id


# Price lists


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

    Raises:
        Refusal: no such list, no price, a price below zero or beyond all measure (the sentence
            names the service), a service that is not known, days another version holds, a first
            day in a closed month.
    """
    _check_tariff(work, tariff_id)
    _check_prices(work, prices)
    _check_days(work, tariff_id, first_day, until)
    version_id = TariffVersionId(work.new_id())
    work.insert(
        tariff_version, id=version_id, tariff_id=tariff_id, first_day=first_day, until=until
    )
    work.insert_many(tariff_line, _lines(work, version_id, prices))
    return version_id


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


def _check_tariff(work: Work, tariff_id: TariffId) -> None:
    if work.row("SELECT 1 FROM tariff WHERE id = :id", id=tariff_id) is None:
        raise Refusal(Text(N_("There is no such price list.")), field="tariff_id")


def _check_prices(work: Work, prices: Mapping[ServiceId, int]) -> None:
    if not prices:
        raise Refusal(Text(N_("A price list needs a price at least.")), field="prices")
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
                N_("{month} is closed. New terms begin on {first} at the earliest."),
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


# Agreements


def sign_agreement(work: Work, *, agreement: Agreement) -> AgreementId:
    """Write what was agreed with a provider; `agreement.id` is given anew.

    Raises:
        Refusal: no such provider or price list, an end before the beginning, days another
            agreement with the provider holds, days to pay or to invoice beyond a year.
    """
    provider_id = agreement.provider_id
    if work.row("SELECT 1 FROM provider WHERE id = :id", id=provider_id) is None:
        raise Refusal(Text(N_("There is no such provider.")), field="provider_id")
    _check_tariff(work, agreement.tariff_id)
    if agreement.until is not None and agreement.until <= agreement.first_day:
        raise Refusal(_ORDER, field="until")
    for name in ("payment_days", "late_invoice_days"):
        if not 0 <= getattr(agreement, name) <= YEAR:
            raise Refusal(
                Text(
                    N_("This figure lies between {least} and {most}."), {"least": 0, "most": YEAR}
                ),
                field=name,
            )
    others = queries.agreements(work.connection, provider_id)
    _check_overlap(agreement, others)
    if others and ledger.is_closed(work, agreement.first_day):
        raise Refusal(
            Text(
                N_("{month} is closed. A further agreement begins in the open month or later."),
                {"month": Month.of(agreement.first_day)},
            ),
            field="first_day",
        )
    agreement_id = AgreementId(work.new_id())
    work.insert(
        agreement_table,
        id=agreement_id,
        provider_id=provider_id,
        tariff_id=agreement.tariff_id,
        first_day=agreement.first_day,
        until=agreement.until,
        mode=agreement.mode,
        payment_days=agreement.payment_days,
        late_invoice_days=agreement.late_invoice_days,
        balance_billing=agreement.balance_billing,
    )
    return agreement_id


def _check_overlap(asked: Agreement, others: Sequence[Agreement]) -> None:
    for other in others:
        begins, ends = max(asked.first_day, other.first_day), min(_end(asked), _end(other))
        if begins < ends and other.until is None:
            raise Refusal(
                Text(
                    N_("An agreement holds since {first}. End it first."),
                    {"first": other.first_day},
                ),
                field="first_day",
            )
        if begins < ends and other.until is not None:
            raise Refusal(
                Text(
                    N_("An agreement holds from {first} to {last}. Choose other days."),
                    {"first": other.first_day, "last": other.until - timedelta(days=1)},
                ),
                field="first_day",
            )


def _end(agreement: Agreement) -> date:
    return agreement.until or date.max


def end_agreement(work: Work, *, agreement_id: AgreementId, until: date, reason: str) -> Agreement:
    """End an agreement before its time; return it as it now stands.

    Args:
        work: The work.
        agreement_id: Which agreement.
        until: The first day without it; its own first day takes it back as a whole.
        reason: Kept with the end.

    Raises:
        Refusal: no such agreement, one that was ended already, no reason, an end outside the
            agreement or in a closed month.
    """
    row = work.row("SELECT provider_id FROM agreement WHERE id = :id", id=agreement_id)
    if row is None:
        raise Refusal(Text(N_("There is no such agreement.")), field="agreement_id")
    ended = work.row("SELECT until FROM agreement_end WHERE agreement_id = :id", id=agreement_id)
    if ended is not None:
        raise Refusal(
            Text(
                N_("This agreement was ended already, from {day} on."),
                {"day": date.fromisoformat(ended.until)},
            ),
            field="agreement_id",
        )
    if not reason.strip():
        raise Refusal(Text(N_("Say why the agreement ends.")), field="reason")
    held = _one(work, ProviderId(row.provider_id), agreement_id)
    _check_end(work, held, until)
    work.insert(
        agreement_end,
        id=work.new_id(),
        agreement_id=agreement_id,
        until=until,
        reason=reason.strip(),
    )
    return _one(work, held.provider_id, agreement_id)


def _one(work: Work, provider_id: ProviderId, agreement_id: AgreementId) -> Agreement:
    held = queries.agreements(work.connection, provider_id)
    return next(one for one in held if one.id == agreement_id)


def _check_end(work: Work, held: Agreement, until: date) -> None:
    if not held.first_day <= until <= _end(held):
        raise Refusal(
            Text(
                N_("The agreement begins on {first}. Choose an end inside its days."),
                {"first": held.first_day},
            ),
            field="until",
        )
    if ledger.is_closed(work, until):
        raise Refusal(
            Text(
                N_("{month} is closed. The agreement ends on {first} at the earliest."),
                {"month": Month.of(until), "first": ledger.first_open_day(work)},
            ),
            field="until",
        )
