"""`python -m pipeline`."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before there is anybody to say so in a sentence just ends

from pipeline.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
