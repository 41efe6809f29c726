"""A feed reads below the group's data folder and nowhere else."""

import pytest

from bsc_analysis.errors import FeedError
from tests.builders import LEDGER, counts, ledger, read, table_feed

GOOD = "clinic,month,account,group,amount\na,2026-01-01,4000,rent,100\n"
LEAVES = "leaves the group's data folder"
NONE = "no such file in the group's data folder"


def told(folder, path, files=None):
    with pytest.raises(FeedError) as error:
        ledger(folder, files or {}, path=path)
    (fault,) = error.value.faults
    return fault.message


@pytest.mark.parametrize("path", ["in.csv", "*.csv", "sub/../in.csv", "**/*.csv", "./in.csv", "sub/[ij]n.csv"])
def test_what_lies_below_is_read_unless_it_climbs(tmp_path, path):
    files = {"in.csv": GOOD} if "sub/[" not in path else {"sub/in.csv": GOOD}
    if ".." in path:
        assert told(tmp_path, path, files) == LEAVES
    else:
        assert counts(ledger(tmp_path, files, path=path)) == "1 = 1 + 0 + 0"


@pytest.mark.parametrize("path", ["../x.csv", "sub/../../x.csv", "{root}/x.csv", "/etc/*", "~/x.csv", ".."])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path, path):
    (tmp_path / "x.csv").write_text(GOOD)
    assert told(tmp_path / "g", path.replace("{root}", str(tmp_path)), {"in.csv": GOOD}) == LEAVES


def test_a_link_that_leaves_the_folder_is_refused(tmp_path):
    (tmp_path / "x.csv").write_text(GOOD)
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "link.csv").symlink_to(tmp_path / "x.csv")
    assert told(tmp_path / "g", "link.csv") == LEAVES
    assert told(tmp_path / "g", "*.csv", {"in.csv": GOOD}) == LEAVES


def test_a_linked_folder_that_leaves_is_refused(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.csv").write_text(GOOD)
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "sub").symlink_to(tmp_path / "out")
    assert told(tmp_path / "g", "sub/x.csv") == LEAVES


def test_a_link_that_stays_within_is_followed(tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "sub" / "in.csv")
    assert counts(ledger(tmp_path, {"sub/in.csv": GOOD}, path="link.csv")) == "1 = 1 + 0 + 0"


@pytest.mark.parametrize("path", ["x.csv", "*.txt", "sub", "sub/*", ".", "**x", "**", "x\0.csv"])
def test_a_path_without_a_file_is_refused(tmp_path, path):
    (tmp_path / "sub" / "subsub").mkdir(parents=True)
    assert told(tmp_path, path) == NONE


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(FeedError, match=NONE):
        read(tmp_path / "nowhere", table_feed("ledger", LEDGER), {})


def test_files_are_named_by_their_path_below_the_folder(tmp_path):
    delivery = ledger(tmp_path, {"sub/2026/in.csv": GOOD}, path="**/*.csv")
    assert [a.file for a in delivery.accounts] == ["sub/2026/in.csv"]
    assert str(tmp_path) not in told(tmp_path, "x.csv")
