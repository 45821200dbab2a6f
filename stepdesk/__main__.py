"""`stepdesk` and `python -m stepdesk`."""

import sys


def main() -> int:
    """Open the window when nothing is asked for, else run a command."""
    if len(sys.argv) == 1:
        from stepdesk.app import run

        return run()
    from stepdesk.cli import run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
