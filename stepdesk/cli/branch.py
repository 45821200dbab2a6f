"""Commands of a branch: make one, take in what schemes sent, show it. No password.

The store is protected by the server's disk and file rights; see docs/bundle.md.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepdesk.cli.shared import DONE, LANGUAGE, REFUSED, TROUBLE, put
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, amount_text, speak
from stepdesk.values.money import Currency, Money

if TYPE_CHECKING:
    from stepdesk.branch.engine import Store
    from stepdesk.branch.terms import MonthHeld, Received, SchemeKnown


def add_branch(commands: Any, shared: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add `branch` and its commands to the parser."""
    told = "The receiving side: a branch, its schemes, their months."
    kinds = commands.add_parser("branch", help=told, description=told).add_subparsers(
        metavar="WHAT", required=True
    )

    def one(name: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
        made: argparse.ArgumentParser = kinds.add_parser(
            name, help=run.__doc__, description=run.__doc__, allow_abbrev=False, parents=[shared]
        )
        made.set_defaults(command=run)
        made.add_argument("store", type=Path, help="the folder of the branch")
        return made

    made = one("new", new)
    made.add_argument("--practice", action="store_true", help="for ever a practice branch")
    made.add_argument("--name", help="what stands on its card; the folder's name when left out")
    taking = one("receive", receive)
    taking.add_argument("files", type=Path, nargs="+", metavar="FILE", help="bundles (.sdb)")
    taking.add_argument("--out", type=Path, metavar="DIR", help="where receipts go; else beside")
    one("show", show).add_argument("scheme", nargs="?", help="the first digits of its fingerprint")
    one("accept", accept).add_argument("scheme", help="the first digits of its fingerprint")


def new(told: argparse.Namespace) -> int:
    """Make a new branch and its card."""
    from stepdesk.branch.engine import CARD
    from stepdesk.branch.service import new_branch

    name = told.name if told.name is not None else told.store.resolve().name
    with new_branch(told.store, name=name, practice=told.practice) as store:
        card = store.card
    kind = "A practice branch" if card.practice else "A branch"
    put(
        told,
        {
            "name": card.name,
            "practice": card.practice,
            "fingerprint": card.fingerprint,
            "card": told.store / CARD,
        },
        f"{told.store}: {card.name}. {kind}. Give {CARD} to its schemes; its fingerprint is\n"
        f"  {card.fingerprint}",
    )
    return DONE


def receive(told: argparse.Namespace) -> int:
    """Take in bundles and write a receipt for each; exit 1 if any was refused."""
    from stepdesk.branch.engine import open_store

    with open_store(told.store) as store:
        answers = [_received(store, path, told.out) for path in told.files]
    put(told, {"files": answers}, "")
    for one in answers:
        good = one["exit"] == DONE
        if not (good and told.json):
            print(one["sentence"], file=sys.stdout if good else sys.stderr)
    worst: int = max(one["exit"] for one in answers)
    return worst


def _received(store: "Store", path: Path, out: Path | None) -> dict[str, Any]:
    """Take in one file; whatever is wrong with it is told, and the next goes on."""
    from stepdesk.branch.service import receive as take_in
    from stepdesk.store.clock import SystemClock
    from stepdesk.sync.wire.failures import WireError

    try:
        done = take_in(store, _read(path), now=SystemClock().now())
    except WireError as error:
        return _refused(path, error.text, error.code)
    except Refusal as refusal:
        return _refused(path, refusal.text, "unreadable")
    except Trouble as trouble:
        return {**_refused(path, trouble.text, "trouble"), "exit": TROUBLE}
    answer = {
        "file": path,
        "exit": REFUSED if done.refused else DONE,
        "scheme": done.fingerprint,
        "state": done.state,
        "new_scheme": done.new_scheme,
        "again": done.again,
        "results": done.results,
        "months": done.months,
        "sentence": f"{path.name}: {' '.join(_sentences(done))}",
        "receipt": None,
    }
    return {**answer, **_receipt_written(path, out, done)}


def _read(path: Path) -> bytes:
    from stepdesk.sync.wire.codes import START, joined
    from stepdesk.sync.wire.container import LARGEST_FILE

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Refusal(
            Text(N_("This file cannot be read. Check the stick and the name, then try again.")),
            field="file",
        ) from error
    # What a reader of codes wrote down from paper, a line a code.
    return (
        joined(content.decode("ascii", "replace").splitlines())
        if content.startswith(START)
        else content
    )


def _refused(path: Path, text: Text, code: str) -> dict[str, Any]:
    sentence = f"{path.name}: {speak(text, LANGUAGE)}"
    return {"file": path, "exit": REFUSED, "code": code, "sentence": sentence, "receipt": None}


def _sentences(done: "Received") -> Iterator[str]:
    from stepdesk.sync.wire.outcome import REASONS

    months = ", ".join(str(month) for month, _ in done.months)
    short = done.fingerprint[:9]
    if done.again:
        yield f"here already, nothing changed; scheme {short}, {months}."
    else:
        statuses = sorted({one.status.value for one in done.results})
        yield f"scheme {short}, {months}: {', '.join(statuses)}."
    for code in done.refused:
        yield speak(REASONS[code], LANGUAGE)
    if done.new_scheme:
        yield (
            "This scheme is new here. Compare its fingerprint on the telephone, then accept it: "
            f"{done.fingerprint}."
        )


def _receipt_written(path: Path, out: Path | None, done: "Received") -> dict[str, Any]:
    from stepdesk.store.files import write_whole

    target = (out or path.parent) / done.receipt_name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, done.receipt)
    except (OSError, Trouble):
        sentence = (
            f"{path.name}: read, but its receipt {done.receipt_name} could not be written. "
            "Receive the same file again when the disk has room: the receipt is the same."
        )
        return {"exit": TROUBLE, "sentence": sentence}
    return {"receipt": target}


