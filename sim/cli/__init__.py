"""The command line: parse, one call of the library, report."""

from sim.cli.group import main

__all__ = ["main"]
