"""The two kinds of error that end a command through the user's doing; the command line gives each kind its exit code."""

from __future__ import annotations


class Refused(Exception):
    """The command cannot do what was asked for; the text is a Chinese sentence that says why and what to do."""


class NothingToWorkOn(Exception):
    """The input holds nothing that the command could work on; the text is a Chinese sentence."""
