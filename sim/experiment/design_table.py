"""Design points as a table, with every value in its own type, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.crisis.stored import dumps, loads
from sim.experiment.design import Design

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["design_table", "read_design", "row_of"]

#: Marks a column whose values are of several types, each written as JSON.
MIXED = {b"values": b"json"}


def design_table(design: Design) -> pa.Table:
    """Return a table with `point` and a column a factor.

    Numbers, texts, flags and dates keep their type; a factor whose levels are of several types is
    written as JSON texts, and its column says so.
    """
    import pyarrow as pa

    fields, columns = [pa.field("point", pa.int32())], [np.arange(len(design), dtype=np.int32)]
    for k, name in enumerate(design.names):
        column, kind, mixed = _typed(design.column(k))
        fields.append(pa.field(name, kind, metadata=MIXED if mixed else None))
        columns.append(column)
    arrays = [pa.array(c, type=f.type) for c, f in zip(columns, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _typed(column: list[Any]) -> tuple[Any, Any, bool]:
    import pyarrow as pa

    kinds = {type(value) for value in column}
    if kinds == {int, float}:
        kinds = {float}
    known = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
    known[datetime] = pa.timestamp("us")
    if len(kinds) == 1 and (kind := kinds.pop()) in known:
        return [kind(v) if kind is float else v for v in column], known[kind], False
    return [dumps(value) for value in column], pa.string(), True


def read_design(table: pa.Table) -> pd.DataFrame:
    """Read what `design_table` made: index `point`, a column a factor, values as they were."""
    import pandas as pd

    frame: pd.DataFrame = table.to_pandas().set_index("point")
    for field in table.schema:
        if (field.metadata or {}).get(b"values") == b"json":
            frame[field.name] = pd.Series(
                [loads(text) for text in frame[field.name]], frame.index, object
            )
    return frame


def row_of(frame: pd.DataFrame, point: int) -> Iterator[Any]:
    """Give the values of a design point, a value a factor, in Python's own types."""
    for name in frame.columns:
        value = frame[name].array[point]
        own = getattr(value, "to_pydatetime", getattr(value, "item", lambda value=value: value))
        yield own()