def show(told: argparse.Namespace) -> int:
    """Show the schemes of a branch, or the months of one."""
    from stepdesk.branch.engine import open_store
    from stepdesk.branch.queries import months_of, schemes_on

    with open_store(told.store) as store:
        known = schemes_on(store)
        if told.scheme is None:
            answer: dict[str, object] = {
                "name": store.card.name,
                "practice": store.card.practice,
                "fingerprint": store.card.fingerprint,
                "schemes": known,
            }
            lines = [f"{store.card.name}, {store.card.fingerprint}", *map(_scheme_line, known)]
        else:
            one = _named(known, told.scheme)
            months = months_of(store, one.scheme)
            answer = {"scheme": one, "months": months}
            lines = [_scheme_line(one), *(line for month in months for line in _month(month))]
    put(told, answer, "\n".join(lines))
    return DONE


def accept(told: argparse.Namespace) -> int:
    """Accept a scheme whose fingerprint was compared."""
    from stepdesk.branch.engine import open_store
    from stepdesk.branch.queries import schemes_on
    from stepdesk.branch.service import accept_scheme

    with open_store(told.store) as store:
        one = _named(schemes_on(store), told.scheme)
        accept_scheme(store, scheme=one.scheme)
    put(told, {"scheme": one.fingerprint}, f"{one.fingerprint}: accepted.")
    return DONE


def _named(known: "tuple[SchemeKnown, ...]", asked: str) -> "SchemeKnown":
    digits = re.sub(r"[\s-]", "", asked)
    found = [one for one in known if one.fingerprint.replace(" ", "").startswith(digits)]
    if len(found) != 1 or len(digits) < 4:
        raise Refusal(
            Text(
                N_(
                    "No single scheme here has a fingerprint that begins with {asked}. "
                    "Look at the list, and type at least four digits."
                ),
                {"asked": asked},
            ),
            field="scheme",
        )
    return found[0]


def _scheme_line(one: "SchemeKnown") -> str:
    last = f", last {one.last_month}" if one.last_month else ""
    gaps = f", missing {', '.join(map(str, one.gaps))}" if one.gaps else ""
    apart = f", {one.quarantined} kept apart" if one.quarantined else ""
    return f"{one.short}  {one.state.value}  {one.months} months{last}{gaps}{apart}"


def _month(held: "MonthHeld") -> Iterator[str]:
    from stepdesk.sync.wire.cells import TABLES

    restated = f", revision {held.rev}" if held.rev else ""
    kind = ", PRACTICE" if held.practice else ""
    yield f"{held.month}{restated}, {held.currency}, size {held.size_class}, {held.policy}{kind}"
    for code, row in held.cells.items():
        table = TABLES[code]
        told = ", ".join(
            f"{speak(Text(cell.label), LANGUAGE)} {_figure(held, cell.kind.value, value)}"
            for cell, value in zip(table.cells, row, strict=True)
        )
        yield f"  {speak(Text(table.label), LANGUAGE)}: {told}"


def _figure(held: "MonthHeld", kind: str, value: int | None) -> str:
    from stepdesk.sync.wire.cells import CURRENCIES

    if value is None:
        return "hidden"
    if kind == "count":
        return str(value)
    return amount_text(Money(value, Currency(held.currency, CURRENCIES[held.currency])), LANGUAGE)
