"""Claim adjustment reason codes (CARC): which of them are denials, and which write-offs could have been avoided."""

import narwhals as nw

NOT_DENIALS = ("1", "2", "3", "45")  # the patient's share (PR-1 deductible, -2 coinsurance, -3 copay); contract (CO-45)
DUPLICATE = ("18",)
AVOIDABLE = ("29", "16", "50", "197")  # filed late, lacks information, not necessary, no authorisation
GROUP = r"^\s*(?:[A-Za-z]{2})?[^A-Za-z0-9]*0*"  # CO-29, co 29, CO29 and 29 are one reason


def reason_in(column: str, codes: tuple[str, ...]) -> nw.Expr:
    """Whether the reason in `column`, such as CO-29, is one of these codes, whatever its group; a blank one is not."""
    return nw.col(column).str.replace_all(GROUP, "").str.strip_chars().is_in(codes).fill_null(False)
