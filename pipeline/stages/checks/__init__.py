"""Checks of one form against another, or of the run as a whole; each is declared in the `CHECKS` of its module."""
