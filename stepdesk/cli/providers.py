"""Commands of providers and agreements."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stepdesk.cli.claims import provider_named
from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    amount_of,
    check_writable,
    day_of,
    desk_of,
    named_and_spoken,
    nested,
    percent_of,
    plain,
    put,
    tariff_named,
    word_of,
    write_file,
)
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, speak

_CONTACT = ("address", "phone", "bank", "bank_account")


def add_arguments(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands of providers and of agreements."""
    acts = nested(commands, signed, "provider", "Care providers.")
    _provider_acts(acts)
    acts = nested(commands, signed, "agreement", "Agreements with providers.")
    _agreement_acts(acts)


def _provider_acts(acts: Callable[..., argparse.ArgumentParser]) -> None:
    one = acts("add", provider_add)
    one.add_argument("code")
    one.add_argument("--name", required=True)
    one.add_argument("--level", required=True, help="POST, CENTRE, DISTRICT_HOSPITAL…")
    one.add_argument("--kind", required=True, help="PUBLIC, CHARITY, PRIVATE")
    one.add_argument("--state", help="CANDIDATE or NEGOTIATING; contracted when left out")
    one.add_argument("--care", default="BOTH", help="IN, OUT, BOTH")
    _contact_arguments(one)
    one.add_argument("--tariff", metavar="CODE", help="signs an agreement at these prices")
    one.add_argument("--from", metavar="DATE", dest="first_day")
    one.add_argument("--until", metavar="DATE", help="the end, not included")
    one = acts("change", provider_change)
    one.add_argument("code")
    one.add_argument("--name", help="from today on; the former one is kept")
    for name in ("level", "kind", "care"):
        one.add_argument(f"--{name}")
    _contact_arguments(one)
    one = acts("step", provider_step)
    one.add_argument("code")
    one.add_argument("state", help="NEGOTIATING, CONTRACTED, SUSPENDED, ENDED")
    one.add_argument("--reason", required=True)
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one = acts("show", provider_show)
    one.add_argument("code", nargs="?")
    one = acts("pad", provider_pad)
    one.add_argument("code")
    one.add_argument("number", type=int, help="of the booklet of certificates it was given")
    _paper(one)


def _contact_arguments(one: argparse.ArgumentParser) -> None:
    for name in _CONTACT:
        one.add_argument(f"--{name.replace('_', '-')}")


def _paper(one: argparse.ArgumentParser) -> None:
    one.add_argument("--pdf", type=Path, metavar="FILE", required=True)
    one.add_argument("--language", metavar="LL", help="the scheme's when left out")


def _agreement_acts(acts: Callable[..., argparse.ArgumentParser]) -> None:
    one = acts("draft", agreement_draft)
    one.add_argument("provider")
    _terms(one)
    one.add_argument("--draft", metavar="ID", help="the draft that is changed")
    one = acts("sign", agreement_sign)
    one.add_argument("provider")
    _terms(one)
    one.add_argument("--draft", metavar="ID", help="the draft that is signed as it stands")
    one.add_argument("--scan", type=Path, metavar="FILE", help="PDF, JPEG or PNG")
    one = acts("renew", agreement_renew)
    one.add_argument("provider")
    one.add_argument("--until", metavar="DATE", help="as long as the former when left out")
    one.add_argument("--scan", type=Path, metavar="FILE")
    one = acts("end", agreement_end)
    one.add_argument("provider")
    one.add_argument("--until", metavar="DATE", required=True, help="the first day without it")
    one.add_argument("--reason", required=True)
    one = acts("drop", agreement_drop)
    one.add_argument("draft", metavar="ID")
    one = acts("scan", agreement_scan)
    one.add_argument("provider")
    one.add_argument("file", type=Path)
    one = acts("list", agreement_list)
    one.add_argument("provider", nargs="?")
    one.add_argument("--expiring", action="store_true", help="only those that run out soon")
    one = acts("print", agreement_print)
    one.add_argument("provider")
    one.add_argument("--draft", metavar="ID", help="the one that holds today when left out")
    _paper(one)


