"""Estimates in words: as many digits as the interval bears, and what each outcome is called."""

from sim.written import Group, Named, digits, groups, number, odds, share, unforced

__all__ = ["Group", "Named", "digits", "groups", "number", "odds", "share", "unforced"]
