"""Commands of care: providers, price lists, packages."""

import argparse
from datetime import date
from typing import Any

from stepdesk.cli.shared import DONE, day_of, desk_of, put, word_of
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text


def provider_add(told: argparse.Namespace) -> int:
    """Add a care provider, and sign an agreement with it when a price list is named."""
    from stepdesk.providers.terms import Kind
    from stepdesk.values.care import CareType, Level

    level, kind = _word(Level, told.level, "level"), _word(Kind, told.kind, "kind")
    word_of(CareType, told.care, "care")
    if told.tariff is not None and told.first_day is None:
        raise Refusal(Text(N_("Say with --from when the agreement begins.")), field="from")
    if told.tariff is None and (told.first_day or told.until):
        raise Refusal(Text(N_("Days belong to an agreement: add --tariff.")), field="tariff")
    with desk_of(told) as desk, desk.work("add_provider") as work:
        answer = _added(work, told, level, kind)
    signed = f" Agreement from {answer['from']} at {told.tariff}." if told.tariff else ""
    put(told, answer, f"{told.code}: {told.name}.{signed}")
    return DONE


def _added(work: Any, told: argparse.Namespace, level: Any, kind: Any) -> dict[str, object]:  # noqa: ANN401
    from stepdesk.providers.queries import tariff_of_code
    from stepdesk.providers.service import add_provider, sign_agreement
    from stepdesk.providers.terms import Agreement, Contact, ProviderState
    from stepdesk.values.care import CareType
    from stepdesk.values.ids import AgreementId

    provider_id = add_provider(
        work,
        code=told.code,
        name=told.name,
        level=level,
        kind=kind,
        care=word_of(CareType, told.care, "care"),
        contact=Contact(
            told.address or "", told.phone or "", told.bank or "", told.bank_account or ""
        ),
        state=None if told.state is None else word_of(ProviderState, told.state, "state"),
    )
    answer: dict[str, object] = {"provider": provider_id, "agreement": None}
    if told.tariff is None:
        return answer
    tariff_id = tariff_of_code(work.connection, told.tariff)
    if tariff_id is None:
        raise _unknown(
            N_("There is no price list {code}. Bring it in first."), told.tariff, "tariff"
        )
    asked = Agreement(
        AgreementId(b""), provider_id, tariff_id, day_of(told.first_day, "from"), _until(told)
    )
    answer["agreement"] = sign_agreement(work, agreement=asked)
    return {**answer, "from": asked.first_day, "until": asked.until}


def plan_named(desk: Any, code: str | None) -> Any:  # noqa: ANN401
    """Return the plan of a code; None for none."""
    from stepdesk.contributions.queries import plans

    if code is None:
        return None
    for plan_id, versions in desk.ask(plans).items():
        if versions[0].code == code:
            return plan_id
    raise _unknown(N_("There is no plan {code}. Check the code."), code, "plan")


def _unknown(message: str, code: str, field: str) -> Refusal:
    return Refusal(Text(message, {"code": code}), field=field)


def _until(told: argparse.Namespace) -> date | None:
    return day_of(told.until, "until") if told.until else None


def _word(words: Any, told: str, field: str) -> Any:  # noqa: ANN401
    found = {one.value: one for one in words}
    if told.upper() not in found:
        raise Refusal(
            Text(
                N_("{told} is not known. Write one of: {words}."),
                {"told": told, "words": ", ".join(found)},
            ),
            field=field,
        )
    return found[told.upper()]
