"""Verify: replay the acts into an empty book and compare it with the real one.

Each act must follow the one before, hash to what it says, be signed by whom it names, and find
the old values it changed; each row must be what the acts made it. The first that disagrees is
named. Streams through a temporary encrypted file, so that any book fits in little memory.
"""

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Table
from sqlcipher3 import dbapi2

from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.store import acts, upcasts
from stepdesk.store.acts import Header, Plain
from stepdesk.store.attachments import Attachments
from stepdesk.store.tables import (
    NUMBERED,
    SCHEMA,
    Openness,
    attached_columns,
    book,
    metadata,
    staff,
    triggers_of,
)

_DIFFER = N_("Row {row} of {table} is not what the journal says.")
_MISSING = N_("Row {row} of {table} is missing: the journal says it was written.")
_ADDED = N_("Row {row} of {table} stands in no act: it was put in without the desk.")
_TOGETHER = 250
"""Rows that lie by another column are looked for so many at once."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that disagrees: the act's number and verb, or the table and row."""

    text: Text
    act: int | None = None
    verb: str = ""
    table: str = ""
    row: str = ""


@dataclass(slots=True)
class Report:
    """What a verification found; clean when `findings` is empty."""

    acts: int = 0
    rows: int = 0
    erased: int = 0
    whole: bool = True
    until_act: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.findings


