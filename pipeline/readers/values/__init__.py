"""Typed text to values: numbers, units, ticks and N / M pairs."""
