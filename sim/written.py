"""Estimates as text, for commands and reports."""

from sim.analysis.written import digits, number, odds, share

__all__ = ["digits", "number", "odds", "share"]