class _Broken(Exception):
    """Replaying cannot go on behind this act."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.text.message)
        self.finding = finding


class Replay:
    """The acts folded so far."""

    def __init__(self, folder: Path, *, signatures: bool, base: int) -> None:
        self.signatures = signatures
        self.base = base
        self.keys: dict[bytes, Ed25519PublicKey] = {}
        self.chain: dict[str, tuple[int, int]] = {}
        self.prev: dict[str, bytes] = {}
        self.n = base
        self.report = Report(whole=base == 0)
        self.batch: list[tuple[int, bytes, bytes, bytes | None, bytes | None, bytes]] = []
        self.fresh: dict[tuple[int, bytes], int] = {}
        self.touched: dict[tuple[int, bytes], dict[int, Plain]] = {}
        """In a verification from an act on: what changed in rows written before it."""
        self.named: dict[bytes, int] = {}
        """The act that first named each attachment."""
        self.path = folder / f"verify-{os.getpid()}-{secrets.token_hex(4)}.tmp"
        self.raw = dbapi2.connect(str(self.path), isolation_level=None, check_same_thread=False)
        for pragma in (
            "cipher_log_level=NONE",
            f"key=\"x'{secrets.token_hex(32)}'\"",
            "journal_mode=OFF",
            "synchronous=OFF",
            "cache_size=-65536",
            "locking_mode=EXCLUSIVE",
        ):
            self.raw.execute(f"PRAGMA {pragma}").fetchall()
        self.raw.execute(
            "CREATE TABLE image (t INTEGER, id BLOB, open BLOB, personal BLOB, medical BLOB,"
            " near BLOB, PRIMARY KEY (t, id)) WITHOUT ROWID"
        )
        self.raw.execute("BEGIN")

    def close(self) -> None:
        self.raw.close()
        for left in self.path.parent.glob(self.path.name + "*"):
            left.unlink(missing_ok=True)

    # One act

    def act(self, row: dict[str, Any], parts: Sequence[tuple[int, Any, Any, Any]]) -> None:
        """Check one act and fold it.

        Raises:
            _Broken: when the chain does not hold here.
        """
        try:
            header = acts.header_of(row)
        except (ValueError, IndexError) as error:
            damaged = Text(N_("Act {act}: its header is damaged."), {"act": row["n"]})
            raise _Broken(Finding(damaged, row["n"])) from error
        where = {"act": row["n"], "verb": header.verb}
        self._follows(header, row["n"])
        leaves, bodies = self._leaves(parts, where)
        told = header.hash(self.prev.get(header.device, bytes(32)), acts.merkle_root(leaves))
        if told != row["hash"]:
            text = N_("Act {act} ({verb}): its content, or its place among the acts, was changed.")
            raise _Broken(Finding(Text(text, where), row["n"], header.verb))
        try:
            for openness, body in bodies:
                self._fold(header, openness, body, row["n"])
        except (ValueError, IndexError, LookupError) as error:
            text = N_("Act {act} ({verb}): what it says it changed was not so before it.")
            raise _Broken(Finding(Text(text, where), row["n"], header.verb)) from error
        self._signed(header, row, told)
        self.prev[header.device] = told
        self.n = row["n"]
        self.report.acts += 1

    def _follows(self, header: Header, n: int) -> None:
        incarnation, seq = self.chain.get(header.device, (0, 0))
        fits = (header.incarnation, header.seq) == (incarnation, seq + 1) or (
            header.incarnation > incarnation and header.seq == 1
        )
        if not fits or n != self.n + 1:
            expected = seq + 1
            text = Text(
                N_(
                    "Act {act} ({verb}): act {expected} should stand here; it was removed or moved."
                ),
                {"act": n, "verb": header.verb, "expected": expected},
            )
            raise _Broken(Finding(text, n, header.verb))
        self.chain[header.device] = (header.incarnation, header.seq)

    def _leaves(
        self, parts: Sequence[tuple[int, Any, Any, Any]], where: dict[str, Any]
    ) -> tuple[list[bytes], list[tuple[int, bytes]]]:
        leaves: list[bytes] = []
        bodies: list[tuple[int, bytes]] = []
        for openness, salt, body, erased in parts:
            if body is None:
                if openness == Openness.OPEN.value or not isinstance(erased, bytes):
                    text = N_("Act {act} ({verb}): a part of it is missing.")
                    raise _Broken(Finding(Text(text, where), where["act"], where["verb"]))
                leaves.append(erased)
                self.report.erased += 1
                continue
            try:
                plain = acts.unpack(body)
                leaves.append(acts.part_hash(salt, plain))
            except (ValueError, TypeError) as error:
                text = N_("Act {act} ({verb}): a part of it cannot be read.")
                raise _Broken(Finding(Text(text, where), where["act"], where["verb"])) from error
            bodies.append((openness, plain))
        return leaves, bodies

    def _signed(self, header: Header, row: dict[str, Any], told: bytes) -> None:
        signed: list[tuple[bytes, Any]] = [(header.person, row["signature"])]
        if header.second is not None or row["second_signature"] is not None:
            signed.append((header.second or b"", row["second_signature"]))
        if not self.signatures:
            return
        for person, signature in signed:
            try:
                self.keys[person].verify(signature, told)
            except (KeyError, InvalidSignature, TypeError) as error:
                text = Text(
                    N_("Act {act} ({verb}): its signature is not that of the person it names."),
                    {"act": row["n"], "verb": header.verb},
                )
                raise _Broken(Finding(text, row["n"], header.verb)) from error

    # Folding

    def _fold(self, header: Header, openness: int, body: bytes, n: int) -> None:
        near = header.id[:14]
        for record in acts.records(body, near):
            if record.number == acts.REASON:
                if openness != Openness.PERSONAL.value:
                    raise ValueError("a reason may be forgotten")
                continue
            content = record.body
            if header.schema != SCHEMA:
                content = upcasts.lift(header.schema, record, openness, near)
            for told in attachments_in(record.number, record.kind, openness, content, near):
                self.named.setdefault(told, n)
            self._fold_record(record, openness, content, near)

    def _fold_record(
        self, record: acts.Record, openness: int, content: bytes, near: bytes
    ) -> None:
        if record.kind == acts.UPDATE:
            self._update(record.number, record.id, openness, content, near)
        elif openness == Openness.OPEN.value:
            self._insert(record.number, record.id, content, near)
        else:
            self._attach(record.number, record.id, openness, content)

    def _insert(self, number: int, key: bytes, content: bytes, near: bytes) -> None:
        if number not in NUMBERED or (number, key) in self.fresh:
            raise LookupError(number)
        self.fresh[number, key] = len(self.batch)
        self.batch.append((number, key, content, None, None, near))
        if number == staff.info["number"]:
            self._learn(key, content, near)
        if len(self.batch) >= 4000:
            self._flush()

    def _learn(self, key: bytes, content: bytes, near: bytes) -> None:
        at = [staff.c.keys()[1:][place] for place in acts.places(staff)[0]].index("public_key")
        public = acts.decode_row(content, len(acts.places(staff)[0]), near)[at]
        if isinstance(public, bytes):
            self.keys[key] = Ed25519PublicKey.from_public_bytes(public)

    def _attach(self, number: int, key: bytes, openness: int, content: bytes) -> None:
        at = self.fresh.get((number, key))
        if at is not None:
            row = list(self.batch[at])
            if row[2 + openness] is not None:
                raise LookupError(number)
            row[2 + openness] = content
            self.batch[at] = tuple(row)  # type: ignore[assignment]
            return
        name = ("open", "personal", "medical")[openness]
        done = self.raw.execute(
            f"UPDATE image SET {name}=? WHERE t=? AND id=? AND {name} IS NULL",
            (content, number, key),
        )
        if done.rowcount != 1:
            raise LookupError(number)

    def _update(self, number: int, key: bytes, openness: int, content: bytes, near: bytes) -> None:
        self._flush()
        which = acts.places(acts.table_of(number))[openness]
        found = self.raw.execute(
            "SELECT open, personal, medical, near FROM image WHERE t=? AND id=?", (number, key)
        ).fetchone()
        changes = acts.decode_changes(content, near)
        if found is None:
            if not self.base:
                raise LookupError(number)
            self._touch(number, key, changes)
            return
        values = self._folded(number, which, found[openness], found[3])
        for place, (old, new) in changes.items():
            at = which.index(place)
            if values[at] != old:
                raise LookupError(number)
            values[at] = new
        encoded = b"".join(acts.encode_value(value, found[3]) for value in values)
        name = ("open", "personal", "medical")[openness]
        self.raw.execute(f"UPDATE image SET {name}=? WHERE t=? AND id=?", (encoded, number, key))

    def _touch(self, number: int, key: bytes, changes: dict[int, tuple[Plain, Plain]]) -> None:
        known = self.touched.setdefault((number, key), {})
        for place, (old, new) in changes.items():
            if known.get(place, old) != old:
                raise LookupError(number)
            known[place] = new

    @staticmethod
    def _folded(number: int, which: Sequence[int], body: bytes | None, near: bytes) -> list[Plain]:
        """Return the values so far; a part never written, or forgotten, is blank."""
        if body is not None:
            return acts.decode_row(body, len(which), near)
        blank = blank_of(acts.table_of(number))
        return [blank[at] for at in which]

    def _flush(self) -> None:
        try:
            self.raw.executemany("INSERT INTO image VALUES (?,?,?,?,?,?)", self.batch)
        except dbapi2.IntegrityError as error:
            raise LookupError("a row was written twice") from error
        self.batch.clear()
        self.fresh.clear()

    # Comparing

    def compare(self, real: Any, *, whole: bool) -> None:
        """Hold the fold against the real rows."""
        self._flush()
        for (number, key), known in self.touched.items():
            name = acts.table_of(number).name
            row = real.execute(f"SELECT * FROM {name} WHERE id=?", (key,)).fetchone()
            if row is None or any(row[1 + at] != told for at, told in known.items()):
                self._find(_MISSING if row is None else _DIFFER, number, key)
        for number, table in sorted(NUMBERED.items()):
            folded = self.raw.execute(
                "SELECT id, open, personal, medical, near FROM image WHERE t=? ORDER BY id",
                (number,),
            )
            if table.info["lies_by"]:
                self._compare_lying(real, table, iter(folded), whole=whole)
            elif whole:
                rows = real.execute(f"SELECT * FROM {table.name} ORDER BY id")
                self._merge(number, iter(folded), iter(rows))
            else:
                for image in folded:
                    row = real.execute(
                        f"SELECT * FROM {table.name} WHERE id=?", (image[0],)
                    ).fetchone()
                    self._same(number, image, row)

    def _compare_lying(
        self, real: Any, table: Table, folded: Iterator[Any], *, whole: bool
    ) -> None:
        """Hold rows that lie by another column against the fold: each is found by both.

        No scan gives them in the order of their ids, and sorting them would take memory.
        """
        number, count = int(table.info["number"]), 0
        missing: dict[bytes, Any] = {}
        while some := list(islice(folded, _TOGETHER)):
            found = {row[0]: row for row in self._rows_lying(real, table, some)}
            count += len(found)
            for image in some:
                if image[0] in found:
                    self._same(number, image, found[image[0]])
                else:
                    missing[image[0]] = image
        total = real.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
        if missing or (whole and total != count):
            self._search(real, table, missing, whole=whole)

    def _rows_lying(self, real: Any, table: Table, images: Sequence[Any]) -> Iterator[Any]:
        number, by = int(table.info["number"]), table.info["lies_by"]
        keys: list[Any] = []
        for image in images:
            keys += (self._lies_at(number, image), image[0])
        marks = ",".join(["(?,?)"] * len(images))
        told: Iterator[Any] = real.execute(
            f"WITH k (by, id) AS (VALUES {marks}) SELECT t.* FROM k CROSS JOIN {table.name} t"
            f" ON t.{by} = k.by AND t.id = k.id",
            keys,
        )
        return told

    def _lies_at(self, number: int, image: Any) -> Plain:
        table = acts.table_of(number)
        which = acts.places(table)[Openness.OPEN.value]
        place = table.columns.keys().index(table.info["lies_by"]) - 1
        return self._folded(number, which, image[1], image[4])[which.index(place)]

    def _search(self, real: Any, table: Table, missing: dict[bytes, Any], *, whole: bool) -> None:
        """Tell what was moved from what is gone, and find what was put in."""
        number = int(table.info["number"])
        for row in real.execute(f"SELECT * FROM {table.name}"):
            if row[0] in missing:
                self._same(number, missing.pop(row[0]), row)
            elif whole and not self._written_there(number, table, row):
                self._find(_ADDED, number, row[0])
        for key in sorted(missing):
            self._find(_MISSING, number, key)

    def _written_there(self, number: int, table: Table, row: Any) -> bool:
        image = self.raw.execute(
            "SELECT id, open, personal, medical, near FROM image WHERE t=? AND id=?",
            (number, row[0]),
        ).fetchone()
        place = table.columns.keys().index(table.info["lies_by"])
        return image is not None and self._lies_at(number, image) == row[place]

    def _merge(self, number: int, folded: Iterator[Any], rows: Iterator[Any]) -> None:
        image: Any = next(folded, None)
        row: Any = next(rows, None)
        while image is not None or row is not None:
            if row is None or (image is not None and image[0] < row[0]):
                self._find(_MISSING, number, image[0])
                image = next(folded, None)
            elif image is None or row[0] < image[0]:
                self._find(_ADDED, number, row[0])
                row = next(rows, None)
            else:
                self._same(number, image, row)
                image, row = next(folded, None), next(rows, None)

    def _same(self, number: int, image: Any, row: Any) -> None:
        if row is None:
            self._find(_MISSING, number, image[0])
            return
        self.report.rows += 1
        table = acts.table_of(number)
        near, values = image[4], row[1:]
        for openness, which in enumerate(acts.places(table)):
            if not which:
                continue
            folded = image[1 + openness]
            try:
                found = b"".join([acts.encode_value(values[at], near) for at in which])
            except TypeError:
                found = b""
            if folded is None:
                # Nothing was written there, or it was forgotten: the row must say nothing.
                if any(values[at] for at in which):
                    self._find(_DIFFER, number, row[0])
                    return
            elif found != folded:
                self._find(_DIFFER, number, row[0])
                return

    def _find(self, message: str, number: int, key: bytes) -> None:
        name = acts.table_of(number).name
        told = key.hex()
        self.report.findings.append(
            Finding(Text(message, {"table": name, "row": told}), table=name, row=told)
        )


@cache
def _attaching() -> Mapping[int, tuple[int, ...]]:
    """Return the places of columns that hold hashes of attachments, by table."""
    found: dict[int, tuple[int, ...]] = {}
    for table, name in attached_columns():
        number: int = table.info["number"]
        found[number] = (*found.get(number, ()), table.columns.keys().index(name) - 1)
    return found


def attachments_in(
    number: int, kind: int, openness: int, content: bytes, near: bytes
) -> list[bytes]:
    """Return the hashes of attachments a record of the journal names."""
    if number not in _attaching():
        return []
    which = acts.places(acts.table_of(number))[openness]
    places = [at for at in _attaching()[number] if at in which]
    if kind == acts.UPDATE:
        changes = acts.decode_changes(content, near)
        found = [changes[at][1] for at in places if at in changes]
    else:
        row = acts.decode_row(content, len(which), near)
        found = [row[which.index(at)] for at in places]
    return [told for told in found if isinstance(told, bytes)]


def named_by_acts(raw: Any) -> set[bytes]:
    """Return the hashes of all attachments the journal names, what was forgotten left out."""
    found: set[bytes] = set()
    for row, parts in acts_of(raw, 0):
        header = acts.header_of(row)
        near = header.id[:14]
        for openness, _salt, body, _erased in parts:
            if body is None:
                continue
            for record in acts.records(acts.unpack(body), near):
                if record.number not in _attaching():
                    continue
                content = record.body
                if header.schema != SCHEMA:
                    content = upcasts.lift(header.schema, record, openness, near)
                found.update(attachments_in(record.number, record.kind, openness, content, near))
    return found


def blank_of(table: Any) -> list[Plain]:
    """Return what a forgotten row holds: nothing where it may, an empty value where it must."""
    blanks: list[Plain] = []
    for column in list(table.columns)[1:]:
        if column.nullable:
            blanks.append(None)
        else:
            kind = str(column.type)
            blanks.append(0 if kind == "INTEGER" else "" if kind == "TEXT" else b"")
    return blanks


_ACT_COLUMNS = (
    "n",
    "device",
    "incarnation",
    "seq",
    "id",
    "head",
    "hash",
    "signature",
    "second_signature",
)


def acts_of(
    raw: Any, after: int
) -> Iterator[tuple[dict[str, Any], list[tuple[int, Any, Any, Any]]]]:
    """Yield each act's row with its parts, in the order they were written."""
    rows = raw.execute(
        f"SELECT {','.join(_ACT_COLUMNS)} FROM act WHERE n > ? ORDER BY n",
        (after,),
    )
    names = _ACT_COLUMNS
    parts = groupby(
        raw.execute(
            "SELECT act,openness,salt,body,erased FROM act_part WHERE act > ? ORDER BY act, place",
            (after,),
        ),
        key=itemgetter(0),
    )
    ahead = next(parts, None)
    held = (ahead[0], [part[1:] for part in ahead[1]]) if ahead else None
    for row in rows:
        told = dict(zip(names, row, strict=True))
        while held is not None and held[0] < told["n"]:
            held = _next_group(parts)
        mine: list[tuple[int, Any, Any, Any]] = []
        if held is not None and held[0] == told["n"]:
            mine = held[1]
        yield told, mine


