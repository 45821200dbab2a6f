"""The command that measures the desk against bare floors on this machine."""

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import DONE, TROUBLE
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text

PARTS = (
    *("writes", "reads", "checks", "claims", "members", "finding", "lists"),
    *("importing", "papers"),
    "start",
)


def benchmark(told: argparse.Namespace) -> int:
    """Measure the desk against bare floors on this machine; takes minutes."""
    spec = find_spec("benchmarks")
    if spec is None or spec.origin is None:
        raise Refusal(
            Text(N_("The benchmarks come with the source of StepDesk. Run this in its folder."))
        )
    program = [sys.executable, "-m", "benchmarks"]
    program += ["--quick"] if told.quick else []
    program += [part for name in told.only for part in ("--only", name)]
    program += ["--json", "-"] if told.json else []
    root = Path(spec.origin).parent.parent
    return DONE if subprocess.run(program, cwd=root, check=False).returncode == 0 else TROUBLE


def add(command: Any) -> None:  # noqa: ANN401
    """Add the command to the parser."""
    one = command("benchmark", benchmark, plain_one=True)
    one.add_argument("--quick", action="store_true", help="fewer rounds")
    one.add_argument(
        "--only",
        action="append",
        default=[],
        choices=PARTS,
        help="only this part; may be repeated",
    )
