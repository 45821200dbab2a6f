"""The files that travel: to the byte, within their size, and nothing taken from a bad one."""

import json
import re
import struct
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyrage
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdesk.i18n import speak
from stepdesk.sync.wire import canonical, container, content, lifting
from stepdesk.sync.wire.bundle import (
    Bundle,
    Release,
    manifest_bytes,
    open_bundle,
)
from stepdesk.sync.wire.container import FileKind, file_name
from stepdesk.sync.wire.failures import WireError
from stepdesk.sync.wire.keys import (
    BranchCard,
    BranchKeys,
    Certificate,
    SchemeKeys,
    check_recipient,
    fingerprint,
)
from stepdesk.sync.wire.outcome import REASONS, Code, Result, Status
from stepdesk.sync.wire.receipt import Receipt, open_receipt, receipt_bytes, seal_receipt
from stepdesk.values.month import Month
from tests.sync.kit import NOON, OCTOBER, Sender, a_return, figures, practice_card
from tests.sync.test_cells import returns

WIRE = Path(container.__file__).parent
BRANCH = BranchKeys.new()
CARD = practice_card(BRANCH)
SENDER = Sender()


def code_of(read: Callable[[], object]) -> str:
    """The code of the refusal; whatever is read instead fails the test."""
    with pytest.raises(WireError) as refused:
        read()
    # Every refusal is a sentence for people.
    assert speak(refused.value.text, "en").endswith(".")
    return refused.value.code


def with_sum(data: bytes) -> bytes:
    """The file with its checksum made anew, as somebody who alters it on purpose would."""
    return data[:-32] + sha256(data[:-32]).digest()


def flips(data: bytes) -> Iterator[bytes]:
    for at in range(len(data)):
        for bit in range(8):
            yield data[:at] + bytes((data[at] ^ 1 << bit,)) + data[at + 1 :]


# There and back


def test_a_bundle_comes_back_as_it_went() -> None:
    first = SENDER.release(7)
    second = SENDER.release(8, first.id, period=Month(2026, 11))
    acknowledged = [bytes((at,)) * 32 for at in range(20)]
    sealed = SENDER.bundle(
        CARD, first, second, bundle_seq=4, acknowledged=acknowledged, ack_seen=6
    )
    opened = open_bundle(sealed.data, BRANCH)
    assert opened.releases == (first, second)
    assert [one.told.period for one in opened.releases] == [OCTOBER, Month(2026, 11)]
    assert opened.sha256 == sealed.sha256 == sha256(sealed.data).digest()
    told = opened.manifest
    assert told.certificate == SENDER.certificate()
    assert (told.bundle_id, told.bundle_seq, told.ack_seen) == (sealed.bundle_id, 4, 6)
    assert told.acknowledged == tuple(one[:8] for one in acknowledged[-12:])
    assert (told.wall, told.business) == (1794052800, date(2026, 11, 7))
    assert (told.practice, told.policy) == (False, "practice-0")


@settings(max_examples=40)
@given(told=returns, paper=st.booleans(), rest=st.binary(max_size=40))
def test_whatever_may_leave_comes_back(told: Any, paper: bool, rest: bytes) -> None:
    made = replace(told, scheme=SENDER.scheme)
    release = Release(content.encode(made), 3, sha256(rest).digest())
    opened = open_bundle(SENDER.bundle(CARD, release, paper=paper).data, BRANCH)
    assert [one.told for one in opened.releases] == [made]


def a_receipt(**told: Any) -> Receipt:
    fields: dict[str, Any] = {
        "scheme": SENDER.scheme,
        "bundle_id": bytes(range(16)),
        "bundle_sha": sha256(b"bundle").digest(),
        "bundle_seq": 4,
        "results": (
            Result(sha256(b"1").digest(), Status.STORED),
            Result(sha256(b"2").digest(), Status.REJECTED, Code.FORK),
        ),
        "contiguous_seq": 5,
        "gaps": (6, 9),
        "missing": (b"12345678",),
        "branch_time": 1794052800,
        "branch_key": BRANCH.verify_key,
    }
    return Receipt(**{**fields, **told})


