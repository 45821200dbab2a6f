"""Commands of what leaves for the branch: show a month, pack it, read the branch's answer."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    REFUSED,
    TROUBLE,
    check_writable,
    desk_of,
    month_of,
    put,
    sign_second,
)
from stepdesk.cli.shared import written as written_file
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak, written
from stepdesk.values.month import Month

_LARGEST_ANSWER = 1 << 20


def show(told: argparse.Namespace) -> int:
    """Show what leaves of a month, in words, from the very bytes that leave."""
    from stepdesk.sync.queries import preview
    from stepdesk.sync.terms import State

    month = month_of(told.month)
    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        shown = desk.ask(preview, month)
    if told.pdf:
        from stepdesk.sync.papers import summary_pdf

        if not written_file(told.pdf, summary_pdf(shown, desk.language)):
            print(f"{told.pdf} could not be written.", file=sys.stderr)
    put(
        told,
        {
            "month": month,
            "state": shown.state,
            "closed": shown.state is not State.NOT_CLOSED,
            "hash": shown.hash,
            "size": len(shown.content),
            "policy": shown.policy,
            "practice": shown.practice,
            "size_class": shown.size_class,
            "address": shown.address,
            "own_fingerprint": shown.own,
            "figures": len(shown.lines),
            "hidden": shown.hidden,
            "lines": shown.lines,
            "content": json.loads(shown.content),
        },
        "\n".join(_sentences(shown)),
    )
    return DONE


def _sentences(shown: Any) -> list[str]:  # noqa: ANN401
    from stepdesk.sync.terms import STATES, State

    state = speak(Text(STATES[shown.state]), LANGUAGE)
    lines = [f"{shown.scheme}, {speak(Text('{m}', {'m': shown.month}), LANGUAGE)}: {state}"]
    if shown.state is State.NOT_CLOSED:
        lines.append("This month is not closed, so nothing leaves. These are provisional figures.")
    for group in shown.groups:
        lines += ["", speak(group.label, LANGUAGE)]
        lines += [_figure(line) for line in group.lines]
    to = shown.address
    lines += [
        "",
        f"{len(shown.lines)} figures, {shown.hidden} of them hidden; {len(shown.content)} bytes;"
        f" policy {shown.policy}, size class {shown.size_class.value}",
        f"Hash of what leaves: {shown.hash.hex()}",
        f"To: {to.name}, fingerprint {to.fingerprint}" if to else "To: no branch is known yet",
    ]
    if shown.own:
        lines.append(f"This scheme's own fingerprint: {shown.own}")
    lines.append("Nothing else leaves this computer.")
    return lines


def _figure(line: Any) -> str:  # noqa: ANN401
    from stepdesk.sync.terms import REASONS

    def told(value: Any) -> str:  # noqa: ANN401
        return written(value, LANGUAGE)

    if line.leaves is None:
        leaves = f"hidden: {speak(Text(REASONS[line.why]), LANGUAGE)}"
    else:
        leaves = told(line.leaves)
    before = "" if line.before is None else f"  (month before: {told(line.before)})"
    label = speak(line.label, LANGUAGE)
    return f"  {label:<34} {told(line.books):>16}  ->  {leaves}{before}"


def pack(told: argparse.Namespace) -> int:
    """Approve a closed month and write what has not reached the branch to a file."""
    from stepdesk.sync.queries import state_of
    from stepdesk.sync.service import approve_release, carry, keep_address
    from stepdesk.sync.service import pack as make_bundle
    from stepdesk.sync.terms import State

    month = month_of(told.month)
    if told.paper:
        check_writable(told.paper, "paper")
    card = _content(told.to, "card")
    if not told.out.is_dir():
        check_writable(told.out, "out")
    with desk_of(told) as desk:
        with desk.work("pack_return") as work:
            to = keep_address(work, card=card, accepting=frozenset(told.accept))
            if told.second:
                sign_second(told, work)
            release = approve_release(work, month=month)
            if state_of(work.connection, month) is State.ACKNOWLEDGED:
                raise _received_already(month)
            packed = make_bundle(work)
        path = carry(desk, packed, told.out)
        paper = _letter(told, desk, month) if told.paper else True
    months = ", ".join(str(one) for one in packed.months)
    put(
        told,
        {
            "file": path,
            "name": packed.name,
            "sha256": packed.sha256,
            "size": len(packed.content),
            "months": packed.months,
            "hash": release.hash,
            "single_control": release.single_control,
            "address": to,
        },
        f"{path}: {months}, {len(packed.content)} bytes, for {to.name} ({to.fingerprint}).\n"
        f"Hash of {month}: {release.hash.hex()}",
    )
    if not paper:
        print(f"The file is written; {told.paper} could not be.", file=sys.stderr)
    return DONE if paper else TROUBLE


def _letter(told: argparse.Namespace, desk: Any, month: Month) -> bool:  # noqa: ANN401
    from stepdesk.scheme.queries import scheme_on
    from stepdesk.sync.papers import letter_pdf
    from stepdesk.sync.service import pack_paper

    packed = desk.do(pack_paper, month=month)
    scheme = desk.ask(scheme_on, desk.today)
    letter = letter_pdf(packed, scheme=scheme.name, practice=desk.practice, language=desk.language)
    return written_file(told.paper, letter)


def _received_already(month: Month) -> Refusal:
    return Refusal(
        Text(
            N_("The branch has received {month} already. Send nothing more for it."),
            {"month": month},
        ),
        field="month",
    )


def acknowledge(told: argparse.Namespace) -> int:
    """Read the branch's answer; exit 1 when it refused a month."""
    from stepdesk.sync.service import acknowledge as take_answer

    receipt = _content(told.receipt, "receipt")
    with desk_of(told) as desk:
        answered = desk.do(take_answer, receipt=receipt)
    lines = [
        f"{one.month}: {speak(one.text, LANGUAGE)} ({one.hash.hex()})" for one in answered.answers
    ]
    if not answered.new:
        lines.append("This answer was read before; nothing changed.")
    if answered.unknown:
        lines.append(f"{answered.unknown} returns in it are not known to this book.")
    if answered.again:
        again = ", ".join(str(one) for one in answered.again)
        lines.append(f"The branch no longer has {again}: the next bundle carries it again.")
    put(told, {"acknowledged": answered}, "\n".join(lines))
    return DONE if all(one.accepted for one in answered.answers) else REFUSED


