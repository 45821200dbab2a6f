"""What the price lists ask of the book and do there; all of it for the lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from stepdesk.benefits.queries import package_on
from stepdesk.benefits.queries import services as all_services
from stepdesk.benefits.terms import Service
from stepdesk.claims.papers import (
    Compared,
    WallHead,
    comparison_listing,
    wall_list_pdf,
)
from stepdesk.claims.queries import compared_tariffs, wall_lines
from stepdesk.contributions.queries import plans
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.exchange.price_lists import (
    BroughtPrices,
    PriceFault,
    PriceLine,
    import_prices,
    read_prices,
    start_catalogue,
)
from stepdesk.exchange.registers.reading import open_file, open_text
from stepdesk.exchange.registers.terms import shown
from stepdesk.i18n import N_, Text, Value
from stepdesk.providers import queries, rules, service
from stepdesk.providers.terms import TariffDraft, TariffVersion
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.ui.widgets.number_field import plain_text
from stepdesk.values.ids import PlanId, ServiceId, TariffDraftId, TariffId
from stepdesk.values.money import Currency

_DAY = timedelta(days=1)
Listed = TariffVersion | TariffDraft


@dataclass(frozen=True, slots=True)
class Lists:
    """Every price list with its versions and drafts, the catalogue, and plans by their names."""

    codes: Mapping[TariffId, str]
    listed: Mapping[TariffId, tuple[Listed, ...]]
    services: Mapping[ServiceId, Service]
    plans: tuple[tuple[PlanId, str], ...]

    def version(self, version_id: object) -> Listed | None:
        """Return a version or draft by its id."""
        every = (one for listed in self.listed.values() for one in listed)
        return next((one for one in every if one.id == version_id), None)

    def held(self, tariff_id: object, day: date) -> Listed | None:
        """Return the version of a list that holds on a day, else the last one there is."""
        listed = self.listed.get(tariff_id, ())  # type: ignore[call-overload]
        versions = [one for one in listed if isinstance(one, TariffVersion)]
        begun = [one for one in versions if one.first_day <= day]
        return next(iter([*reversed(begun), *versions]), None)


def lists_of(desk: Desk) -> Lists:
    """Return every price list."""
    with desk.read() as connection:
        codes = queries.tariffs(connection)
        listed: dict[TariffId, tuple[Listed, ...]] = {
            one: (
                *queries.tariff_versions(connection, one),
                *queries.tariff_drafts(connection, one),
            )
            for one in codes
        }
        named = [(plan_id, versions[-1].name) for plan_id, versions in plans(connection).items()]
        return Lists(codes, listed, all_services(connection), tuple(named))


def compared(desk: Desk, former: Listed, new: Listed) -> Compared:
    """Put two lists side by side, with what the last twelve months would have cost."""
    with desk.read() as connection:
        comparison = compared_tariffs(
            connection,
            former.tariff_id,
            former=former.prices,
            prices=new.prices,
            day=desk.today,
        )
        known = all_services(connection)
    return Compared(name_of(former), name_of(new), comparison, known, desk.currency)


def name_of(one: Listed) -> Text:
    """Return what a version or a draft is called."""
    values: dict[str, Value] = {"code": one.code, "day": one.first_day}
    if isinstance(one, TariffDraft):
        return Text(N_("{code}, draft for {day}"), values)
    return Text(N_("{code} of {day}"), values)


# Text in the box


def text_of(
    prices: Mapping[ServiceId, int],
    known: Mapping[ServiceId, Service],
    currency: Currency,
    titles: str,
) -> str:
    """Return prices as lines with tabs below their titles, in the order of the list."""
    lines = [titles]
    for service_id, price in prices.items():
        one = known[service_id]
        lines.append(f"{one.code}\t{one.name}\t{plain_text(price, currency.exponent)}")
    return "\n".join(lines)


def blank_text(known: Mapping[ServiceId, Service], titles: str) -> str:
    """Return the catalogue as lines whose prices are to be typed."""
    lines = [titles]
    lines += [f"{one.code}\t{one.name}\t" for one in known.values()]
    return "\n".join(lines)


def copied(
    prices: Mapping[ServiceId, int],
    known: Mapping[ServiceId, Service],
    currency: Currency,
    *,
    by: int,
    step: int,
    titles: str,
) -> str:
    """Return prices with a share more or less, as lines with tabs.

    Raises:
        Refusal: a share that leaves nothing or more than ten times as much, a step that is none.
    """
    if not -rules.WHOLE < by <= 9 * rules.WHOLE:
        raise Refusal(
            Text(N_("Prices change by more than -100 % and at most 900 %. Type it as +5.")),
            field="by",
        )
    if step < 1:
        raise Refusal(Text(N_("Round to an amount above zero.")), field="step")
    return text_of(rules.raised(prices, by, step=step), known, currency, titles)


def text_in(file: Path) -> str:
    """Return the first sheet of a file as lines with tabs.

    Raises:
        Refusal: when it is no table.
        Trouble: when it cannot be read.
    """
    opened = open_file(file)
    sheet = next((one for one in opened.sheets if not one.hidden), opened.sheets[0])
    return "\n".join("\t".join(_plain(cell) for cell in row) for row in sheet.rows)


def _plain(cell: Any) -> str:  # noqa: ANN401 - a cell of a table
    return " ".join(shown(cell).split())


@dataclass(frozen=True, slots=True)
class Preview:
    """What the box holds, before anything is written."""

    lines: tuple[PriceLine, ...]
    faults: tuple[PriceFault, ...]


def previewed(text: str, known: Sequence[Service], currency: Currency) -> Preview:
    """Read the box without writing: what can stand, and what is wrong with each other line."""
    if not text.strip():
        return Preview((), ())
    read = read_prices(open_text(text), known, currency)
    return Preview(read.lines, read.faults)


# What is done


@dataclass(frozen=True, slots=True)
class NewPrices:
    """What the form of a new version says; its last day is included."""

    code: str
    first_day: date
    last_day: date | None
    text: str
    draft: bool
    draft_id: TariffDraftId | None = None


def kept(
    desk: Desk, told: NewPrices, accepting: frozenset[str] = frozenset(), reason: str = ""
) -> BroughtPrices:
    """Write prices as a version or a draft; a draft that becomes a version is put in force."""
    until = None if told.last_day is None else told.last_day + _DAY
    opened = open_text(told.text)
    with desk.work("import_prices", reason=reason) as work:
        kind = told.draft or told.draft_id is not None
        done = import_prices(
            work,
            code=told.code,
            opened=opened,
            first_day=told.first_day,
            until=until,
            draft=kind,
            draft_id=told.draft_id,
            accepting=accepting,
        )
        if told.draft_id is not None and not told.draft:
            service.put_tariff_in_force(work, draft_id=told.draft_id, accepting=accepting)
        return done


def in_force(
    desk: Desk,
    draft_id: TariffDraftId,
    accepting: frozenset[str] = frozenset(),
    reason: str = "",
) -> None:
    """Make a draft a version of its list."""
    with desk.work("put_tariff_in_force", reason=reason) as work:
        service.put_tariff_in_force(work, draft_id=draft_id, accepting=accepting)


def dropped(desk: Desk, draft_id: TariffDraftId) -> None:
    """Give a draft up."""
    desk.do(service.drop_tariff_draft, draft_id=draft_id)


def begun(desk: Desk) -> int:
    """Begin the catalogue with the country's list; return how many services."""
    with desk.read() as connection:
        language = scheme_on(connection, desk.today).language
    return desk.do(start_catalogue, language=language)


