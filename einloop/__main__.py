"""`python -m einloop`, and the command `einloop`."""

import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line and end the process; an interrupt gives one line and 130 wherever it comes."""
    try:
        from .cli import main

        code = main()
    except KeyboardInterrupt:  # while modules were loaded: later `main` catches it
        from .core.console import tell

        tell("interrupted\n")
        code = 130
    signal = sys.modules.get("signal")  # a plain start does not load it
    if signal is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is printed: nothing is left but to clean up
    sys.exit(code)


if __name__ == "__main__":
    run()