def sealed_receipt(**told: Any) -> bytes:
    return seal_receipt(a_receipt(**told), keys=BRANCH, answer_to=SENDER.keys.answer_to)


def read_receipt(data: bytes, sender: Sender = SENDER) -> Receipt:
    return open_receipt(data, identity=sender.keys.identity, card=CARD)


def test_a_receipt_comes_back_as_it_went() -> None:
    assert read_receipt(sealed_receipt()) == a_receipt()
    assert not a_receipt().accepted
    assert a_receipt(results=()).accepted
    assert a_receipt().name == "RC-000G-40R4.sdr"


def test_every_reason_of_a_rejection_has_a_sentence() -> None:
    assert set(REASONS) == set(Code) - {Code.NONE}
    assert all(speak(text, "en").endswith(".") for text in REASONS.values())


# To the byte


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_the_manifest_is_these_bytes() -> None:
    scheme_seed, person = bytes([1]) * 32, Ed25519PrivateKey.from_private_bytes(bytes([2]) * 32)
    identity = str(pyrage.x25519.Identity.generate())
    keys = SchemeKeys(scheme_seed, identity)
    sender_key = person.public_key().public_bytes_raw()
    gone = bytes([9]) * 32
    told = keys.certify(scheme=bytes(range(16)), sender_key=sender_key, revoked=[gone])
    # By the document: the scheme signs scheme, sender, where receipts go, and who may not send.
    certified = Ed25519PrivateKey.from_private_bytes(scheme_seed).sign(
        b"stepdesk/cert1\0"
        + bytes(range(16))
        + sender_key
        + keys.answer_to.encode()
        + b"\0"
        + gone
    )
    release = Release(content.encode(a_return()), 2, bytes([7]) * 32)
    sent = Sender(keys, person, bytes(range(16))).bundle(
        CARD, release, certificate=told, bundle_id=bytes([5]) * 16, acknowledged=[bytes(32)]
    )
    opened = open_bundle(sent.data, BRANCH)
    to = sha256(b"stepdesk/k1\0" + CARD.recipient.encode()).digest()[:16]
    assert opened.signed.decode() == (
        '{"ack_seen":0,"acknowledged":["AAAAAAAAAAA"],"answer_to":"' + keys.answer_to + '",'
        '"app":"0.1.0","bundle":"BQUFBQUFBQUFBQUFBQUFBQ","bundle_seq":1,'
        '"certificate":"' + b64(certified) + '",'
        '"created":{"business":"2026-11-07","wall":1794052800},"device":"A","inc":1,'
        '"min_reader":1,"policy":"practice-0","practice":false,"recipient":"' + b64(to) + '",'
        '"releases":[{"len":' + str(len(release.content)) + ',"period":"2026-10",'
        '"prev":"' + b64(bytes([7]) * 32) + '","rev":0,"seq":2,'
        '"sha256":"' + b64(sha256(release.content).digest()) + '"}],'
        '"revoked":["' + b64(gone) + '"],"schema":"stepdesk.bundle/1",'
        '"scheme":"AAECAwQFBgcICQoLDA0ODw",'
        '"scheme_key":"iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w",'
        '"sender_key":"' + b64(sender_key) + '"}'
    )
    assert opened.signature == person.sign(b"stepdesk/b1\0" + opened.signed)
    assert manifest_bytes(opened.manifest, opened.releases) == opened.signed
    assert sent.name == "SD-0M2G-A185.sdb"


def test_the_dictionary_never_changes() -> None:
    told = (WIRE / "dictionary-1.txt").read_bytes()
    assert sha256(told).hexdigest() == (
        "1ad672bfb51eddd413495a1834df8027e4db5e6b53f7b5fa83041c47d098f6dc"
    )


