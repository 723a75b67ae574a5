"""What the documentation site needs beyond Markdown: called by MkDocs (`hooks` in mkdocs.yml).

Pages in docs/ are written to be read in the repository too. So that they say the same on the site,
files that they link outside docs/ become pages or files of the site, notebooks become pages,
citations such as [@wilson1927] become links into the list of references, and formulas MathML.
"""

import base64
import html
import json
import posixpath
import re
from pathlib import Path
from typing import Any

from mathml import mathml
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = "repository"  # folder of the site for what lies outside docs/
REFERENCES = "references.md"
LINK = re.compile(r"(\]\()([^)\s]+)(\))")
CODE = re.compile(r"^(```.*?^```|    .*?)$", re.M | re.S)
CITATION = re.compile(r"\[(@[a-z]+\d{4}(?:; @[a-z]+\d{4})*)\]")
LANGUAGES = {".py": "python", ".toml": "toml", ".c": "c", ".bib": "bibtex", ".cff": "yaml"}
NOTHING = re.compile(r'\s*–\s*<div class="doc-md-description">\s*</div>')
ACCENTS = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303"}


# --- Files outside docs/ --------------------------------------------------------------------


def place(path: str) -> str:
    """Say where in the site a file of the repository goes."""
    if path == "docs/references.bib":
        return REFERENCES
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    if Path(path).suffix in (".md", ".png", ".svg"):
        return f"{OUTSIDE}/{path}"
    return f"{OUTSIDE}/{path}.md"


def links(text: str) -> list[str]:
    """List the relative links of a Markdown text, those in code left out."""
    found = [match[2] for match in LINK.finditer(CODE.sub("", text))]
    return [link for link in found if not re.match(r"[a-z]+:|#", link)]


def target(link: str, page: str) -> str:
    """Return the file of the repository that a link of one of its pages means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), link.partition("#")[0]))


def relinked(text: str, page: str) -> str:
    """Return a page of the repository with its links as they have to be on the site."""
    here = posixpath.dirname(place(page))

    def moved(match: re.Match[str]) -> str:
        link = match[2]
        if re.match(r"[a-z]+:|#", link) or not (ROOT / target(link, page)).is_file():
            return match[0]
        there = posixpath.relpath(place(target(link, page)), here or ".")
        anchor = link.partition("#")[1:]
        return match[1] + there + "".join(anchor) + match[3]

    return LINK.sub(moved, text)


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are made from files outside docs/, and the references."""
    bibliography = (ROOT / "docs/references.bib").read_text(encoding="utf-8")
    files.append(File.generated(config, REFERENCES, content=references(entries(bibliography))))
    stray = files.get_file_from_path("references.bib")
    if stray is not None:
        files.remove(stray)
    todo = [f"docs/{file.src_uri}" for file in files.documentation_pages() if file.abs_src_path]
    todo += [path.relative_to(ROOT).as_posix() for path in (ROOT / "notebooks").glob("*.ipynb")]
    seen = set(todo)
    while todo:
        path = todo.pop()
        text = ""
        if path.endswith(".ipynb"):
            text, pictures = notebook(path)
            for name, content in pictures.items():
                files.append(File.generated(config, name, content=content))
        elif path.endswith(".md"):
            text = (ROOT / path).read_text(encoding="utf-8")
        for link in links(text):
            found = target(link, path)
            if found not in seen and (ROOT / found).is_file():
                seen.add(found)
                todo.append(found)
        if not path.startswith("docs/"):
            files.append(generated(config, path, text))
    return files


def generated(config: Any, path: str, text: str) -> File:
    """Return a file of the repository as one of the site."""
    name, suffix = place(path), Path(path).suffix
    if suffix in (".png", ".svg"):
        return File.generated(config, name, abs_src_path=str(ROOT / path))
    if suffix not in (".md", ".ipynb"):
        source = (ROOT / path).read_text(encoding="utf-8").rstrip("\n")
        fence = "`" * 6
        kind = LANGUAGES.get(suffix, "text")
        text = f"# {Path(path).name}\n\n`{path}`\n\n{fence}{kind}\n{source}\n{fence}\n"
        text = f"---\nsearch:\n  exclude: true\nhide:\n  - toc\n---\n{text}"
    return File.generated(config, name, content=text)


