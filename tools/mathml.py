"""Formulas as MathML, which every browser sets by itself: no script and no font is fetched.

Reads the LaTeX that the documentation uses and refuses any other.
"""

import re
from collections.abc import Callable
from html import escape

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]|\d+(?:\.\d+)?|\S")
LETTERS = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "lambda": "λ",
    "mu": "μ",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "Delta": "Δ",
}
SIGNS = {
    "times": "×",
    "cdot": "·",
    "leftarrow": "←",
    "neq": "≠",
    "mid": "|",
    "le": "≤",
    "ge": "≥",
    "sum": "∑",
    "int": "∫",
    "lfloor": "⌊",
    "rfloor": "⌋",
}
PRIME = "\N{PRIME}"
NAMES = ("ln", "min", "max", "exp")
SPACES = {"\\,": 0.17, "\\;": 0.28, "\\ ": 0.3, "\\quad": 1.0, "\\qquad": 2.0}
SIZES = ("\\left", "\\right", "\\bigl", "\\bigr", "\\Big", "\\big", "\\Bigl", "\\Bigr")
WORDS = {"\\text": "mtext", "\\texttt": 'mtext style="font-family: monospace"'}


def mathml(latex: str) -> str:
    """Return a displayed formula."""
    reader = _Reader(latex)
    return (
        f'<math display="block" xmlns="http://www.w3.org/1998/Math/MathML">{reader.row("")}</math>'
    )


class _Reader:
    """Reads a formula from left to right."""

    def __init__(self, latex: str) -> None:
        # The words of \text keep their spaces, so they are taken out before anything is split.
        self.words: list[str] = []
        self.tokens = TOKEN.findall(re.sub(r"(\\texttt|\\text)\{([^}]*)\}", self._word, latex))
        self.at = 0

    def _word(self, found: re.Match[str]) -> str:
        tag, text = WORDS[found[1]], escape(found[2].replace("\\_", "_"))
        text = re.sub(r"^ | $", "\N{NO-BREAK SPACE}", text)
        self.words.append(f"<{tag}>{text}</mtext>")
        return rf"\word{{{len(self.words) - 1}}}"

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def row(self, *ends: str) -> str:
        """Read until one of `ends`, which is left."""
        parts = []
        while self.peek() not in ends:
            parts.append(self.scripted())
        return f"<mrow>{''.join(parts)}</mrow>"

    def scripted(self) -> str:
        """Read an atom with what stands below and above it."""
        base, scripts = self.atom(), {}
        while self.peek() in ("_", "^"):
            sign = self.next()
            scripts[sign] = self.atom()
        primes = 0
        while self.peek() == "'":
            primes += len(self.next())
        if primes:
            scripts["^"] = f"<mo>{PRIME * primes}</mo>"
            if self.peek() == "_":
                self.next()
                scripts["_"] = self.atom()
        if set(scripts) == {"_", "^"}:
            return f"<msubsup>{base}{scripts['_']}{scripts['^']}</msubsup>"
        if "_" in scripts:
            return f"<msub>{base}{scripts['_']}</msub>"
        return f"<msup>{base}{scripts['^']}</msup>" if "^" in scripts else base

    def group(self) -> str:
        self.expect("{")
        row = self.row("}")
        self.expect("}")
        return row

    def expect(self, token: str) -> None:
        if (found := self.next()) != token:
            raise ValueError(f"{token!r} expected in a formula, not {found!r}")

    def atom(self) -> str:
        token = self.peek()
        if token == "{":
            return self.group()
        self.next()
        if token in SIZES:
            delimiter = self.next()
            sign = SIGNS.get(delimiter[1:], delimiter)
            stretchy = "true" if token in ("\\left", "\\right") else "false"
            return f'<mo fence="true" stretchy="{stretchy}">{sign}</mo>'
        if token in SPACES:
            return f'<mspace width="{SPACES[token]}em"/>'
        if token.startswith("\\"):
            return self.command(token[1:])
        if token.isdigit() or re.match(r"\d", token):
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{token}</mi>"
        stretchy = ' stretchy="false"' if token in "()[]" else ""
        return f"<mo{stretchy}>{escape({'-': '−'}.get(token, token))}</mo>"

    def command(self, name: str) -> str:
        special: dict[str, Callable[[], str]] = {
            "frac": lambda: f"<mfrac>{self.group()}{self.group()}</mfrac>",
            "tfrac": lambda: f"<mfrac>{self.group()}{self.group()}</mfrac>",
            "word": lambda: self.words[int(re.sub(r"\D", "", self.group()))],
            "begin": self.cases,
        }
        if name in special:
            return special[name]()
        if name in LETTERS:
            return f"<mi>{LETTERS[name]}</mi>"
        if name in SIGNS:
            return f"<mo>{SIGNS[name]}</mo>"
        if name in NAMES:
            return f"<mi>{name}</mi><mspace width='0.17em'/>"
        raise ValueError(f"\\{name} is unknown here: add it to tools/mathml.py")

    def cases(self) -> str:
        while self.next() != "}":  # {cases}, letter by letter
            pass
        rows: list[list[str]] = [[]]
        while True:
            rows[-1].append(f"<mtd>{self.row('&', chr(92) * 2, chr(92) + 'end')}</mtd>")
            sign = self.next()
            if sign == "\\end":
                break
            if sign == "\\\\":
                rows.append([])
        while self.next() != "}":
            pass
        cells = "".join(f"<mtr>{''.join(row)}</mtr>" for row in rows)
        return f'<mo fence="true">{{</mo><mtable columnalign="left">{cells}</mtable>'
