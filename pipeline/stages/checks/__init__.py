"""Checks that compare one form with another or with the run as a whole."""
