"""How often the disk is asked to make sure, and a disk that takes its time over it."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE / "cache"
_MARK = "STEPDESK_BENCH_SHIM"


class Syncs:
    """The counter of the process; without a compiler it counts nothing and slows nothing."""

    def __init__(self) -> None:
        told = os.environ.get(_MARK)
        self._library = ctypes.CDLL(told) if told else None
        if self._library is not None:
            self._library.stepdesk_syncs.restype = ctypes.c_ulong

    @property
    def there(self) -> bool:
        return self._library is not None

    def count(self) -> int:
        return 0 if self._library is None else int(self._library.stepdesk_syncs())

    @contextmanager
    def slowed(self, milliseconds: int) -> Iterator[None]:
        """Let each sync take so much longer."""
        if self._library is None:
            raise RuntimeError("nothing counts the syncs of this process")
        self._library.stepdesk_sync_ms(milliseconds)
        try:
            yield
        finally:
            self._library.stepdesk_sync_ms(0)


def shim() -> Path | None:
    """Compile the shim once; None where there is no compiler or no such preloading."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    source = HERE / "syncs.c"
    built = CACHE / f"syncs-{sha256(source.read_bytes()).hexdigest()[:12]}.so"
    if not built.exists():
        CACHE.mkdir(exist_ok=True)
        part = built.with_suffix(f".{os.getpid()}")
        done = subprocess.run(
            [compiler, "-O2", "-shared", "-fPIC", "-o", str(part), str(source), "-ldl"],
            check=False,
        )
        if done.returncode != 0:
            return None
        part.replace(built)
    return built


def under_the_shim(arguments: list[str]) -> int | None:
    """Run the benchmarks again under the shim; None when this process must do the work."""
    if _MARK in os.environ:
        return None
    library = shim()
    if library is None:
        print(
            "No C compiler: syncs are not counted and the slow disk is left blank.",
            file=sys.stderr,
        )
        return None
    around = {**os.environ, "LD_PRELOAD": str(library), _MARK: str(library)}
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], env=around, check=False
    ).returncode


def bare_environment() -> dict[str, str]:
    """Return the environment without the shim, for processes that are timed from outside."""
    return {name: told for name, told in os.environ.items() if name not in {"LD_PRELOAD", _MARK}}
