"""Providers: they are added, corrected, renamed, and go from step to step."""

from dataclasses import fields
from datetime import date

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.providers import queries, rules
from stepdesk.providers.model import provider, provider_name, provider_step
from stepdesk.providers.terms import Contact, Kind, Provider, ProviderState, ProviderStep
from stepdesk.store.work import Work
from stepdesk.values.care import CareType, Level
from stepdesk.values.ids import ProviderId
from stepdesk.values.month import Month

_NO_CODE = Text(N_("Give it a code."))
_NO_NAME = Text(N_("Give the provider a name."))
_NOBODY = Text(N_("There is no such provider. Choose one from the list."))
_LONGEST = 200


def add_provider(
    work: Work,
    *,
    code: str,
    name: str,
    level: Level,
    kind: Kind,
    legacy_code: str | None = None,
    care: CareType = CareType.BOTH,
    contact: Contact | None = None,
    state: ProviderState | None = None,
) -> ProviderId:
    """Add a care provider; it is paid once an agreement with it is signed.

    Args:
        work: The work.
        code: People's short name for it, for ever.
        name: As it stands on papers.
        level: How much it can do.
        kind: Who keeps it.
        legacy_code: Its code in a former system.
        care: In-patients, out-patients, or both.
        contact: Where it is found and paid.
        state: A candidate or one that is talked with; contracted when left out.

    Raises:
        Refusal: no code, a code that is taken (in capitals or not), no name, a line that is too
            long, a state nobody begins in.
    """
    plain, called = code.strip(), _plain(name)
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
        raise Refusal(_NO_NAME, field="name")
    if state in rules.CLOSED:
        raise Refusal(
            Text(
                N_(
                    "A new provider is not suspended or ended. Choose candidate, being talked with, or contracted."
                )
            ),
            field="state",
        )
    provider_id = ProviderId(work.new_id())
    work.insert(
        provider,
        id=provider_id,
        code=plain,
        name=called,
        level=level,
        kind=kind,
        legacy_code=legacy_code,
        care=care,
        **_contact(contact or Contact()),
    )
    if state is not None:
        write_step(work, provider_id, ProviderStep(state, work.today, ""))
    return provider_id


def change_provider(
    work: Work,
    *,
    provider_id: ProviderId,
    level: Level | None = None,
    kind: Kind | None = None,
    care: CareType | None = None,
    contact: Contact | None = None,
) -> Provider:
    """Correct what is known of a provider; what is left out stays. Its former values are kept.

    Raises:
        Refusal: no such provider, a line that is too long.
    """
    _known(work, provider_id)
    told: dict[str, object] = {"level": level, "kind": kind, "care": care}
    changes = {name: value for name, value in told.items() if value is not None}
    work.update(provider, provider_id, **changes, **({} if contact is None else _contact(contact)))
    return _known(work, provider_id)


def rename_provider(work: Work, *, provider_id: ProviderId, name: str) -> Provider:
    """Give a provider another name from today on; the former one stays readable.

    Raises:
        Refusal: no such provider, no name, the name it has.
    """
    held, called = _known(work, provider_id), _plain(name)
    if not called:
        raise Refusal(_NO_NAME, field="name")
    if called == held.name:
        raise Refusal(Text(N_("It is called so already. Type the new name.")), field="name")
    work.insert(
        provider_name,
        id=work.new_id(),
        provider_id=provider_id,
        former=held.name,
        name=called,
        day=work.today,
    )
    work.update(provider, provider_id, name=called)
    return _known(work, provider_id)


def step_provider(
    work: Work,
    *,
    provider_id: ProviderId,
    state: ProviderState,
    reason: str,
    day: date | None = None,
) -> ProviderStep:
    """Move a provider to another state from a day on; care of a suspended one is not payable.

    Args:
        work: The work.
        provider_id: Which provider.
        state: Where it goes.
        reason: Kept with the step.
        day: From when; today when left out, and it may lie ahead.

    Raises:
        Refusal: no such provider, a step that does not lead there, no reason, a day before the
            last step or in a closed month.
    """
    _known(work, provider_id)
    step = ProviderStep(state, day or work.today, reason.strip())
    steps = queries.provider_steps(work.connection, provider_id)
    stands = rules.state_on(steps)
    if state not in rules.STEPS[stands]:
        raise Refusal(_no_way(stands, state), field="state")
    if not step.reason:
        raise Refusal(Text(N_("Write why; the reason is kept with the step.")), field="reason")
    if steps and step.day < steps[-1].day:
        raise Refusal(
            Text(
                N_("The last step was on {day}. Choose that day or a later one."),
                {"day": steps[-1].day},
            ),
            field="day",
        )
    if ledger.is_closed(work, step.day):
        raise Refusal(
            Text(
                N_("{month} is closed. Take the step on {first} or later."),
                {"month": Month.of(step.day), "first": ledger.first_open_day(work)},
            ),
            field="day",
        )
    write_step(work, provider_id, step)
    return step


def write_step(work: Work, provider_id: ProviderId, step: ProviderStep) -> None:
    """Write a step that was checked."""
    work.insert(
        provider_step,
        id=work.new_id(),
        provider_id=provider_id,
        state=step.state,
        day=step.day,
        reason=step.reason,
        noted_by=work.person.staff_id,
    )


_STATE_WORDS = {
    ProviderState.CANDIDATE: Text(N_("a candidate")),
    ProviderState.NEGOTIATING: Text(N_("being talked with")),
    ProviderState.CONTRACTED: Text(N_("contracted")),
    ProviderState.SUSPENDED: Text(N_("suspended")),
    ProviderState.ENDED: Text(N_("no longer contracted")),
}


def _no_way(stands: ProviderState, state: ProviderState) -> Text:
    if stands is state:
        return Text(
            N_("The provider is {state} already. Choose another step."),
            {"state": _STATE_WORDS[state]},
        )
    ways = [one for one in ProviderState if one in rules.STEPS[stands]]
    if len(ways) == 1:
        told = N_("The provider is {stands}. Choose the only step from there: {one}.")
    else:
        told = N_("The provider is {stands}. Choose a step from there: {one} or {other}.")
    values = {"stands": _STATE_WORDS[stands], "one": _STATE_WORDS[ways[0]]}
    return Text(told, {**values, "other": _STATE_WORDS[ways[-1]]})


def _known(work: Work, provider_id: ProviderId) -> Provider:
    found = queries.providers(work.connection).get(provider_id)
    if found is None:
        raise Refusal(_NOBODY, field="provider_id")
    return found


def _plain(told: str) -> str:
    return " ".join(told.split())


def _contact(told: Contact) -> dict[str, object]:
    found: dict[str, object] = {}
    for one in fields(Contact):
        plain = _plain(getattr(told, one.name))
        if len(plain) > _LONGEST:
            raise Refusal(
                Text(
                    N_("This line is too long. Keep it under {most} letters."), {"most": _LONGEST}
                ),
                field=one.name,
            )
        found[one.name] = plain or None
    return found
