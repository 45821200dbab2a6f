"""Who falls ill in a practice scheme: certificates, invoices, decisions, payments.

About one person in sixteen a month sees the health centre, a few the hospital, and now and then
something is wrong: a price above the list, an act outside the package, a certificate sent twice,
somebody who still waits.
The invoice of a month comes on the fifth of the next; the last one is typed in and left to be
decided. Nobody comes on the day posts are closed. Frequencies: domain handbook 8.4, rounded.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from stepdesk.claims.queries import unpaid_of
from stepdesk.claims.service import decide_batch, enter_claim, open_batch, pay_provider
from stepdesk.claims.terms import NewClaim, NewLine, Visit
from stepdesk.countries.pack import PracticeService
from stepdesk.ledger.queries import balance_of
from stepdesk.providers.service import add_provider, sign_agreement
from stepdesk.providers.terms import Agreement, Kind
from stepdesk.training.care import found_care, local
from stepdesk.training.run import Home, Run
from stepdesk.training.terms import SECOND_PASSWORD
from stepdesk.values.care import Level
from stepdesk.values.ids import AgreementId, PersonId, ProviderId
from stepdesk.values.money import Money
from stepdesk.values.month import Month, add_months

_SICK = 6
"""Per cent of persons who bring a certificate in a month."""

_KEEP = 10_000
"""What the treasurer leaves in the box when providers are paid, in francs."""

_INVOICE_DAY = 4
_DIAGNOSES = ("B54", "J06", "A09", "R50", "I10", "T14")


@dataclass(frozen=True, slots=True)
class _Sick:
    home: Home
    person_id: PersonId
    at: int
    day: date


def found_providers(run: Run, first: date) -> None:
    """Add a health centre and a hospital, with a catalogue, a package and one price list."""
    french = run.desk.language == "fr"
    names = (
        ("CENTRE", "Centre de santé" if french else "Health centre", Level.CENTRE),
        (
            "HOPITAL",
            "Hôpital de district" if french else "District hospital",
            Level.DISTRICT_HOSPITAL,
        ),
    )
    for code, name, level in names:
        run.providers.append(
            run.desk.do(add_provider, code=code, name=name, level=level, kind=Kind.PUBLIC)
        )
    run.care = run.desk.do(
        found_care, plan_id=run.plan_id, provider_id=run.providers[0], first_day=first
    )
    run.desk.do(
        sign_agreement,
        agreement=Agreement(AgreementId(b""), run.providers[1], run.care.tariff_id, first),
    )


def treat(run: Run, month: Month, at: int, last_day: date) -> None:
    """Type in the invoices of the month before, and decide them but for the last month."""
    came = month.first + timedelta(days=_INVOICE_DAY)
    if at == 0 or came > last_day:
        return
    run.clock.set(came)
    before = month.plus(-1)
    sick = _sick_in(run, before)
    hospital = [one for one in sick if run.chance("hospital", one.at, before.month) < 8]
    centre = [one for one in sick if one not in hospital]
    for place, whom in ((0, centre), (1, hospital)):
        if whom:
            _batch(run, run.providers[place], before, whom, decide=month < run.last)


def _sick_in(run: Run, month: Month) -> list[_Sick]:
    found = []
    for home in run.households:
        for suffix, person_id in enumerate(home.persons):
            number = home.at * 20 + suffix
            if run.chance("sick", number, month.year, month.month) >= _SICK:
                continue
            day = _open_day(run, month, run.chance("ill on", number, month.month) % 28)
            waits = day < add_months(Month.of(home.joined).first, 4)
            if day >= home.joined and (not waits or run.chance("tries", number) < 8):
                found.append(_Sick(home, person_id, number, day))
    return found


def _open_day(run: Run, month: Month, at: int) -> date:
    """Return the day somebody who falls ill is seen: the next one when the posts are closed."""
    day = month.first + timedelta(days=at)
    if day.isoweekday() != run.pack.number("control_closed_weekday", day):
        return day
    after = day + timedelta(days=1)
    return after if Month.of(after) == month else day - timedelta(days=1)


def _batch(
    run: Run, provider_id: ProviderId, month: Month, whom: list[_Sick], *, decide: bool
) -> None:
    hospital = provider_id == run.providers[1]
    papers = [_certificate(run, one, hospital=hospital) for one in whom]
    if len(papers) > 5 and not hospital:
        papers.append(replace(papers[2], certificate=f"{papers[2].certificate}b"))  # asked twice
    total = sum(line.quantity * line.unit_price for one in papers for line in one.lines)
    batch_id = run.desk.do(
        open_batch,
        request_id=run.request("batch", month.year, month.month, hospital),
        provider_id=provider_id,
        month=month,
        invoice=f"F-{month.month:02d}{'H' if hospital else 'C'}",
        invoice_total=Money(total, run.desk.currency),
    )
    for number, paper in enumerate(papers):
        run.desk.do(
            enter_claim,
            request_id=run.request("claim", month.year, month.month, hospital, number),
            batch_id=batch_id,
            certificate=paper,
        )
        run.claims += 1
    if decide:
        run.desk.do(decide_batch, batch_id=batch_id)


def _certificate(run: Run, one: _Sick, *, hospital: bool) -> NewClaim:
    codes = _codes(run, one, hospital=hospital)
    stay = 1 + run.chance("stay", one.at, one.day.month) % 3 if hospital else 0
    last = min(one.day + timedelta(days=stay), Month.of(one.day).last)
    return NewClaim(
        person_id=one.person_id,
        first_day=one.day,
        last_day=last,
        lines=tuple(_line(run, one, code, stay) for code in codes),
        certificate=f"{one.day:%y%m}-{one.at:04d}",
        visit=Visit.REFERRAL if hospital else Visit.OTHER,
        diagnosis=run.pick(_DIAGNOSES, "diagnosis", one.at, one.day.month),
    )


def _codes(run: Run, one: _Sick, *, hospital: bool) -> tuple[str, ...]:
    if hospital:
        return ("HOSP-J", "MED-GEN")
    told = run.chance("acts", one.at, one.day.month)
    if told < 4:
        return ("CONS-INF", "OPT")
    if told < 30:
        return ("CONS-INF", "MED-GEN", "LAB-GE")
    return ("CONS-INF", "MED-ACT") if told < 85 else ("CONS-INF",)


def _line(run: Run, one: _Sick, code: str, stay: int) -> NewLine:
    if run.care is None:
        raise LookupError("care was not founded")
    listed = _listed(run, code)
    price = local(listed.price, run.desk.currency)
    if code in ("MED-GEN", "MED-ACT") and run.chance("dear", one.at, one.day.month) < 10:
        price += price // 4
    quantity = stay if code == "HOSP-J" else 1
    return NewLine(run.care.services[code], max(quantity, 1), price)


def _listed(run: Run, code: str) -> PracticeService:
    first = run.last.plus(1 - run.months).first
    return next(one for one in run.pack.catalogue(first).services if one.code == code)


def pay_providers(run: Run, month: Month, last_day: date) -> None:
    """Pay what is owed on the twenty-second, as far as the box goes; two people sign."""
    day = min(month.first + timedelta(days=21), last_day)
    if Month.of(day) != month:
        return
    run.clock.set(day)
    for provider_id in run.providers:
        with run.desk.read() as connection:
            held = balance_of(connection, "cash_main") - run.money(_KEEP).minor
            owed = unpaid_of(connection, provider_id)
        if not owed or owed[0].amount > held:
            continue
        with run.desk.work("pay_provider") as work:
            work.second(run.treasurer, SECOND_PASSWORD)
            pay_provider(
                work,
                request_id=run.request(
                    "pay", month.year, month.month, run.providers.index(provider_id)
                ),
                provider_id=provider_id,
                most=Money(held, run.desk.currency),
            )
