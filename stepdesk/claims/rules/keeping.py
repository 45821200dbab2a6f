"""Facts kept with a decision as text, and read again."""

import json
from collections.abc import Mapping
from typing import Any

from stepdesk.benefits.terms import (
    BenefitRule,
    Copay,
    DeductibleScope,
)
from stepdesk.claims.terms import (
    ClaimFacts,
    LineFacts,
)
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.ids import ServiceId

# Kept and asked again


def packed(facts: ClaimFacts) -> str:
    """Return facts as text that is kept with the decision; what is at its default is left out."""
    told = {
        "lines": [_packed_line(line) for line in facts.lines],
        "cap_episode": facts.cap_episode,
        "left_person": facts.left_person,
        "left_household": facts.left_household,
        "balance_billing": int(facts.balance_billing) or None,
        "coin": facts.coin,
        "pending": [code.value for code in facts.pending] or None,
    }
    return json.dumps(_given(told), separators=(",", ":"))


def _packed_line(line: LineFacts) -> dict[str, object]:
    rule = line.rule
    told: dict[str, object] = {
        "service": line.service_id.hex(),
        "quantity": line.quantity,
        "price": line.unit_price,
        "tariff": line.tariff,
        "refused": [code.value for code in line.refused] or None,
        "count": line.left_count,
        "deductible": line.left_deductible or None,
        "year": line.left_year,
        "household": line.left_household,
        "approved_quantity": line.approved_quantity,
        "approved_price": line.approved_price,
        "review": None if line.review_code is None else line.review_code.value,
    }
    if rule is not None:
        told["rule"] = _given(
            {
                "covered": None if rule.covered else 0,
                "copay": rule.copay.value,
                "value": rule.copay_value or None,
                "deductible": rule.deductible or None,
                "scope": _unlike(rule.deductible_scope, DeductibleScope.ACT),
                "act": rule.cap_act,
                "episode": rule.cap_episode,
                "exclusion": rule.exclusion or None,
            }
        )
    return _given(told)


def _unlike(value: DeductibleScope, usual: DeductibleScope) -> str | None:
    return None if value is usual else value.value


def _given(told: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if value is not None}


def unpacked(told: str) -> ClaimFacts:
    """Return the facts of a kept decision: as far as they decide, those that were packed."""
    whole = json.loads(told)
    return ClaimFacts(
        lines=tuple(_unpacked_line(line) for line in whole["lines"]),
        cap_episode=whole.get("cap_episode"),
        left_person=whole.get("left_person"),
        left_household=whole.get("left_household"),
        balance_billing=bool(whole.get("balance_billing", 0)),
        coin=whole["coin"],
        pending=tuple(ReasonCode(code) for code in whole.get("pending", ())),
    )


def _unpacked_line(line: Mapping[str, Any]) -> LineFacts:
    service_id = ServiceId(bytes.fromhex(line["service"]))
    told = line.get("rule")
    rule = None
    if told is not None:
        rule = BenefitRule(
            service_id=service_id,
            covered=bool(told.get("covered", 1)),
            copay=Copay(told["copay"]),
            copay_value=told.get("value", 0),
            deductible=told.get("deductible", 0),
            deductible_scope=DeductibleScope(told.get("scope", "ACT")),
            cap_act=told.get("act"),
            cap_episode=told.get("episode"),
            exclusion=told.get("exclusion", ""),
        )
    return LineFacts(
        service_id=service_id,
        quantity=line["quantity"],
        unit_price=line["price"],
        tariff=line.get("tariff"),
        rule=rule,
        refused=tuple(ReasonCode(code) for code in line.get("refused", ())),
        left_count=line.get("count"),
        left_deductible=line.get("deductible", 0),
        left_year=line.get("year"),
        left_household=line.get("household"),
        approved_quantity=line.get("approved_quantity"),
        approved_price=line.get("approved_price"),
        review_code=ReasonCode(line["review"]) if "review" in line else None,
    )
