"""An export's words become ours; what nobody mapped is quarantined, and too much of it refuses the file."""

import pytest

from bsc_analysis.errors import FeedError
from tests.builders import VISITS, counts, read, refusals, rows, table_feed, visits

HEADER = "clinic,visit,mrn,at,status\n"
STATUS = {"status": {"NS": "no_show", "N/S": "no_show", "Cxl <24h": "late_cancel", "Done": "kept", "kept": "cancelled"}}


def lines(*statuses):
    return HEADER + "".join(f"a,v{i},p,2026-01-05 09:00,{status}\n" for i, status in enumerate(statuses))


def test_mapped_values_win_and_ours_still_pass(tmp_path):
    delivery = visits(tmp_path, lines("NS", " N/S ", "Cxl <24h", "Done", "kept", "booked"), values=STATUS)
    assert rows(delivery.rows, "status") == ["no_show", "no_show", "late_cancel", "kept", "cancelled", "booked"]
    assert counts(delivery) == "6 = 6 + 0 + 0"


@pytest.mark.parametrize("odd", ["ns", "Arrived", "no_show kept"])
def test_up_to_one_in_a_hundred_unmapped_is_quarantined(tmp_path, odd):
    delivery = visits(tmp_path, lines(*["NS"] * 99, odd), values=STATUS)
    assert counts(delivery) == "100 = 99 + 1 + 0"
    assert refusals(delivery) == ["in.csv:101 status: not among the values mapped"]


def test_more_than_one_in_a_hundred_refuses_the_file_without_the_value(tmp_path):
    with pytest.raises(FeedError) as error:
        visits(tmp_path, lines("Canary", *["NS"] * 97, "Canary", "Jane"), values=STATUS)
    assert str(error.value) == (
        "in.csv: 1 problem\n"
        "  column status  holds values in 3 of 100 rows that are not mapped (lines 2, 100, 101), more than 1%; "
        "add them to feeds.feed.values.status"
    )


def test_blanks_stay_blank_and_do_not_count(tmp_path):
    columns = VISITS | {"new_patient": "new"}
    spec = table_feed("visits", columns, values={"new_patient": {"First": "yes", "Known": "no"}})
    seen = ["First", "Known", "", "Y", "No"]
    content = HEADER[:-1] + ",new\n" + "".join(f"a,v{i},p,2026-01-05 09:00,kept,{n}\n" for i, n in enumerate(seen))
    delivery = read(tmp_path, spec, content)
    assert rows(delivery.rows, "new_patient") == ["True", "False", "~", "True", "False"]
    with pytest.raises(FeedError, match="holds values in 1 of 99 rows"):
        many = "".join(f"a,w{i},p,2026-01-05 09:00,kept,{n}\n" for i, n in enumerate(["", "", "?", *["Y"] * 98]))
        read(tmp_path, spec, HEADER[:-1] + ",new\n" + many)


def test_a_column_without_a_map_is_as_strict_as_ever(tmp_path):
    delivery = visits(tmp_path, lines("NS", "kept"))
    assert refusals(delivery) == ["in.csv:2 status: not one of kept, no_show, late_cancel, cancelled, booked"]


def test_one_column_may_feed_two_of_ours(tmp_path):
    columns = {"month": "m", "account": "acc", "account_group": "acc", "amount": "amt"}
    spec = table_feed("ledger", columns, values={"account_group": {"6100 Rent": "rent"}})
    delivery = read(tmp_path, spec, "m,acc,amt\n2026-01-01,6100 Rent,5\n", practice="a")
    assert rows(delivery.rows, "account account_group") == ["6100 Rent rent"]


def test_free_text_becomes_ours_where_it_is_mapped_and_else_stays(tmp_path):
    columns = {"staff_id": "id", "role": "role", "team": "team", "hired_at": "hired", "as_of": "as_of"}
    spec = table_feed("staff", columns, values={"role": {"Physician": "provider", "Front desk": "admin"}})
    seen = ["Physician", " Front desk ", "Nurse", ""]
    content = "id,role,team,hired,as_of\n" + "".join(
        f"s{i},{role},Physician,2020-01-01,2026-09-30\n" for i, role in enumerate(seen)
    )
    delivery = read(tmp_path, spec, content, practice="a")
    assert rows(delivery.rows, "role team") == [
        "provider Physician",
        "admin Physician",
        "Nurse Physician",
        "~ Physician",
    ]
    assert counts(delivery) == "4 = 4 + 0 + 0"