def _terms(one: argparse.ArgumentParser) -> None:
    one.add_argument("--tariff", metavar="CODE")
    one.add_argument("--from", metavar="DATE", dest="first_day")
    one.add_argument("--until", metavar="DATE", help="the end, not included")
    one.add_argument("--mode", help="FEE_FOR_SERVICE, CASE_FLAT, DAY_RATE, CAPITATION, BUDGET")
    for name in ("payment-days", "late-invoice-days", "invoice-day"):
        one.add_argument(f"--{name}", type=int, metavar="N")
    one.add_argument("--discount", metavar="PERCENT")
    for name in ("head-amount", "budget-amount", "deposit"):
        one.add_argument(f"--{name}", metavar="AMOUNT")
    one.add_argument("--balance-billing", action="store_true", default=None)


# Providers


def provider_add(told: argparse.Namespace) -> int:
    """Add a care provider, and sign an agreement with it when a price list is named."""
    from stepdesk.providers.terms import Kind
    from stepdesk.values.care import CareType, Level

    for words, name in ((Level, "level"), (Kind, "kind"), (CareType, "care")):
        word_of(words, getattr(told, name), name)
    if told.tariff is not None and told.first_day is None:
        raise Refusal(Text(N_("Say with --from when the agreement begins.")), field="from")
    if told.tariff is None and (told.first_day or told.until):
        raise Refusal(Text(N_("Days belong to an agreement: add --tariff.")), field="tariff")
    with desk_of(told) as desk:
        tariff_id = None if told.tariff is None else tariff_named(desk, told.tariff)
        with desk.work("add_provider") as work:
            answer = _added(work, told, tariff_id)
    signed = f" Agreement from {answer['from']} at {told.tariff}." if told.tariff else ""
    put(told, answer, f"{told.code}: {told.name}.{signed}")
    return DONE


def _added(work: Any, told: argparse.Namespace, tariff_id: Any) -> dict[str, object]:  # noqa: ANN401
    from stepdesk.providers.service import add_provider, sign_agreement
    from stepdesk.providers.terms import Agreement, Contact, Kind, ProviderState
    from stepdesk.values.care import CareType, Level
    from stepdesk.values.ids import AgreementId

    provider_id = add_provider(
        work,
        code=told.code,
        name=told.name,
        level=word_of(Level, told.level, "level"),
        kind=word_of(Kind, told.kind, "kind"),
        care=word_of(CareType, told.care, "care"),
        contact=Contact(*(getattr(told, name) or "" for name in _CONTACT)),
        state=None if told.state is None else word_of(ProviderState, told.state, "state"),
    )
    if tariff_id is None:
        return {"provider": provider_id, "agreement": None}
    asked = Agreement(
        AgreementId(b""),
        provider_id,
        tariff_id,
        day_of(told.first_day, "from"),
        day_of(told.until, "until") if told.until else None,
    )
    agreement_id = sign_agreement(work, agreement=asked)
    return {
        "provider": provider_id,
        "agreement": agreement_id,
        "from": asked.first_day,
        "until": asked.until,
    }


def provider_change(told: argparse.Namespace) -> int:
    """Correct what is known of a provider; its former name stays readable."""
    from stepdesk.providers.service import change_provider, rename_provider
    from stepdesk.providers.terms import Kind
    from stepdesk.values.care import CareType, Level

    with desk_of(told) as desk:
        held = provider_named(desk, told.code)
        told_contact = {
            name: getattr(told, name) for name in _CONTACT if getattr(told, name) is not None
        }
        with desk.work("change_provider") as work:
            found = change_provider(
                work,
                provider_id=held.id,
                level=None if told.level is None else word_of(Level, told.level, "level"),
                kind=None if told.kind is None else word_of(Kind, told.kind, "kind"),
                care=None if told.care is None else word_of(CareType, told.care, "care"),
                contact=replace(held.contact, **told_contact),
            )
            if told.name is not None:
                found = rename_provider(work, provider_id=held.id, name=told.name)
    put(told, {"provider": found}, f"{found.code}: {found.name}.")
    return DONE