def _next_group(parts: Iterator[tuple[Any, Iterator[Any]]]) -> tuple[Any, list[Any]] | None:
    ahead = next(parts, None)
    return (ahead[0], [part[1:] for part in ahead[1]]) if ahead else None


_FILE_CHECKS = (
    ("PRAGMA cipher_integrity_check", None),
    ("PRAGMA integrity_check", "ok"),
    ("PRAGMA foreign_key_check", None),
)


def verify(
    raw: Any,
    folder: Path,
    *,
    after: int = 0,
    signatures: bool = True,
    progress: Progress | None = None,
    attachments: Attachments | None = None,
) -> Report:
    """Verify a book.

    Args:
        raw: A driver connection to it, which sees one state throughout.
        folder: Where the temporary encrypted file may lie.
        after: Only the acts behind this one, against the rows they touched; 0 is the whole.
        signatures: Whether to check every signature.
        progress: Told every 500 acts.
        attachments: Of the book: each one an act or a row names is read, when the whole is asked.

    Returns:
        The report; whatever stops the replay is its first finding.
    """
    progress = progress or Progress()
    replay = Replay(folder, signatures=signatures, base=after)
    try:
        try:
            if after:
                _continue(raw, replay, after)
            total = raw.execute("SELECT max(n) FROM act").fetchone()[0] or 0
            for row, parts in acts_of(raw, after):
                replay.act(row, parts)
                if row["n"] % 500 == 0:
                    progress.step(row["n"], total, Text(N_("Verifying the journal")))
            replay.compare(raw, whole=not after)
            _check_store(raw, replay.report)
            if not after:
                _check_file(raw, replay.report)
                _check_derived(raw, replay.report)
            if attachments is not None and not after:
                _check_attachments(raw, replay, attachments)
        except _Broken as broken:
            replay.report.findings.append(broken.finding)
        except dbapi2.DatabaseError:
            text = Text(N_("The file is damaged: a page of it cannot be read."))
            replay.report.findings.append(Finding(text))
        replay.report.until_act = replay.n
        return replay.report
    finally:
        replay.close()


