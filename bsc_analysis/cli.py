"""The command line: `bsc`. Results on stdout, the log on stderr; heavy imports wait until a command needs them."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bsc_analysis.errors import UserError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Balanced Scorecard for medical practices: from raw exports to one report per practice.",
)
listing = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List KPIs, practices, sections or feeds.")
app.add_typer(listing, name="list")

INTERRUPTED, TERMINATED = 130, 143
DataOption = Annotated[Path | None, typer.Option("--data", help="Folder that holds <group>/ with the exports.")]


@app.command()
def demo() -> None:
    """Write the demo group's exports (invented clinics); nothing is done where they are up to date."""
    from bsc_analysis import demo as clinics
    from bsc_analysis.params import find_workspace

    folder = find_workspace() / "data" / "demo"
    fresh = clinics.write(folder)
    print(f"{'Wrote' if fresh else 'Unchanged:'} the demo group's exports in {_shown(folder)}")


@app.command()
def check(group: str, data: DataOption = None) -> None:
    """Check a group's params: every fault at once, nothing run."""
    from bsc_analysis.check import faults_of
    from bsc_analysis.errors import ParamsError
    from bsc_analysis.params import find_workspace, load_group

    loaded = load_group(group, find_workspace(), data)
    if faults := faults_of(loaded):
        raise ParamsError(faults)
    print(f"{group}: params are in order ({len(loaded.practices) or 'practices from its feed'} practices)")


@app.command()
def run(
    group: str,
    period: Annotated[str | None, typer.Option(help="2026Q3, 2026-09 or 2026; default: the newest complete.")] = None,
    practice: Annotated[list[str] | None, typer.Option(help="Only this practice; may be repeated.")] = None,
    data: DataOption = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Practices at a time.")] = 1,
) -> None:
    """Make the reports of a group's practices and print where they are."""
    from bsc_analysis.engine.run import run as run_group
    from bsc_analysis.params import find_workspace

    workspace = find_workspace()
    summary = run_group(group, workspace, data, period, practice or (), jobs, _tell)
    made = sum(o.state != "failed" for o in summary.outcomes)
    print(f"{made} of {len(summary.outcomes)} reports: {_shown(summary.folder / 'index.html')}")
    raise typer.Exit(summary.exit_status)


@app.command()
def final(
    group: str,
    period: Annotated[str | None, typer.Option(help="2026Q3, 2026-09 or 2026; default: the newest complete.")] = None,
    practice: Annotated[list[str] | None, typer.Option(help="Only this practice; may be repeated.")] = None,
    data: DataOption = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Practices at a time.")] = 1,
    by: Annotated[str, typer.Option(help="Who makes it final; default: git's user name, else the login's.")] = "",
) -> None:
    """Make a complete period's reports final and keep them in the ledger."""
    from bsc_analysis.engine.final import final as make_final
    from bsc_analysis.params import find_workspace

    summary = make_final(group, find_workspace(), data, period, practice or (), jobs, _tell, by=by)
    done = sum(o.state == "final" for o in summary.outcomes)
    print(f"{done} of {len(summary.outcomes)} reports are final: {_shown(summary.folder / 'index.html')}")
    raise typer.Exit(summary.exit_status)


@app.command()
def reopen(
    group: str,
    period: str,
    because: Annotated[str, typer.Option(help="Why; it is kept in the ledger's log.")],
    practice: Annotated[list[str] | None, typer.Option(help="Only this practice; may be repeated.")] = None,
    by: Annotated[str, typer.Option(help="Who reopens it; default: git's user name, else the login's.")] = "",
) -> None:
    """Let a final period be drafted again; what was published stays in the ledger."""
    from bsc_analysis.engine.final import reopen as reopen_period
    from bsc_analysis.params import find_workspace

    entries = reopen_period(group, find_workspace(), period, practice or (), because=because, by=by)
    names = ", ".join(entry.practice for entry in entries)
    print(f"reopened {group} {period}: {names}; bsc run {group} --period {period} makes drafts again")


@app.command()
def diff(
    group: str,
    first: Annotated[str, typer.Argument(metavar="PERIOD", help="2026Q2, 2026-06 or 2026.")],
    second: Annotated[str | None, typer.Argument(metavar="[PERIOD]", help="The period to compare it with.")] = None,
    since_final: Annotated[bool, typer.Option("--since-final", help="Compare its final with what it is now.")] = False,
    practice: Annotated[list[str] | None, typer.Option(help="Only this practice; may be repeated.")] = None,
    data: DataOption = None,
) -> None:
    """Compare two periods, or a period's final with what it is now."""
    from bsc_analysis.errors import UsageError
    from bsc_analysis.ledger.edition import practices_to_compare
    from bsc_analysis.params import find_workspace, load_group
    from bsc_analysis.report import diff as compare

    if since_final == (second is not None):
        raise UsageError(f"name a second period, or ask for --since-final: bsc diff {group} {first} --since-final")
    loaded = load_group(group, find_workspace(), data)
    for id in practice or practices_to_compare(loaded, first, final=since_final):
        table = compare.between(loaded, id, first, second) if second else compare.since_final(loaded, id, first)
        print(id)
        _table([tuple(f"  {cell}" if i == 0 else cell for i, cell in enumerate(row)) for row in table])


