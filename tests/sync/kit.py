"""What the tests of the wire share: fixed keys, a month's figures, a bundle."""

import os
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stepdesk.sync.wire import content
from stepdesk.sync.wire.bundle import Release, Sealed, seal_bundle
from stepdesk.sync.wire.cells import TABLES, Kind
from stepdesk.sync.wire.content import Return, SizeClass
from stepdesk.sync.wire.keys import BranchCard, BranchKeys, Certificate, SchemeKeys
from stepdesk.values.month import Month

OCTOBER = Month(2026, 10)
NOON = datetime(2026, 11, 7, 12, tzinfo=UTC)


def figures(*, seed: int = 1, counts: int = 3, money: int = 6) -> dict[str, tuple[int, ...]]:
    """Every cell of every table, with that many digits."""
    draw = random.Random(seed)
    digits = {Kind.COUNT: counts, Kind.MONEY: money}

    def one(kind: Kind) -> int:
        return draw.randrange(10 ** (digits[kind] - 1), 10 ** digits[kind])

    return {table.code: tuple(one(cell.kind) for cell in table.cells) for table in TABLES.values()}


def a_return(**told: Any) -> Return:
    fields: dict[str, Any] = {
        "scheme": bytes(range(16)),
        "country": "SN",
        "currency": "XOF",
        "period": OCTOBER,
        "rev": 0,
        "policy": "practice-0",
        "practice": False,
        "size_class": SizeClass.M,
        "cells": {"m_total": (203, 611), "m_sex": (320, None), "e_money": (1, 2, 3, 4, -5, 6, 7)},
    }
    return Return(**{**fields, **told})


@dataclass
class Sender:
    """A scheme with a person in front of its desk."""

    keys: SchemeKeys = field(default_factory=SchemeKeys.new)
    person: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    scheme: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def person_key(self) -> bytes:
        return self.person.public_key().public_bytes_raw()

    def certificate(self, *revoked: bytes) -> Certificate:
        return self.keys.certify(scheme=self.scheme, sender_key=self.person_key, revoked=revoked)

    def release(self, seq: int = 1, prev: bytes | None = None, **told: Any) -> Release:
        if seq > 1 and prev is None:
            prev = sha256(str(seq).encode()).digest()
        made = a_return(**{"scheme": self.scheme, **told})
        return Release(content.encode(made), seq, prev)

    def bundle(self, card: BranchCard, *releases: Release, **told: Any) -> Sealed:
        fields: dict[str, Any] = {
            "card": card,
            "certificate": self.certificate(),
            "sender": self.person,
            "bundle_seq": 1,
            "device": "A",
            "incarnation": 1,
            "wall": NOON,
            "business": date(2026, 11, 7),
            "app": "0.1.0",
        }
        return seal_bundle(releases or (self.release(),), **{**fields, **told})


def practice_card(keys: BranchKeys) -> BranchCard:
    return keys.card(name="Branch of Thiès", practice=True)
