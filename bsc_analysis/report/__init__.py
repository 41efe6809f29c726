"""The report: its sections as notebooks, merged, rendered into the project's page, and published whole."""

import sys

# nbformat's validator would import a grammar of internet addresses that takes 1.3 to 6 s to build and that no notebook
# needs; without it jsonschema leaves that one format unchecked (python-jsonschema/jsonschema#1392, #1521).
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
