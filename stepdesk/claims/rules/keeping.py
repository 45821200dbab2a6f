"""Facts kept with a decision as text, and read again.

What is at its default is left out, so that what an older version kept still means the same.
"""

import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any

from stepdesk.benefits.terms import (
    BenefitRule,
    Composition,
    Copay,
    DeductibleScope,
    LimitKind,
    LimitOver,
    PriceOrigin,
)
from stepdesk.claims.terms import (
    ClaimFacts,
    LimitFacts,
    LineFacts,
)
from stepdesk.providers.terms import PaymentMode
from stepdesk.rights.terms import ReasonCode, Stopped
from stepdesk.values.care import CareType, ClaimCategory
from stepdesk.values.ids import ServiceId

# Kept

_written = json.JSONEncoder(separators=(",", ":")).encode
_rare = attrgetter(
    *("approved_quantity", "approved_price", "review_code", "package", "own", "item", "category"),
    *("largest", "too_soon", "outside", "composition", "parts", "index", "apart", "inside"),
    "stopped",
)
_NOTHING_RARE = _rare(LineFacts(ServiceId(b""), 1, 0, None, None))
"""What most lines have nothing of: the defaults."""


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
        "limits": [_packed_limit(limit) for limit in facts.limits] or None,
        "packages": list(facts.packages) or None,
        "in_order": sorted(facts.in_order) or None,
        "mode": _unlike(facts.mode, PaymentMode.FEE_FOR_SERVICE),
        "discount": facts.discount or None,
        "days": None if facts.days == 1 else facts.days,
        "promised": facts.promised,
    }
    return _written(_given(told))


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
    }
    if _rare(line) != _NOTHING_RARE:
        told |= _packed_rare(line)
    if rule is not None:
        told["rule"] = _packed_rule(rule)
    return _given(told)


def _packed_rare(line: LineFacts) -> dict[str, object]:
    return {
        "approved_quantity": line.approved_quantity,
        "approved_price": line.approved_price,
        "review": _value(line.review_code),
        "package": line.package or None,
        "own": list(line.own) or None,
        "item": int(line.item) or None,
        "category": _value(line.category),
        "largest": line.largest,
        "too_soon": int(line.too_soon) or None,
        "outside": int(line.outside) or None,
        "composition": _unlike(line.composition, Composition.SINGLE),
        "parts": [[service.hex(), count] for service, count in line.parts] or None,
        "index": line.index,
        "apart": int(line.apart) or None,
        "inside": int(line.inside) or None,
        "stopped": _packed_stopped(line.stopped),
    }


def _packed_rule(rule: BenefitRule) -> dict[str, object]:
    return _given(
        {
            "covered": None if rule.covered else 0,
            "copay": rule.copay.value,
            "value": rule.copay_value or None,
            "deductible": rule.deductible or None,
            "scope": _unlike(rule.deductible_scope, DeductibleScope.ACT),
            "act": rule.cap_act,
            "episode": rule.cap_episode,
            "exclusion": rule.exclusion or None,
            "origin": _unlike(rule.price_origin, PriceOrigin.LIST),
        }
    )


def _packed_stopped(told: Stopped | None) -> list[object] | None:
    return None if told is None else [told.code.value, told.through.isoformat(), told.days]


def _packed_limit(limit: LimitFacts) -> dict[str, object]:
    return _given(
        {
            "kind": limit.kind.value,
            "limit": limit.limit,
            "left": limit.left,
            "over": _value(limit.over),
            "care": _unlike(limit.care, CareType.BOTH),
            "category": _value(limit.category),
            "package": limit.package or None,
        }
    )


def _value(word: Enum | None) -> str | None:
    return None if word is None else str(word.value)


def _unlike(word: Enum, usual: Enum) -> str | None:
    return None if word is usual else str(word.value)


def _given(told: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if value is not None}


# Read again


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
        limits=tuple(_unpacked_limit(limit) for limit in whole.get("limits", ())),
        packages=tuple(whole.get("packages", ())),
        in_order=frozenset(whole.get("in_order", ())),
        mode=PaymentMode(whole.get("mode", "FEE_FOR_SERVICE")),
        discount=whole.get("discount", 0),
        days=whole.get("days", 1),
        promised=whole.get("promised"),
    )


def _unpacked_limit(told: Mapping[str, Any]) -> LimitFacts:
    over, category = told.get("over"), told.get("category")
    return LimitFacts(
        kind=LimitKind(told["kind"]),
        limit=told["limit"],
        left=told["left"],
        over=None if over is None else LimitOver(over),
        care=CareType(told.get("care", "BOTH")),
        category=None if category is None else ClaimCategory(category),
        package=told.get("package", 0),
    )


@lru_cache(maxsize=1024)
def _unpacked_rule(service_id: ServiceId, *kept: tuple[str, Any]) -> BenefitRule:
    """Return a rule from what was kept of it; most lines of most claims have one of a few."""
    told = dict(kept)
    return BenefitRule(
        service_id=service_id,
        covered=bool(told.get("covered", 1)),
        copay=Copay(told["copay"]),
        copay_value=told.get("value", 0),
        deductible=told.get("deductible", 0),
        deductible_scope=DeductibleScope(told.get("scope", "ACT")),
        cap_act=told.get("act"),
        cap_episode=told.get("episode"),
        exclusion=told.get("exclusion", ""),
        price_origin=PriceOrigin(told.get("origin", "LIST")),
    )


def _unpacked_stopped(told: list[Any] | None) -> Stopped | None:
    if told is None:
        return None
    code, through, days = told
    return Stopped(ReasonCode(code), date.fromisoformat(through), days)


def _unpacked_line(line: Mapping[str, Any]) -> LineFacts:
    service_id = ServiceId(bytes.fromhex(line["service"]))
    rule, review, category = line.get("rule"), line.get("review"), line.get("category")
    return LineFacts(
        service_id=service_id,
        quantity=line["quantity"],
        unit_price=line["price"],
        tariff=line.get("tariff"),
        rule=None if rule is None else _unpacked_rule(service_id, *rule.items()),
        refused=tuple(ReasonCode(code) for code in line.get("refused", ())),
        left_count=line.get("count"),
        left_deductible=line.get("deductible", 0),
        left_year=line.get("year"),
        left_household=line.get("household"),
        approved_quantity=line.get("approved_quantity"),
        approved_price=line.get("approved_price"),
        review_code=None if review is None else ReasonCode(review),
        package=line.get("package", 0),
        own=tuple(line.get("own", ())),
        item=bool(line.get("item", 0)),
        category=None if category is None else ClaimCategory(category),
        largest=line.get("largest"),
        too_soon=bool(line.get("too_soon", 0)),
        outside=bool(line.get("outside", 0)),
        composition=Composition(line.get("composition", "SINGLE")),
        parts=tuple(
            (ServiceId(bytes.fromhex(service)), count) for service, count in line.get("parts", ())
        ),
        index=line.get("index"),
        apart=bool(line.get("apart", 0)),
        inside=bool(line.get("inside", 0)),
        stopped=_unpacked_stopped(line.get("stopped")),
    )
