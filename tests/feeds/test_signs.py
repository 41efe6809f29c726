"""Money whose sign says again what its kind says: refused, until the params declare the habit."""

import pytest

from bsc_analysis.errors import FeedError
from tests.builders import read, table_feed

COLUMNS = {"practice": "clinic", "transaction_id": "id", "service_at": "day", "posted_at": "day", "kind": "kind"}
COLUMNS |= {"amount": "amount"}
HEADER = "clinic,id,day,kind,amount\n"


def postings(contractual: float, n: int = 12, reversals: int = 1) -> str:
    lines = [f"a,c{i},2026-01-05,charge,500\na,x{i},2026-01-05,contractual,{contractual}\n" for i in range(n)]
    return HEADER + "".join(lines) + "".join(f"a,r{i},2026-01-06,charge,-500\n" for i in range(reversals))


def test_a_kind_whose_amounts_are_negative_is_refused_with_the_mend(tmp_path):
    with pytest.raises(FeedError) as error:
        read(tmp_path, table_feed("transactions", COLUMNS), {"in.csv": postings(-200)})
    assert "amounts  are below 0 for contractual in 12 of 12 rows" in str(error.value)
    assert str(error.value).endswith("negative: [contractual]")


def test_declared_they_are_turned_and_reversals_stay(tmp_path):
    spec = table_feed("transactions", COLUMNS, negative=["contractual"])
    found = read(tmp_path, spec, {"in.csv": postings(-200)}).rows
    assert found.groupby("kind")["amount"].sum().to_dict() == {"charge": 5500.0, "contractual": 2400.0}
    with pytest.raises(FeedError):
        read(tmp_path / "again", spec, {"in.csv": postings(200)})


def test_few_rows_are_no_habit(tmp_path):
    assert len(read(tmp_path, table_feed("transactions", COLUMNS), {"in.csv": postings(-200, 9, 3)}).rows) == 21
