"""The program with a window."""


def run() -> int:
    """Open the window."""
    from stepdesk.ui.start import run_window

    return run_window()