def on_page_markdown(text: str, page: Any, **_: Any) -> str:
    """Set formulas, and turn links to files of the repository to where they are here."""
    uri = page.file.src_uri
    source = f"docs/{uri}"
    if uri.startswith(OUTSIDE):
        source = uri.removeprefix(f"{OUTSIDE}/")
        if not (ROOT / source).is_file():
            source = source.removesuffix(".md")
    if source.endswith((".md", ".ipynb")) and uri != REFERENCES:
        text = relinked(text, source)
    return re.sub(
        r"^```math\n(.*?)^```$",
        lambda found: f'<div class="formula" tabindex="0">{mathml(found[1])}</div>',
        text,
        flags=re.M | re.S,
    )


# --- Notebooks ------------------------------------------------------------------------------


def notebook(path: str) -> tuple[str, dict[str, bytes]]:
    """Return a notebook as Markdown, and its pictures by their place in the site."""
    parts, pictures = [], {}
    for cell in json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "image/png" in data:
                name = f"{place(path).removesuffix('.ipynb.md')}-{len(pictures) + 1}.png"
                pictures[name] = base64.b64decode("".join(data["image/png"]))
                alt = output["metadata"]["image/png"]["alt"].replace("[", "(").replace("]", ")")
                parts.append(f"![{alt}]({Path(name).name})")
            elif "text/html" in data:
                table = re.sub(r"<style.*?</style>", "", "".join(data["text/html"]), flags=re.S)
                parts.append(re.sub(r"\n\s*", "", table))
            elif "text/markdown" in data:
                parts.append("".join(data["text/markdown"]))
            else:
                text = "".join(output.get("text", data.get("text/plain", [])))
                parts.append(f"```text\n{text.rstrip()}\n```")
    return "\n\n".join(parts) + "\n", pictures


# --- Citations ------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Return a value of BibTeX as text."""
    text = re.sub(r"""\\(["'`^~])\{?\\?([a-zA-Z])\}?""", lambda m: m[2] + ACCENTS[m[1]], text)
    text = text.replace("{\\o}", "ø").replace("\\&", "&").replace("--", "\N{EN DASH}")
    return re.sub(r"\s+", " ", text.replace("{", "").replace("}", "")).strip()


def entries(bibliography: str) -> dict[str, dict[str, str]]:
    """Read the entries of a BibTeX file, field by field."""
    found = {}
    for match in re.finditer(r"^@\w+\{([^,]+),\n(.*?)^\}", bibliography, flags=re.M | re.S):
        fields = re.findall(r"^\s*(\w+)\s*=\s*\{(.*?)\},?$", match[2], flags=re.M | re.S)
        found[match[1]] = {name: plain(value) for name, value in fields}
    return found


def authors(entry: dict[str, str]) -> list[str]:
    return entry.get("author", entry.get("editor", "")).split(" and ")


def short(entry: dict[str, str]) -> str:
    """Name an entry as a text does: Agresti and Min 2005."""
    names = [name.split(",")[0] for name in authors(entry)]
    who = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
    return f"{who} {entry['year']}"


def references(found: dict[str, dict[str, str]]) -> str:
    """Return the list of references as a page."""
    rows = ["# References", "", "What the pages and the docstrings cite.", ""]
    for key, entry in sorted(found.items(), key=lambda item: short(item[1])):
        where = entry.get("journal") or entry.get("booktitle") or entry.get("publisher")
        where = where or entry.get("institution") or entry.get("howpublished") or ""
        issue = entry.get("volume", "") + (f"({entry['number']})" if "number" in entry else "")
        place_ = ", ".join(filter(None, [f"*{where}*" if where else "", issue, entry.get("pages")]))
        link = f" [doi:{entry['doi']}](https://doi.org/{entry['doi']})" if "doi" in entry else ""
        row = f"{'; '.join(authors(entry))} ({entry['year']}). {entry['title']}. {place_}.{link}"
        rows.append(f'- <span id="{key}"></span>{row}')
    return "\n".join(rows) + "\n"


def on_env(env: Any, **_: Any) -> Any:
    """Read the references once a build."""
    KNOWN.update(entries((ROOT / "docs/references.bib").read_text(encoding="utf-8")))
    return env


KNOWN: dict[str, dict[str, str]] = {}


def on_page_content(text: str, page: Any, **_: Any) -> str:
    """Turn citations into links; docstrings have them too, so it is done last.

    What a docstring names without a word on it keeps no dash before nothing.
    """
    text = NOTHING.sub("", text)
    known = KNOWN or entries((ROOT / "docs/references.bib").read_text(encoding="utf-8"))
    url = get_relative_url("references.html", page.url)

    def linked(match: re.Match[str]) -> str:
        keys = [key.lstrip("@") for key in match[1].split("; ")]
        return "; ".join(
            f'<a href="{url}#{key}">{html.escape(short(known[key]))}</a>' for key in keys
        ).join("()")

    return CITATION.sub(linked, text)
