"""`python -m pipeline`."""

import signal

if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before there is anybody to say so in a sentence just ends

from pipeline.cli import main

if __name__ == "__main__":
    main()