def read_by_the_document(data: bytes, identity: str) -> tuple[dict[str, Any], bytes, bytes, bytes]:
    """A reader written from docs/bundle.md alone: header, manifest, parts, signature."""
    magic, version, _kind, flags, length = struct.unpack(">4sBBBH", data[:9])
    assert (magic, version) == (b"STPD", 1)
    header = json.loads(data[9 : 9 + length])
    sealed = data[9 + length : 9 + length + header["n"]]
    assert data[9 + length + header["n"] :] == sha256(data[:-32]).digest()
    body = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    assert flags or len(body) % 512 == 0
    (packed,) = struct.unpack(">I", body[:4])
    words = zstandard.ZstdCompressionDict(
        (WIRE / "dictionary-1.txt").read_bytes(), dict_type=zstandard.DICT_TYPE_RAWCONTENT
    )
    frame = zstandard.ZstdDecompressor(dict_data=words).decompress(body[4 : 4 + packed])
    (manifest_length,) = struct.unpack(">I", frame[:4])
    text, raw = b"", body[4 + packed :]
    at = 4
    while at < len(frame):
        if frame[at : at + 1] == b'"' and frame[at + 1] < 32 and frame[at + 2 : at + 3] == b'"':
            count = {1: 8, 2: 16, 3: 32, 4: 64}[frame[at + 1]]
            text, raw, at = text + b'"' + b64(raw[:count]).encode() + b'"', raw[count:], at + 3
        else:
            text, at = text + frame[at : at + 1], at + 1
    assert not any(raw[64:])
    return header, text[:manifest_length], text[manifest_length:], raw[:64]


@pytest.mark.parametrize("paper", [False, True])
def test_somebody_else_can_read_a_bundle_by_the_document(paper: bool) -> None:
    release = SENDER.release(cells=figures())
    sealed = SENDER.bundle(CARD, release, paper=paper)
    header, manifest, parts, signature = read_by_the_document(sealed.data, BRANCH.identity)
    assert header["b"] == b64(sealed.bundle_id)
    assert header["to"] == [b64(CARD.key_id)]
    assert sealed.data[5:7] == bytes((1, int(paper)))
    assert parts == release.content
    told = json.loads(manifest)
    assert told["releases"][0]["sha256"] == b64(sha256(parts).digest())
    SENDER.person.public_key().verify(signature, b"stepdesk/b1\0" + manifest)


def test_somebody_else_can_read_a_receipt_by_the_document() -> None:
    header, told, parts, signature = read_by_the_document(sealed_receipt(), SENDER.keys.identity)
    assert (header["b"], parts) == (b64(bytes(range(16))), b"")
    assert told == receipt_bytes(a_receipt())
    assert json.loads(told)["results"][1] == {
        "code": "fork",
        "release": b64(sha256(b"2").digest()),
        "status": "rejected",
    }
    Ed25519PrivateKey.from_private_bytes(BRANCH.seed).public_key().verify(
        signature, b"stepdesk/r1\0" + told
    )


def test_the_name_of_a_file_tells_nothing() -> None:
    assert file_name("SD", bytes(16), "sdb") == "SD-0000-0000.sdb"
    assert file_name("SD", b"\xff" * 16, "sdb") == "SD-ZZZZ-ZZZZ.sdb"
    assert file_name("SD", b"\0\0\0\0\x21" + bytes(11), "sdb") == "SD-0000-0011.sdb"


def test_what_is_in_clear_names_neither_scheme_nor_month() -> None:
    data = SENDER.bundle(CARD).data
    length = struct.unpack(">H", data[7:9])[0]
    assert set(json.loads(data[9 : 9 + length])) == {"b", "c", "n", "to"}
    for secret in (SENDER.scheme, SENDER.person_key, SENDER.keys.scheme_key):
        assert secret not in data
        assert b64(secret).encode() not in data
    assert b"2026" not in data[: 9 + length]


