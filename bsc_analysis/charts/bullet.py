"""The bullet of a goal: from the baseline to the target on one line, and how far the KPI has come."""

from __future__ import annotations

from bsc_analysis.charts.svg import ROLES, Chart, as_chart, figure

WIDTH, HEIGHT, EDGE = 150, 18, 7  # pixels
BEYOND = 0.5  # of the way that is shown on either side at most; what lies further is drawn at the edge


def bullet(start: float, now: float | None, target: float, *, name: str, due: float | None = None, role: str) -> Chart:
    """A bar from `start` to `target`, which is always on the right; a dot where it is now, a tick where it was due to
    be. `role`: of the style sheet, of the dot."""
    fig = figure(WIDTH, HEIGHT)
    ax = fig.add_axes((0, 0, 1, 1), facecolor="none")
    ax.axis("off")
    ax.set_ylim(0, 1)

    def gone(value: float) -> float:
        """The share of the way, as far as it is shown."""
        return min(max((value - start) / (target - start), -BEYOND), 1 + BEYOND)

    shares = [0.0, 1.0, *(gone(value) for value in (now, due) if value is not None)]
    left, right = min(shares), max(shares)
    edge = EDGE * (right - left) / (WIDTH - 2 * EDGE)
    ax.set_xlim(left - edge, right + edge)
    ax.plot([0, 1], [0.5, 0.5], color=ROLES["band"], lw=7, solid_capstyle="butt")
    ax.plot([1, 1], [0.1, 0.9], color=ROLES["ink"], lw=2, solid_capstyle="butt")
    ax.plot([0, 0], [0.3, 0.7], color=ROLES["soft"], lw=1, solid_capstyle="butt")
    if due is not None:
        ax.plot([gone(due)] * 2, [0.22, 0.78], color=ROLES["soft"], lw=1.2, ls=(0, (2, 1.5)))
    if now is not None:
        ax.plot([0, gone(now)], [0.5, 0.5], color=ROLES[role], lw=3, solid_capstyle="butt")
        ax.plot(gone(now), 0.5, "o", ms=7, color=ROLES[role], mew=0)
    return as_chart(fig, name, "", decorative=True)
