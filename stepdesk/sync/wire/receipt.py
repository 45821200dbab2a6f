"""A receipt: what the branch did with a bundle, signed by the branch and sealed for the scheme."""

from collections.abc import Sequence
from dataclasses import dataclass

from stepdesk.sync.wire import canonical
from stepdesk.sync.wire.bundle import READER, SHORT, check_form
from stepdesk.sync.wire.canonical import Fields, written
from stepdesk.sync.wire.container import (
    FileKind,
    file_name,
    open_container,
    seal,
)
from stepdesk.sync.wire.failures import failure, malformed
from stepdesk.sync.wire.keys import BranchCard, BranchKeys, check_signature
from stepdesk.sync.wire.outcome import Code, Result, Status

FORM = "stepdesk.receipt/1"
SIGNED = b"stepdesk/r1\0"
MOST_RESULTS = 4096
MOST_GAPS = 64

_LAST_SECOND = 253_402_300_799
"""The last second of the year 9999: a moment beyond it has no date."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The branch's answer to one bundle.

    Args:
        bundle_id: The mark of the bundle, as in its file name.
        bundle_sha: The SHA-256 of the bundle's file.
        bundle_seq: As in its manifest.
        results: In the order of the bundle's releases.
        contiguous_seq: All releases up to this number came to the branch; 0 for none, and when
            the bundle was rejected as a whole.
        gaps: Numbers above it that are missing below the highest seen, at most 64.
        missing: First 8 bytes of ids the desk calls acknowledged and the branch does not have:
            send these again.
        branch_time: What the branch's clock said, in seconds since 1970.
    """

    scheme: bytes
    bundle_id: bytes
    bundle_sha: bytes
    bundle_seq: int
    results: tuple[Result, ...]
    contiguous_seq: int
    gaps: tuple[int, ...]
    missing: tuple[bytes, ...]
    branch_time: int
    branch_key: bytes

    @property
    def accepted(self) -> bool:
        """Whether no release was rejected."""
        return all(one.status is not Status.REJECTED for one in self.results)

    @property
    def name(self) -> str:
        return receipt_name(self.bundle_id)


def receipt_name(bundle_id: bytes) -> str:
    """Return the neutral name of the receipt's file, with the signs of its bundle's name."""
    return file_name("RC", bundle_id, "sdr")


def seal_receipt(receipt: Receipt, *, keys: BranchKeys, answer_to: str) -> bytes:
    """Return the receipt's file, signed by the branch, for the scheme's recipient."""
    told = receipt_bytes(receipt)
    return seal(
        FileKind.RECEIPT,
        told,
        b"",
        keys.sign(SIGNED + told),
        recipient=answer_to,
        mark=receipt.bundle_id,
        paper=False,
    )


def receipt_bytes(receipt: Receipt) -> bytes:
    """Return the bytes that are signed."""
    return canonical.encode(
        {
            "schema": FORM,
            "min_reader": 1,
            "reader_max": READER,
            "scheme": written(receipt.scheme),
            "bundle": written(receipt.bundle_id),
            "bundle_sha": written(receipt.bundle_sha),
            "bundle_seq": receipt.bundle_seq,
            "results": [
                {
                    "release": written(one.release_id),
                    "status": one.status.value,
                    "code": one.code.value,
                }
                for one in receipt.results
            ],
            "contiguous_seq": receipt.contiguous_seq,
            "gaps": list(receipt.gaps),
            "missing": [written(one) for one in receipt.missing],
            "branch_time": receipt.branch_time,
            "branch_key": written(receipt.branch_key),
        }
    )


def open_receipt(data: bytes, *, identity: str, card: BranchCard) -> Receipt:
    """Open a receipt for the owner of the identity from the branch of the pinned card.

    The caller still compares `bundle_sha` with what was sent.

    Args:
        data: The file.
        identity: The scheme's age identity, `SchemeKeys.identity`.
        card: Of the branch that was written to.

    Raises:
        WireError: with a sentence that says what to do; `forged` when another branch signed.
    """
    opened = open_container(data, kind=FileKind.RECEIPT, identity=identity)
    check_signature(card.verify_key, opened.signature, SIGNED + opened.manifest)
    if opened.parts:
        raise malformed("frame")
    fields = canonical.decode(opened.manifest, "receipt")
    check_form(fields, "receipt", READER)
    receipt = _read(fields)
    if receipt.branch_key != card.verify_key:
        raise failure("forged")
    if receipt.bundle_id != opened.mark:
        raise failure("damaged")
    return receipt


def _read(fields: Fields) -> Receipt:
    return Receipt(
        scheme=fields.raw("scheme", 16),
        bundle_id=fields.raw("bundle", 16),
        bundle_sha=fields.raw("bundle_sha", 32),
        bundle_seq=fields.whole("bundle_seq", least=1),
        results=_read_results(fields.inners("results", most=MOST_RESULTS)),
        contiguous_seq=fields.whole("contiguous_seq"),
        gaps=_read_gaps(fields),
        missing=fields.raws("missing", SHORT, most=MOST_GAPS),
        branch_time=fields.whole("branch_time", most=_LAST_SECOND),
        branch_key=fields.raw("branch_key", 32),
    )


def _read_gaps(fields: Fields) -> tuple[int, ...]:
    gaps = fields.items("gaps", most=MOST_GAPS)
    if any(type(one) is not int or one < 1 for one in gaps):
        raise fields.wrong("gaps")
    return tuple(gaps)


def _read_results(told: Sequence[Fields]) -> tuple[Result, ...]:
    return tuple(map(_read_result, told))


def _read_result(one: Fields) -> Result:
    status = Status(one.text("status", "|".join(status.value for status in Status)))
    code = Code(one.text("code", "|".join(code.value for code in Code)))
    # A refusal has its reason, and nothing else has one.
    if (status is Status.REJECTED) != (code is not Code.NONE):
        raise one.wrong("code")
    return Result(one.raw("release", 32), status, code)