@given(st.binary(max_size=64), st.sampled_from([8, 16, 32, 64, 12]))
def test_lifting_loses_nothing(raw: bytes, length: int) -> None:
    key = sha256(raw).digest() * 2
    told = b'{"a":"' + b64(key[:length]).encode() + b'","b":"plain-words1","c":[1,null]}'
    marked, lifted = lifting.lift(told)
    assert lifting.put_back(marked, lifted + b"rest") == (told, b"rest")
    assert len(lifted) == (length if length != 12 else 0)


# Size


def month_of_figures(counts: int, money: int, seed: int) -> Release:
    cells = figures(seed=seed, counts=counts, money=money)
    return SENDER.release(31, cells=cells, policy="practice-0")


@pytest.mark.parametrize("seed", range(5))
def test_a_month_is_small_enough_for_a_bad_line(seed: int) -> None:
    acknowledged = [sha256(bytes((at,))).digest() for at in range(12)]
    release = month_of_figures(9, 9, seed)
    assert len(SENDER.bundle(CARD, release, acknowledged=acknowledged).data) <= 2000
    release = month_of_figures(6, 9, seed)
    paper = SENDER.bundle(CARD, release, acknowledged=acknowledged, paper=True)
    assert len(paper.data) <= 1300


def test_the_size_tells_little() -> None:
    def sealed_part(*releases: Release) -> int:
        return len(body_of(SENDER.bundle(CARD, *releases).data))

    assert sealed_part(SENDER.release()) % 512 == 0
    assert sealed_part(month_of_figures(2, 5, 1)) == sealed_part(month_of_figures(4, 7, 2))


# Bad files


def test_a_bundle_altered_in_any_bit_is_refused() -> None:
    data = SENDER.bundle(CARD).data
    codes = {code_of(partial(open_bundle, bad, BRANCH)) for bad in flips(data)}
    assert codes == {"damaged", "truncated", "not_stepdesk"}


def test_a_receipt_altered_in_any_bit_is_refused() -> None:
    codes = {code_of(partial(read_receipt, bad)) for bad in flips(sealed_receipt())}
    assert codes == {"damaged", "truncated", "not_stepdesk"}


def test_a_bundle_altered_on_purpose_with_a_right_checksum_is_refused() -> None:
    data = SENDER.bundle(CARD).data
    for bad in flips(data[:-32]):
        code_of(partial(open_bundle, with_sum(bad + bytes(32)), BRANCH))


def test_a_receipt_altered_on_purpose_with_a_right_checksum_is_refused() -> None:
    for bad in flips(sealed_receipt()[:-32]):
        code_of(partial(read_receipt, with_sum(bad + bytes(32))))


def body_of(data: bytes) -> bytes:
    """What is under the seal, padding included."""
    length = struct.unpack(">H", data[7:9])[0]
    identity = pyrage.x25519.Identity.from_str(BRANCH.identity)
    opened: bytes = pyrage.decrypt(data[9 + length : -32], [identity])
    return opened


def sealed_again(data: bytes, body: bytes, recipient: str) -> bytes:
    """The same head over another body, sealed again."""
    length = struct.unpack(">H", data[7:9])[0]
    header = json.loads(data[9 : 9 + length])
    sealed = pyrage.encrypt(body, [pyrage.x25519.Recipient.from_str(recipient)])
    header["n"] = len(sealed)
    head = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    return with_sum(data[:7] + struct.pack(">H", len(head)) + head + sealed + bytes(32))


def test_even_under_the_seal_no_changed_figure_passes() -> None:
    data = SENDER.bundle(CARD).data
    genuine = open_bundle(data, BRANCH)
    body = body_of(data)
    refused = 0
    for bad in flips(body):
        try:
            opened = open_bundle(sealed_again(data, bad, CARD.recipient), BRANCH)
        except WireError:
            refused += 1
        else:
            # A bit the compressor does not look at: what was signed is the same.
            assert (opened.signed, opened.releases) == (genuine.signed, genuine.releases)
    assert refused > len(body) * 8 - 64