def provider_step(told: argparse.Namespace) -> int:
    """Move a provider to another state from a day on: suspended, contracted again, ended."""
    from stepdesk.providers.service import step_provider
    from stepdesk.providers.terms import ProviderState

    state = word_of(ProviderState, told.state, "state")
    with desk_of(told) as desk:
        held = provider_named(desk, told.code)
        step = desk.do(
            step_provider,
            provider_id=held.id,
            state=state,
            reason=told.reason,
            day=day_of(told.on, "on") if told.on else None,
        )
    put(told, {"step": step}, f"{held.code}: {step.state.value} from {step.day} on.")
    return DONE


def provider_show(told: argparse.Namespace) -> int:
    """List the providers, or show one with its steps, names and agreements."""
    from stepdesk.providers.queries import (
        agreement_states,
        provider_names,
        provider_steps,
        providers,
    )

    with desk_of(told) as desk:
        known = tuple(desk.ask(providers, desk.today).values())
        if told.code is None:
            lines = [
                f"{one.code}  {one.name}, {one.level.value}, {one.state.value}" for one in known
            ]
            put(told, {"providers": known}, "\n".join(lines) or "No provider.")
            return DONE
        asked = provider_named(desk, told.code)
        held = next(one for one in known if one.id == asked.id)
        steps = desk.ask(provider_steps, held.id)
        names = desk.ask(provider_names, held.id)
        agreed = desk.ask(agreement_states, held.id, desk.today)
    lines = [
        f"{held.code}  {held.name}, {held.level.value}, {held.kind.value}, {held.care.value}: "
        f"{held.state.value}",
        *(f"  {one.day}  {one.state.value}  {one.reason}".rstrip() for one in steps),
        *(f"  {one.day}  {one.former} became {one.name}" for one in names),
        *(f"  {_days(one)}  {one.mode.value}, {state.value}" for one, state in agreed),
    ]
    answer = {
        "provider": held,
        "steps": steps,
        "names": names,
        "agreements": [{**plain(one), "state": state} for one, state in agreed],
    }
    put(told, answer, "\n".join(lines))
    return DONE


def provider_pad(told: argparse.Namespace) -> int:
    """Print the leaves of a booklet of certificates a provider was given."""
    from stepdesk.claims.papers import certificate_pad_pdf
    from stepdesk.contributions.queries import booklet_by_number, booklet_state
    from stepdesk.contributions.terms import Stationery

    check_writable(told.pdf)
    with desk_of(told) as desk:
        held = provider_named(desk, told.code)
        booklet_id = desk.ask(booklet_by_number, told.number, Stationery.CERTIFICATE)
        state = None if booklet_id is None else desk.ask(booklet_state, booklet_id)
        if state is None or state.holder.provider_id != held.id:
            raise Refusal(
                Text(
                    N_("{provider} was not given this booklet. Give it out first."),
                    {"provider": held.code},
                ),
                field="number",
            )
        scheme, language = named_and_spoken(desk, told)
        write_file(
            told.pdf,
            certificate_pad_pdf(
                state.booklet, held.name, language, scheme=scheme, practice=desk.practice
            ),
        )
    leaves = state.booklet.leaves
    put(told, {"leaves": leaves}, f"{leaves} leaves in {told.pdf}")
    return DONE


# Agreements


def agreement_draft(told: argparse.Namespace) -> int:
    """Keep what is being talked about with a provider; it pays nothing until it is signed."""
    from stepdesk.providers.service import draft_agreement

    with desk_of(told) as desk:
        held = provider_named(desk, told.provider)
        draft = None if told.draft is None else _draft(desk, told.draft)
        terms = _agreed(desk, told, held, None if draft is None else draft.terms)
        draft_id = desk.do(
            draft_agreement, terms=terms, draft_id=None if draft is None else draft.id
        )
    put(told, {"draft": draft_id}, f"Draft {draft_id.hex()} with {held.name}.")
    return DONE


def agreement_sign(told: argparse.Namespace) -> int:
    """Sign an agreement, by its terms or by a draft."""
    from stepdesk.providers.queries import agreement_of_id
    from stepdesk.providers.service import sign_agreement, sign_draft

    scan = _read(told.scan)
    with desk_of(told) as desk:
        held = provider_named(desk, told.provider)
        if told.draft is not None:
            draft = _draft(desk, told.draft)
            if draft.terms.provider_id != held.id:
                raise _no_draft()
            signed = desk.do(sign_draft, draft_id=draft.id, scan=scan)
        else:
            signed = desk.do(sign_agreement, agreement=_agreed(desk, told, held, None), scan=scan)
        agreement = desk.ask(agreement_of_id, signed)
    put(told, {"agreement": agreement}, f"{held.name}: agreement {_days(agreement)}.")
    return DONE