# Papers


def wall_paper(desk: Desk, held: Listed, plan_id: PlanId | None, *, large: bool) -> bytes:
    """Draw the list for the centre's wall, with what a plan's members pay.

    Raises:
        Refusal: when the plan has no package on that day.
    """
    day = max(held.first_day, desk.today)
    with desk.read() as connection:
        package = None if plan_id is None else package_on(connection, plan_id, day)
        if plan_id is not None and package is None:
            raise Refusal(
                Text(
                    N_("This plan has no package on {day}. Give it one, or choose another day."),
                    {"day": day},
                ),
                field="plan",
            )
        coin = country(desk.country).number("cash_round", desk.today)
        lines = wall_lines(connection, held.prices, package=package, coin=coin)
        scheme = scheme_on(connection, desk.today)
    name = "" if package is None else package.name
    return wall_list_pdf(
        WallHead(held.code, held.first_day, desk.currency, name),
        lines,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
        large=large,
    )


def comparison_paper(desk: Desk, told: Compared) -> bytes:
    """Draw two lists side by side."""
    with desk.read() as connection:
        scheme = scheme_on(connection, desk.today)
    return comparison_listing(told, scheme.language).pdf(
        scheme.language, scheme=scheme.name, practice=desk.practice, printed_on=desk.today
    )
