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
from pathlib import Path

from benchmarks.syncs import CACHE, Syncs, under_the_shim
from benchmarks.table import Effort, Table

NAMES = ("writes", "reads", "checks", "claims", "members", "start")


def main(arguments: list[str]) -> int:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument(
        "--json", metavar="FILE", help="also write the figures; - writes them alone, here"
    )
    parser.add_argument("--only", choices=NAMES, action="append", help="only this part")
    parser.add_argument("--profile", action="store_true", help="where a contribution's time goes")
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
    for name in told.only or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        place = folder / name
        place.mkdir()
        _part(name)(table, effort, syncs, place)
        shutil.rmtree(place, ignore_errors=True)
    if told.json == "-":
        print(table.json())
        return 0
    print(table.text())
    if told.json:
        table.save(Path(told.json))
    return 0


def _part(name: str) -> Callable[[Table, Effort, Syncs, Path], None]:
    # Only what is asked for is imported: the start is measured in processes of its own.
    if name == "writes":
        from benchmarks.writes import run
    elif name == "reads":
        from benchmarks.reads import run
    elif name == "checks":
        from benchmarks.checks import run
    elif name == "claims":
        from benchmarks.claims import run
    elif name == "members":
        from benchmarks.members import run
    else:
        from benchmarks.start import run
    return run


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