def agreement_renew(told: argparse.Namespace) -> int:
    """Sign an agreement that follows the last one, on the same terms."""
    from stepdesk.providers.queries import agreement_of_id
    from stepdesk.providers.service import renew_agreement

    scan = _read(told.scan)
    with desk_of(told) as desk:
        held = provider_named(desk, told.provider)
        renewed = desk.do(
            renew_agreement,
            agreement_id=_last(desk, held).id,
            until=day_of(told.until, "until") if told.until else None,
            scan=scan,
        )
        agreement = desk.ask(agreement_of_id, renewed)
    put(told, {"agreement": agreement}, f"{held.name}: agreement {_days(agreement)}.")
    return DONE


def agreement_end(told: argparse.Namespace) -> int:
    """End the agreement with a provider before its time."""
    from stepdesk.providers.service import end_agreement

    with desk_of(told) as desk:
        held = provider_named(desk, told.provider)
        ended = desk.do(
            end_agreement,
            agreement_id=_last(desk, held).id,
            until=day_of(told.until, "until"),
            reason=told.reason,
        )
    put(told, {"agreement": ended}, f"{held.name}: agreement {_days(ended)}.")
    return DONE


def agreement_drop(told: argparse.Namespace) -> int:
    """Give a draft up."""
    from stepdesk.providers.service import drop_agreement_draft

    with desk_of(told) as desk:
        draft = _draft(desk, told.draft)
        desk.do(drop_agreement_draft, draft_id=draft.id)
    put(told, {"dropped": draft.id}, "The draft was given up.")
    return DONE


def agreement_scan(told: argparse.Namespace) -> int:
    """Keep the signed paper of a provider's last agreement."""
    from stepdesk.providers.service import attach_scan

    scan = _read(told.file)
    with desk_of(told) as desk:
        held = provider_named(desk, told.provider)
        found = desk.do(attach_scan, agreement_id=_last(desk, held).id, scan=scan)
    put(told, {"scan": found}, f"{held.name}: the scan is kept.")
    return DONE


def agreement_list(told: argparse.Namespace) -> int:
    """List agreements with where they stand, and drafts; or those that run out within 60 days."""
    from stepdesk.providers.queries import (
        agreement_drafts,
        agreement_states,
        expiring_agreements,
        providers,
    )

    with desk_of(told) as desk:
        asked = None if told.provider is None else provider_named(desk, told.provider).id
        if told.expiring:
            soon = [
                one
                for one in desk.ask(expiring_agreements, desk.today)
                if asked in {None, one.provider.id}
            ]
            lines = [
                f"{one.provider.code}  {_days(one.agreement)}: {one.days} days left"
                for one in soon
            ]
            put(told, {"expiring": soon}, "\n".join(lines) or "None runs out soon.")
            return DONE
        names = desk.ask(providers, desk.today)
        shown = [one for one in names if asked in {None, one}]
        agreed = [
            (names[one].code, agreement, state)
            for one in shown
            for agreement, state in desk.ask(agreement_states, one, desk.today)
        ]
        drafts = desk.ask(agreement_drafts, asked)
    lines = [
        f"{code}  {_days(one)}  {one.mode.value}, {state.value}" for code, one, state in agreed
    ]
    lines += [
        f"{names[one.terms.provider_id].code}  {_days(one.terms)}  draft {one.id.hex()}"
        for one in drafts
    ]
    answer = {
        "agreements": [{"provider": code, **plain(one), "state": s} for code, one, s in agreed],
        "drafts": drafts,
    }
    put(told, answer, "\n".join(lines) or "No agreement.")
    return DONE


