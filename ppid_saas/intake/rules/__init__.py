"""Understanding a list as an office keeps it: its heading, its columns, its rows. Pure; bytes are read elsewhere."""

from ppid_saas.intake.rules.sheets import (
    Column,
    Confidence,
    Field,
    Merge,
    Row,
    RowKind,
    Sheet,
    Understanding,
    Workbook,
    tidy,
)
from ppid_saas.intake.rules.understanding import (
    best_sheet,
    data_rows,
    mapped_columns,
    row_values,
    understand,
    values_of,
)

__all__ = [
    "Column",
    "Confidence",
    "Field",
    "Merge",
    "Row",
    "RowKind",
    "Sheet",
    "Understanding",
    "Workbook",
    "best_sheet",
    "data_rows",
    "mapped_columns",
    "row_values",
    "tidy",
    "understand",
    "values_of",
]