@app.command()
def explain(group: str, practice: str, kpi: str, period: str, data: DataOption = None) -> None:
    """Take one number apart: formula, rows used and refused, both sides, state, and the parts of a longer period."""
    from bsc_analysis.disclosure import disclose
    from bsc_analysis.kpis import kpi as kpi_named
    from bsc_analysis.params import find_workspace, load_group
    from bsc_analysis.report.explain import explained

    id = kpi_named(kpi).id
    print(explained(disclose(load_group(group, find_workspace(), data), practice, period), id))


@app.command()
def template(
    table: Annotated[str, typer.Argument(help="The table to fill, such as actions (bsc list feeds), or all by hand.")],
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="A workbook that checks what is typed, with explanations.")
    ] = False,
    to: Annotated[
        Path | None,
        typer.Option(
            help="The file, or folder of CSVs, to write; default: TABLE.xlsx or templates here, or print a CSV."
        ),
    ] = None,
    whole: Annotated[bool, typer.Option("--group", help="With a column for the practice: one file for all.")] = False,
) -> None:
    """Print or write empty exports to fill in, which feeds without columns read: of one table, or of all by hand."""
    from bsc_analysis.errors import UsageError
    from bsc_analysis.feeds import template as templates

    wanted = templates.named(table)
    if xlsx and to is not None and to.suffix != ".xlsx":
        raise UsageError(f"{to} is to be a workbook; let its name end in .xlsx, or leave out --xlsx")
    if xlsx or to is not None or len(wanted) > 1:
        name = "templates" if table == templates.ALL else table
        path = to or Path(f"{name}.xlsx" if xlsx else name)
        templates.write(wanted, path, whole)
        print(f"Wrote {_shown(path.absolute())}")
        return
    print(templates.as_csv(wanted[0], whole), end="")
    print(f"A row is {wanted[0].grain}.", file=sys.stderr)
    for name, needed, holds, means in templates.explained(wanted[0], whole):
        print(f"{name} ({needed}): {holds}{'. ' if means else ''}{means}", file=sys.stderr)


@listing.command()
def kpis(
    markdown: Annotated[bool, typer.Option("--markdown", help="With formula and source, as a page.")] = False,
) -> None:
    """Every KPI: id, perspective, role, unit, better, table, title."""
    from bsc_analysis.kpis.page import as_markdown, as_rows

    if markdown:
        print(as_markdown(), end="")
    else:
        _table(as_rows())


@listing.command()
def practices(group: Annotated[str | None, typer.Argument()] = None, data: DataOption = None) -> None:
    """Groups and their practices; those that a feed names are read from it."""
    from bsc_analysis.disclosure import with_named_practices
    from bsc_analysis.params import find_workspace, group_ids, load_group
    from bsc_analysis.readings import newest_complete
    from bsc_analysis.store import open_store

    workspace, rows = find_workspace(), []
    for id in [group] if group else group_ids(workspace):
        loaded = load_group(id, workspace, data)
        if loaded.shared.practices and not group:
            rows.append((id, "(named by its feed: bsc list practices " + id + ")", ""))
            continue
        if loaded.shared.practices:
            store = open_store(loaded)
            loaded = with_named_practices(loaded, store, loaded.calendar.parse(newest_complete(loaded, store)))
        rows += [(id, p.id, p.title) for p in loaded.practices.values()]
    _table(rows)


@listing.command()
def sections() -> None:
    """The sections of a report, in order."""
    from bsc_analysis.params import find_workspace
    from bsc_analysis.report.sections import section_names

    _table([(name,) for name in section_names(find_workspace())])


@listing.command()
def feeds() -> None:
    """The kinds of export that can be read, and the tables they fill."""
    from bsc_analysis.feeds import KINDS
    from bsc_analysis.tables import TABLES

    _table([("kind", kind, (module.__doc__ or "").splitlines()[0]) for kind, module in KINDS.items()])
    by_hand = {name: "; kept by hand" for name, table in TABLES.items() if table.register}
    _table([("table", name, table.grain + by_hand.get(name, "")) for name, table in TABLES.items()])


def main() -> None:
    """Run the command line; a fault that its reader can mend is printed without a traceback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))  # what is running is ended, not left behind
    try:
        status = app(standalone_mode=False)  # what an Exit carries; typer makes Ctrl-C an Exit too
    except UserError as error:
        _fail(str(error), error.exit_status)
    except Exception as error:
        if hasattr(error, "format_message"):  # click: wrong usage
            _fail(error.format_message(), 2)
        raise
    if status == INTERRUPTED:
        _fail("interrupted", status)
    sys.exit(status)


def _fail(message: str, status: int) -> None:
    print(message, file=sys.stderr)
    sys.exit(status)


def _tell(outcome, done: int, of: int) -> None:
    """One line per page, on stderr."""
    place = " · ".join(x for x in (outcome.section, outcome.cell) if x)
    reason = ": ".join(x for x in (place, outcome.reason) if x)
    print(
        f"[{done}/{of}] {outcome.page}: {outcome.state}{' (' + reason + ')' if reason else ''}",
        file=sys.stderr,
    )


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
