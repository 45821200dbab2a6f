"""Where a contribution's time goes, on the big book."""

import cProfile
import pstats
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import big_book
from benchmarks.writes import _paying

ROUNDS = 200


def profile_contribution(folder: Path) -> None:
    """Print the dearest functions of a contribution, and the statements it runs."""
    name = big_book.BIG
    desk, _ = big_book.opened(big_book.copy_of(name, folder), big_book.today_of(name))
    operations = _paying(desk, ROUNDS + 21, [])
    for operation in operations[:20]:
        operation()
    with desk.writer.connect() as connection:
        raw: Any = connection.connection.driver_connection
    asked: Counter[str] = Counter()
    raw.set_trace_callback(lambda statement: asked.update([" ".join(statement.split())[:110]]))
    operations[20]()
    raw.set_trace_callback(None)
    print(f"{asked.total()} statements in one contribution:")
    for statement, count in asked.items():
        print(f"  {count} × {statement}")
    profile = cProfile.Profile()
    profile.enable()
    for operation in operations[21:]:
        operation()
    profile.disable()
    _print(profile)
    desk.close()


def _print(profile: cProfile.Profile) -> None:
    stats: Any = pstats.Stats(profile)
    total = stats.total_tt / ROUNDS * 1000
    print(f"{total:.2f} ms each under the profiler, mean of {ROUNDS}")
    for order in ("cumulative", "tottime"):
        print(f"by {order}, ms each:")
        stats.sort_stats(order)
        for key in stats.fcn_list[:30]:
            calls, _, own, whole, _ = stats.stats[key]
            place = f"{Path(key[0]).parent.name}/{Path(key[0]).name}:{key[1]} {key[2]}"
            print(
                f"  {whole / ROUNDS * 1000:8.3f} whole {own / ROUNDS * 1000:8.3f} own"
                f" {calls / ROUNDS:7.1f} calls  {place}"
            )