def _content(path: Path, field: str) -> bytes:
    """Return a file's content; more than can be meant is not read at all."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_ANSWER + 1)
    except OSError as error:
        raise Refusal(
            Text(
                N_("The file {name} cannot be read. Check the name, or put the stick in again."),
                {"name": path.name},
            ),
            field=field,
        ) from error


def add_arguments(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add `return show`, `return pack` and `return acknowledge`."""
    told = "What leaves for the branch: show, pack, acknowledge."
    one = commands.add_parser("return", help=told, description=told)
    kinds = one.add_subparsers(metavar="WHAT", required=True)

    def kind(name: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
        line = (run.__doc__ or "").splitlines()[0]
        made: argparse.ArgumentParser = kinds.add_parser(
            name, help=line, description=line, allow_abbrev=False, parents=[signed]
        )
        made.add_argument("book", type=Path)
        made.set_defaults(command=run)
        return made

    shown = kind("show", show)
    shown.add_argument("month", help="2026-11")
    shown.add_argument("--pdf", type=Path, metavar="FILE", help="write the summary page (A4)")
    packed = kind("pack", pack)
    packed.add_argument("month", help="2026-11")
    packed.add_argument("--to", type=Path, required=True, metavar="CARD", help="the branch's card")
    packed.add_argument("--out", type=Path, required=True, help="a file, or the stick's folder")
    packed.add_argument(
        "--second", metavar="NAME", help="who approves too: STEPDESK_SECOND_PASSWORD"
    )
    packed.add_argument(
        "--paper", type=Path, metavar="FILE", help="this month as codes on A4 too, for the post"
    )
    packed.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    answered = kind("acknowledge", acknowledge)
    answered.add_argument("receipt", type=Path, metavar="file", help="the branch's answer, .sdr")
