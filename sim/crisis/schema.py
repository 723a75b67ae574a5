"""JSON Schemas of the TOML files, for editors that complete and check them.

``python -m sim.crisis.schema DIR`` writes one for every kind of file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.crisis.draft import KINDS
from sim.crisis.experiment import ExperimentFile
from sim.crisis.patterns import PatternsFile

__all__ = ["main", "schema", "schemas"]

#: The files of a scenario, and those beside them on which no scenario depends.
FILES: dict[str, type[BaseModel]] = {
    **KINDS,
    "patterns": PatternsFile,
    "experiment": ExperimentFile,
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: str) -> dict[str, Any]:
    """Make the JSON Schema of one kind of file.

    Parameters
    ----------
    kind : str
        crisis, ladder, actors, statements, rules, propensities, scenario, patterns or experiment.

    Returns
    -------
    dict
    """
    made: dict[str, Any] = _mended(FILES[kind].model_json_schema())
    return {"$schema": DIALECT, "$id": f"{kind}.schema.json", **made}


def schemas() -> dict[str, str]:
    """Give the text of every schema by the name of its file."""
    return {
        f"{kind}.schema.json": json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"
        for kind in FILES
    }


def _mended(node: Any) -> Any:
    """Drop null as a choice and as a default, for TOML has none; count entries of tables."""
    if isinstance(node, list):
        return [_mended(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {
        key: _mended(value)
        for key, value in node.items()
        if not (key == "default" and value is None)
    }
    if made.get("type") == "object" and "minLength" in made:
        made["minProperties"] = made.pop("minLength")
    arms = made.get("anyOf")
    if isinstance(arms, list) and {"type": "null"} in arms:
        rest = [arm for arm in arms if arm != {"type": "null"}]
        del made["anyOf"]
        made = {**rest[0], **made} if len(rest) == 1 else {**made, "anyOf": rest}
    return made


def main(arguments: list[str]) -> int:
    """Write the schemas into the folder that the command line names."""
    if len(arguments) != 1:
        print("usage: python -m sim.crisis.schema DIR", file=sys.stderr)
        return 2
    target = Path(arguments[0])
    target.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (target / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
