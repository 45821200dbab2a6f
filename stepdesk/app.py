"""The program with a window."""

import sys


def run() -> int:
    """Open the window on the book used last and stay until it is closed."""
    from stepdesk.ui.start import run_window

    return run_window(sys.argv)