def agreement_print(told: argparse.Namespace) -> int:
    """Print the summary of an agreement, to be signed by both."""
    from stepdesk.providers.papers import AgreementSheet, agreement_pdf
    from stepdesk.providers.queries import agreement_states, tariffs
    from stepdesk.providers.terms import AgreementState

    check_writable(told.pdf)
    with desk_of(told) as desk:
        held = provider_named(desk, told.provider)
        if told.draft is not None:
            terms, state = _draft(desk, told.draft).terms, AgreementState.DRAFT
            if terms.provider_id != held.id:
                raise _no_draft()
        else:
            last = _last(desk, held)
            found = desk.ask(agreement_states, held.id, desk.today)
            terms, state = next(pair for pair in found if pair[0].id == last.id)
        scheme, language = named_and_spoken(desk, told)
        code = desk.ask(tariffs)[terms.tariff_id]
        sheet = AgreementSheet(scheme, held, terms, code, state, desk.currency)
        write_file(
            told.pdf,
            agreement_pdf(sheet, language, practice=desk.practice, printed_on=desk.today),
        )
    put(told, {"state": state}, f"{held.name}: {speak(Text(state.value), LANGUAGE)} in {told.pdf}")
    return DONE


# What they share


def _agreed(desk: Any, told: argparse.Namespace, held: Any, base: Any) -> Any:  # noqa: ANN401
    """Return the terms that were told; of a draft that is changed, what is not told stays."""
    from stepdesk.providers.terms import Agreement
    from stepdesk.values.ids import AgreementId

    found = {
        field: read(desk, getattr(told, name))
        for name, (field, read) in _READ.items()
        if getattr(told, name) is not None
    }
    if base is not None:
        return replace(base, **found)
    for name, option in (("tariff_id", "tariff"), ("first_day", "from")):
        if name not in found:
            raise Refusal(
                Text(N_("Say with --{option} what was agreed."), {"option": option}), field=option
            )
    return Agreement(id=AgreementId(b""), provider_id=held.id, **found)


def _mode(_desk: Any, told: str) -> Any:  # noqa: ANN401
    from stepdesk.providers.terms import PaymentMode

    return word_of(PaymentMode, told, "mode")


def _minor(name: str) -> Callable[[Any, str], Any]:
    return lambda desk, told: amount_of(told, desk.currency, name).minor


def _as_told(_desk: Any, told: Any) -> Any:  # noqa: ANN401
    return told


# The option, the term it is, and how it is read.
_READ: Mapping[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "tariff": ("tariff_id", tariff_named),
    "first_day": ("first_day", lambda _desk, told: day_of(told, "from")),
    "until": ("until", lambda _desk, told: day_of(told, "until")),
    "mode": ("mode", _mode),
    "discount": ("discount", lambda _desk, told: percent_of(told, "discount")),
    **{name: (name, _minor(name)) for name in ("head_amount", "budget_amount", "deposit")},
    **{
        name: (name, _as_told)
        for name in ("payment_days", "late_invoice_days", "invoice_day", "balance_billing")
    },
}


def _last(desk: Any, held: Any) -> Any:  # noqa: ANN401
    """Return a provider's last agreement that was not taken back."""
    from stepdesk.providers.queries import agreements

    found = [
        one
        for one in desk.ask(agreements, held.id)
        if one.until is None or one.until > one.first_day
    ]
    if not found:
        raise Refusal(
            Text(N_("There is no agreement with {provider}. Sign one."), {"provider": held.code}),
            field="provider",
        )
    return found[-1]


def _draft(desk: Any, told: str) -> Any:  # noqa: ANN401
    from stepdesk.providers.queries import agreement_drafts

    for one in desk.ask(agreement_drafts):
        if one.id.hex() == told.strip().lower():
            return one
    raise _no_draft()


def _no_draft() -> Refusal:
    return Refusal(
        Text(N_("There is no such draft, or it was signed already. Look at the list of drafts.")),
        field="draft",
    )


def _days(agreement: Any) -> str:  # noqa: ANN401
    return f"from {agreement.first_day} until {agreement.until or '…'}"


def _read(path: Path | None) -> Any:  # noqa: ANN401
    if path is None:
        return None
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Refusal(
            Text(N_("There is no file {name}. Choose another one."), {"name": path.name}),
            field="scan",
        ) from None
    except OSError as error:
        raise Trouble(
            Text(N_("{name} cannot be read. Check the name and the stick."), {"name": path.name})
        ) from error
