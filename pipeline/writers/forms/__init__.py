"""Blank forms and experts' packs."""