@pytest.mark.parametrize("kept", [5, 9, 50, 300, -33, -32, -1])
def test_a_file_cut_short_is_called_so(kept: int) -> None:
    data = SENDER.bundle(CARD).data
    assert code_of(lambda: open_bundle(data[:kept], BRANCH)) == "truncated"
    assert code_of(lambda: read_receipt(sealed_receipt()[:kept])) == "truncated"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_stepdesk"),
        (b"%PDF-1.7 a letter", "not_stepdesk"),
        (b"STPD", "truncated"),
        (b"STPD" + bytes(1 << 20), "too_large"),
        (SENDER.bundle(CARD).data + b"x", "damaged"),
        (with_sum(b"STPD\x02" + SENDER.bundle(CARD).data[5:]), "too_new"),
        (with_sum(b"STPD\x01\x01\x04" + SENDER.bundle(CARD).data[7:]), "too_new"),
        (sealed_receipt(), "other_kind"),
    ],
)
def test_another_file_is_told_as_what_it_is(data: bytes, code: str) -> None:
    assert code_of(lambda: open_bundle(data, BRANCH)) == code


def test_a_bundle_for_another_branch_is_not_opened() -> None:
    assert code_of(lambda: open_bundle(SENDER.bundle(CARD).data, BranchKeys.new())) == (
        "other_recipient"
    )


def test_a_bundle_cannot_be_passed_on_under_another_cover() -> None:
    """A branch that opened it cannot seal it for a third one as if it had been sent there."""
    third = BranchKeys.new()
    sent = SENDER.bundle(CARD).data
    data = sealed_again(sent, body_of(sent), third.recipient)
    to = b64(practice_card(third).key_id).encode()
    data = with_sum(data.replace(b64(CARD.key_id).encode(), to))
    assert code_of(lambda: open_bundle(data, third)) == "other_recipient"


def test_a_receipt_for_another_scheme_is_not_opened() -> None:
    assert code_of(lambda: read_receipt(sealed_receipt(), Sender())) == "other_recipient"


def test_a_receipt_signed_by_another_branch_is_refused() -> None:
    other = BranchKeys.new()
    data = seal_receipt(a_receipt(), keys=other, answer_to=SENDER.keys.answer_to)
    assert code_of(lambda: read_receipt(data)) == "forged"
    told = a_receipt(branch_key=other.verify_key)
    data = seal_receipt(told, keys=BRANCH, answer_to=SENDER.keys.answer_to)
    assert code_of(lambda: read_receipt(data)) == "forged"


