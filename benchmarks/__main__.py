"""`python -m benchmarks`: how far the desk is from bare floors taken in the same run.

Every figure is a median; ours and the floor take turns, so that what else the machine does
touches both.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from benchmarks.syncs import CACHE, Syncs, under_the_shim
from benchmarks.table import Effort, Table

NAMES = (
    *("writes", "reads", "checks", "claims", "members", "finding", "lists"),
    *("importing", "control", "papers", "start"),
)
PARTS = {"finding": "finding:run_many", "million": "finding:run_million"}
"""Where a part stands when it is not the `run` of its own module."""


def main(arguments: list[str]) -> int:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument(
        "--json", metavar="FILE", help="also write the figures; - writes them alone, here"
    )
    parser.add_argument("--only", choices=NAMES, action="append", help="only this part")
    parser.add_argument("--profile", action="store_true", help="where a contribution's time goes")
    parser.add_argument("--million", action="store_true", help="finding among a million")
    parser.add_argument(
        "--payments",
        type=int,
        metavar="N",
        help="make a book of N payments, tell its size and what one more costs:"
        " a million takes an hour and 8 GB",
    )
    parser.add_argument(
        "--at",
        type=Path,
        metavar="FOLDER",
        help="with --payments: measure the book made before in this folder, on copies of it",
    )
    parser.add_argument(
        "--claims",
        type=int,
        metavar="N",
        help="make a book of N claims, once: a what-if over 100,000 of them, and one more decided",
    )
    parser.add_argument(
        "--households",
        type=int,
        metavar="N",
        help="make a book of N households, two years old, and measure its long runs whole:"
        " 8,334 are 50,000 persons",
    )
    parser.add_argument(
        "--dues", type=int, metavar="N", help="tell the dues of a month of N households: 100,000"
    )
    told = parser.parse_args(arguments)
    again = under_the_shim(arguments)
    if again is not None:
        return again
    CACHE.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=CACHE))
    os.environ["STEPDESK_STATE"] = str(folder / "state")
    try:
        if told.profile:
            from benchmarks.profiling import profile_contribution

            profile_contribution(folder)
            return 0
        return _measure(told, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(told: argparse.Namespace, folder: Path) -> int:
    syncs, effort = Syncs(), Effort(quick=told.quick)
    table = Table(shim=syncs.there)
    if told.payments:
        from benchmarks.payments import run

        run(table, effort, syncs, folder, told.payments, told.at)
        print(table.text())
        return 0
    for module, count in (
        ("million_claims:run_million", told.claims),
        ("scale:run", told.households),
        ("multiplied:run", told.dues),
    ):
        if count:
            _part(module)(table, effort, syncs, folder, count)
            print(table.text())
            return 0
    for name in told.only or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        place = folder / name
        place.mkdir()
        wanted = "million" if name == "finding" and told.million else name
        _part(wanted)(table, effort, syncs, place)
        shutil.rmtree(place, ignore_errors=True)
    if told.json == "-":
        print(table.json())
        return 0
    print(table.text())
    if told.json:
        table.save(Path(told.json))
    return 0


def _part(name: str) -> Callable[..., None]:
    # Only what is asked for is imported: the start is measured in processes of its own.
    module, _, function = PARTS.get(name, name).partition(":")
    found = getattr(import_module(f"benchmarks.{module}"), function or "run")
    return cast("Callable[..., None]", found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