def _check_file(raw: Any, report: Report) -> None:
    for pragma, well in _FILE_CHECKS:
        rows = raw.execute(pragma).fetchall()
        bad = [row for row in rows if row[0] != well]
        if bad:
            text = Text(N_("The file is damaged ({check})."), {"check": pragma.split()[1]})
            report.findings.append(Finding(text))


def _check_derived(raw: Any, report: Report) -> None:
    """Find what is kept beside the rows and is not what they say."""
    for table in metadata.tables.values():
        for statement in table.info.get("unlike", ()):
            row = raw.execute(statement).fetchone()
            if row is not None:
                told = Text(table.info["says"], {"table": table.name, "first": str(row[0])})
                report.findings.append(Finding(told, table=table.name))
                break


def _check_attachments(raw: Any, replay: Replay, attachments: Attachments) -> None:
    """Find photos that are named and are missing or not what they were."""
    health = attachments.health()
    findings = replay.report.findings
    if not health.readable:
        text = N_("The file of the photos is damaged. Put the photos back from the last copy.")
        findings.append(Finding(Text(text)))
        return
    lost = dict(replay.named)
    for table, column in attached_columns():
        for key, told in raw.execute(
            f"SELECT id, {column} FROM {table.name} WHERE {column} IS NOT NULL ORDER BY id"
        ):
            lost.pop(told, None)
            if told not in health.present or told in health.altered:
                findings.append(_lost_photo(table.name, key.hex(), damaged=told in health.altered))
    for told, n in lost.items():
        if told not in health.present or told in health.altered:
            earlier = Text(N_("Act {act}: an earlier photo it names is lost."), {"act": n})
            findings.append(Finding(earlier, n))