def resigned(change: Callable[[dict[str, Any]], object], more: bytes = b"") -> bytes:
    """A bundle whose manifest was changed by its own sender and signed again."""
    sealed = SENDER.bundle(CARD)
    opened = open_bundle(sealed.data, BRANCH)
    told = json.loads(opened.signed)
    change(told)
    manifest = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return container.seal(
        FileKind.BUNDLE,
        manifest,
        opened.releases[0].content + more,
        SENDER.person.sign(b"stepdesk/b1\0" + manifest),
        recipient=CARD.recipient,
        mark=sealed.bundle_id,
        paper=False,
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"schema": "stepdesk.bundle/2"}, "too_new"),
        ({"min_reader": 2}, "too_new"),
        ({"critical": ["consistency"]}, "too_new"),
        ({"schema": "stepdesk.backup/1"}, "malformed"),
        ({"releases": []}, "malformed"),
        ({"bundle_seq": 0}, "malformed"),
        ({"bundle_seq": 1.5}, "malformed"),
        ({"bundle_seq": 2**53}, "malformed"),
        ({"device": "Fatou Ndiaye"}, "malformed"),
        ({"app": "a\u0301"}, "malformed"),
        ({"checkpoint": "e\u0301"}, "malformed"),
        ({"practice": True}, "malformed"),
        ({"policy": "sdc-2026-1"}, "malformed"),
        ({"scheme": b64(bytes(16))}, "forged"),
        ({"scheme_key": b64(bytes(32))}, "forged"),
        ({"sender_key": b64(Sender().person_key)}, "forged"),
        ({"revoked": [b64(bytes(32))]}, "forged"),
        ({"answer_to": Sender().keys.answer_to}, "forged"),
        ({"answer_to": "age1" + "q" * 58}, "malformed"),
        ({"certificate": None}, "malformed"),
        ({"acknowledged": [b64(bytes(8))] * 13}, "malformed"),
        ({"created": {"business": "2026-02-30", "wall": 1}}, "malformed"),
        ({"recipient": b64(bytes(16))}, "other_recipient"),
        ({"bundle": b64(bytes(16))}, "damaged"),
    ],
)
def test_a_manifest_that_breaks_the_rules_is_refused(change: dict[str, Any], code: str) -> None:
    def put(told: dict[str, Any]) -> None:
        told.update(change)

    data = resigned(put)
    assert code_of(lambda: open_bundle(data, BRANCH)) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sha256": b64(bytes(32))}, "damaged"),
        ({"len": 10}, "damaged"),
        ({"len": 100_000}, "malformed"),
        ({"period": "2026-09"}, "malformed"),
        ({"rev": 1}, "malformed"),
        ({"seq": 0}, "malformed"),
        ({"seq": 2}, "malformed"),
        ({"prev": b64(bytes(32))}, "malformed"),
    ],
)
def test_a_manifest_that_tells_other_releases_is_refused(
    change: dict[str, Any], code: str
) -> None:
    def put(told: dict[str, Any]) -> None:
        told["releases"][0].update(change)

    assert code_of(lambda: open_bundle(resigned(put), BRANCH)) == code


def test_what_no_manifest_tells_of_is_refused() -> None:
    data = resigned(lambda told: told, more=b"{}")
    assert code_of(lambda: open_bundle(data, BRANCH)) == "malformed"
    told = receipt_bytes(a_receipt())
    data = container.seal(
        FileKind.RECEIPT,
        told,
        b"{}",
        BRANCH.sign(b"stepdesk/r1\0" + told),
        recipient=SENDER.keys.answer_to,
        mark=bytes(range(16)),
        paper=False,
    )
    assert code_of(lambda: read_receipt(data)) == "malformed"


def test_a_field_we_do_not_know_is_kept_as_it_is() -> None:
    opened = open_bundle(resigned(lambda told: told.update(checkpoint="later")), BRANCH)
    assert json.loads(opened.signed)["checkpoint"] == "later"


def test_a_stranger_cannot_certify_himself() -> None:
    own = Sender(person=SENDER.person, scheme=SENDER.scheme)
    stolen = replace(own.certificate(), scheme_key=SENDER.keys.scheme_key)
    assert code_of(stolen.check) == "forged"


def test_a_small_file_that_swells_is_refused_before_it_is_made() -> None:
    packed = zstandard.ZstdCompressor().compress(bytes(64 << 20))
    data = sealed_again(
        SENDER.bundle(CARD).data,
        (len(packed).to_bytes(4, "big") + packed + bytes(64)).ljust(8192, b"\0"),
        CARD.recipient,
    )
    assert code_of(lambda: open_bundle(data, BRANCH)) == "too_large"


# What is refused before it is sent


def test_figures_before_the_gate_go_to_practice_branches_only() -> None:
    real = BRANCH.card(name="Thiès", practice=False)
    assert code_of(lambda: SENDER.bundle(real)) == "practice_only"
    from_practice = SENDER.release(policy="sdc-2026-1", practice=True)
    assert code_of(lambda: SENDER.bundle(real, from_practice)) == "practice_only"
    assert SENDER.bundle(real, SENDER.release(policy="sdc-2026-1")).data


def test_releases_that_do_not_belong_together_are_not_sent() -> None:
    other, first, second = Sender().release(), SENDER.release(), SENDER.release(2, bytes(32))
    for releases in (
        (first, other),
        (first, SENDER.release(2, first.id, policy="sdc-2026-1")),
        (second, first),
        (first, first),
        (first, second),
    ):
        assert code_of(partial(SENDER.bundle, CARD, *releases)) == "malformed"
    both = (first, SENDER.release(2, first.id, period=Month(2026, 11)))
    assert code_of(lambda: SENDER.bundle(CARD, *both, paper=True)) == "malformed"
    assert code_of(lambda: SENDER.bundle(CARD, sender=Sender().person)) == "forged"


def test_who_is_revoked_cannot_be_certified() -> None:
    assert code_of(lambda: SENDER.certificate(SENDER.person_key)) == "malformed"


# Cards


def test_a_card_is_read_as_it_was_given_and_no_other() -> None:
    told = CARD.text()
    assert BranchCard.read(told) == CARD
    assert CARD.name == "Branch of Thiès"
    for old, new in (
        ('"practice":true', '"practice":false'),
        ("Thiès", "Dakar"),
        (CARD.recipient, BranchKeys.new().recipient),
        (b64(CARD.verify_key), b64(BranchKeys.new().verify_key)),
    ):
        assert code_of(partial(BranchCard.read, told.replace(old, new))) == "forged"
    assert code_of(lambda: BranchCard.read("Dear treasurer")) == "not_stepdesk"
    assert code_of(lambda: BranchCard.read(told[:-9])) == "malformed"
    assert code_of(lambda: BranchCard.read(told.replace("card/1", "card/2"))) == "too_new"


def test_fingerprints_are_ten_groups_of_four_digits() -> None:
    told = fingerprint(b"a", b"b")
    groups = told.split(" ")
    assert [len(group) for group in groups] == [4] * 10
    assert told.replace(" ", "").isdecimal()
    number = int.from_bytes(sha256(b"stepdesk/f1\0ab").digest(), "big")
    assert told.replace(" ", "") == str(number)[-40:]
    assert CARD.fingerprint != BRANCH.card(name="Branch of Thiès", practice=False).fingerprint
    assert CARD.fingerprint == BRANCH.card(name="Other name", practice=True).fingerprint


@pytest.mark.parametrize("name", ["", " ", "a" * 81, "a\nb", " a"])
def test_a_card_has_a_name_that_can_be_shown(name: str) -> None:
    assert code_of(lambda: BRANCH.card(name=name, practice=True)) == "malformed"


def test_keys_are_not_shown_by_accident() -> None:
    for secret in (BRANCH, SENDER.keys):
        assert secret.identity not in repr(secret)
        assert repr(secret.seed) not in repr(secret)
    assert BranchKeys.read(BRANCH.text()) == BRANCH


_LOW_ORDER = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"


def test_an_address_nobody_can_have_is_refused() -> None:
    """A point of low order, whose checksum holds: age answers it with a panic."""
    assert code_of(lambda: check_recipient(_LOW_ORDER, "x")) == "malformed"
    assert check_recipient(CARD.recipient, "x") == CARD.recipient


def test_a_seal_made_with_such_a_point_is_refused() -> None:
    data = SENDER.bundle(CARD).data
    share = re.search(rb"-> X25519 ([\w+/]{43})\n", data)
    assert share
    bad = data.replace(share[1], b"A" * 43)
    assert code_of(lambda: open_bundle(with_sum(bad), BRANCH)) == "damaged"


def test_evidence_is_kept_with_the_bundle() -> None:
    opened: Bundle = open_bundle(SENDER.bundle(CARD).data, BRANCH)
    told: Certificate = opened.manifest.certificate
    assert told.sender_key == SENDER.person_key
    assert datetime.fromtimestamp(opened.manifest.wall, UTC) == NOON


def test_a_text_that_never_ends_does_not_hold_the_reader() -> None:
    # Quadratic in the quotes, this took minutes; the timeout of the tests is the limit.
    for text in ('{"' + '\\"' * 100_000, '{"' + "\\" * 200_001, '"' * 200_001, '["' * 100_000):
        with pytest.raises(WireError):
            canonical.decode(text.encode(), "manifest")