def _lost_photo(table: str, row: str, *, damaged: bool) -> Finding:
    message = (
        N_("The photo of row {row} of {table} is damaged. Put it back from a copy.")
        if damaged
        else N_("The photo of row {row} of {table} is missing. Put it back from a copy.")
    )
    return Finding(Text(message, {"row": row, "table": table}), table=table, row=row)


def _check_store(raw: Any, report: Report) -> None:
    """Find what no act speaks of: parts of no act, guards taken away or put in."""
    stray = raw.execute(
        "SELECT act FROM act_part WHERE act NOT IN (SELECT n FROM act) LIMIT 1"
    ).fetchone()
    if stray is not None:
        text = Text(N_("Act {act}: a part of it stands there without the act."), {"act": stray[0]})
        report.findings.append(Finding(text, stray[0]))
    wanted = {told for table in metadata.tables.values() for told in triggers_of(table)}
    found = raw.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type='trigger'").fetchall()
    if wanted != {sql for _, sql in found}:
        text = Text(N_("The guards that keep what was recorded were taken away or changed."))
        report.findings.append(Finding(text))


def _continue(raw: Any, replay: Replay, after: int) -> None:
    """Take up the chain behind an act that was verified before."""
    row = raw.execute(
        "SELECT device, incarnation, seq, hash FROM act WHERE n=?", (after,)
    ).fetchone()
    if row is None:
        text = Text(
            N_("Act {act} is missing; it was there at the last verification."), {"act": after}
        )
        raise _Broken(Finding(text, after))
    replay.chain[row[0]] = (row[1], row[2])
    replay.prev[row[0]] = row[3]
    for key, public in raw.execute("SELECT id, public_key FROM staff"):
        replay.keys[key] = Ed25519PublicKey.from_public_bytes(public)


def access_log_holds(raw: Any) -> bool:
    """Whether the access log's own chain holds."""
    last = b""
    for row in raw.execute(
        "SELECT wall,staff_id,question,subject,day,answer,hash FROM access ORDER BY n"
    ):
        told = sha256(b"stepdesk/a1\0" + last + repr(tuple(row[:6])).encode()).digest()
        if told != row[6]:
            return False
        last = told
    return True


def book_of(raw: Any) -> Any:
    """Return the book's own row."""
    return raw.execute(f"SELECT * FROM {book.name}").fetchone()
