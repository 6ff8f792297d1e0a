"""The tables and work lists: the columns of each after reading, their types and their meaning.

Texts are stripped, and an empty cell is null. Further columns of the user's file have their header
in snake_case (`Favourite tea` → `favourite_tea`) and the type that fits all of their values.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from newsletter.errors import did_you_mean

REPEATED = pl.Categorical()
"""Type of repeated texts in long tables: stored as numbers, in a quarter of the memory."""

CUSTOMERS: dict[str, pl.DataType] = {
    "id": pl.String(),  # the key: the file's id, else email, else name with place or birthday
    "row": pl.UInt32(),  # line in the file (first line 1), for error messages
    "email": pl.String(),  # domain in A-labels and lower case; the local part as written
    "title": pl.String(),  # Ms, Dr …
    "first_name": pl.String(),
    "last_name": pl.String(),
    "name": pl.String(),  # the full name as written, else first and last
    "company": pl.String(),
    "account": pl.String(),  # key of the firm whose contacts are customers
    "street": pl.String(),
    "postcode": pl.String(),
    "city": pl.String(),
    "region": pl.String(),
    "country": pl.String(),  # ISO 3166, two capitals
    "phone": pl.String(),
    "language": pl.String(),  # BCP 47 primary language, lower case
    "formality": pl.String(),  # formal or informal
    "birthday": pl.String(),  # 1984-02-29, or --02-29 where the year is not known
    "customer_since": pl.Date(),
    "interests": pl.List(pl.String()),  # lower case
    "segments": pl.List(pl.String()),  # set by hand in the file
    "channel": pl.String(),  # preferred: email, letter, call, handwritten, text, visit
    "every": pl.String(),  # their own rhythm (model/spans.py): 4 weeks, at most 3 months
    "account_manager": pl.String(),  # id of a team member
    "points": pl.Int64(),
    "orders_count": pl.Int64(),  # from the file, where there is no orders table
    "total_spent": pl.Float64(),
    "last_order": pl.Date(),
    "consent_email": pl.Boolean(),  # never null: anything but a yes is a no
    "objection": pl.Boolean(),  # to every email, by a column such as Unsubscribed; null: no column
    "consent_basis": pl.String(),
    "consent_since": pl.Date(),
    "consent_phone": pl.Boolean(),  # null: not asked
    "consent_post": pl.Boolean(),
    "consent_text": pl.Boolean(),  # text messages
    "celebrates": pl.List(pl.String()),  # keys of holidays, lower case; null: not asked
    "mention_family": pl.Boolean(),  # null: as the customs of the country say
    "not_to_mention": pl.String(),  # topics to avoid
    "referred_by": pl.String(),  # id, name or email of the customer who recommended us, as written
    "may_be_named": pl.Boolean(),  # to the customer who recommended us; null: no
    "pause_until": pl.Date(),  # the last day on which the customer wants to be left in peace
    "closed": pl.Boolean(),  # deceased or closed: nothing goes out
}

ORDERS: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "date": pl.Date(),
    "amount": pl.Float64(),  # negative: a refund
    "product": REPEATED,
    "category": REPEATED,
}
SERVICES: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "date": pl.Date(),
    "title": pl.String(),  # what we did
    "detail": pl.String(),
}
OCCASIONS: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "date": pl.Date(),
    "occasion": pl.String(),  # wedding, move, child …
    "remark": pl.String(),
}
FEEDBACK: dict[str, pl.DataType] = {
    "id": pl.String(),  # named by `answers:` of an answer
    "customer": pl.String(),
    "date": pl.Date(),
    "score": pl.Int64(),  # 0-10
    "text": pl.String(),
}
CONVERSATIONS: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "date": pl.Date(),
    "member": REPEATED,  # id of a team member
    "channel": REPEATED,
    "text": pl.String(),
    "promise": pl.String(),
    "promised_by": pl.Date(),  # the day by which it was promised
    "kept": pl.Boolean(),
    "every": REPEATED,  # the rhythm that they asked for, as in CUSTOMERS; usual: that of practices
    "moved_to": pl.Date(),  # the new day agreed for the promise
    "answers": pl.List(pl.String()),  # keys of the feedback that it answers: id, else day
    "pause_until": pl.Date(),  # the last day on which the customer wants to be left in peace
    "met": pl.Boolean(),  # met in person where no visit was planned: at an event, in the street
}
SUPPRESSED: dict[str, pl.DataType] = {
    "email": pl.String(),
    "customer": pl.String(),  # id, where the row has no address or the customer's is left out
    "date": pl.Date(),
    "reason": pl.String(),
}
PRODUCTS: dict[str, pl.DataType] = {
    "product": pl.String(),  # as in orders; null: the row names the category
    "category": pl.String(),
    "name": pl.String(),  # in every language without a column of its own: name_de, name_fr …
}
HISTORY: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "date": pl.Date(),
    "practice": REPEATED,  # the practice, or `issue`
    "channel": REPEATED,
    "issue": REPEATED,
    "entries": pl.List(pl.String()),  # slugs of what went out
    "key": pl.String(),  # the key of a touchpoint (PLAN); null: any that was due by that day
    "outcome": REPEATED,  # of OUTCOMES; null: done
    "remark": pl.String(),
    "reason": pl.String(),  # why a customer leaves, in their words
    "prompts": pl.List(pl.String()),  # keys of the prompts that a handwritten note was given
    "code": pl.String(),  # of the voucher that went with it
    "member": REPEATED,  # id of the team member who did it
    "again": pl.Date(),  # the day to try again, or of the visit that was announced
}
NEEDED = {"suppressed": "email", "products": "product"}
"""Table → the column that it cannot do without, if that is not `customer`."""
NOT_REACHED, MESSAGE_LEFT, SOMEBODY_ELSE = "not reached", "message left", "somebody else"
VISIT_ANNOUNCED = "visit announced"
ATTEMPTS = (NOT_REACHED, MESSAGE_LEFT, SOMEBODY_ELSE)
"""Outcomes of attempts that are no contact and are made again on another day."""
OUTCOMES = ("done", *ATTEMPTS, VISIT_ANNOUNCED, "not wanted")
"""What came of a touchpoint, in the order in which lists offer it."""
REACHED = pl.all_horizontal(
    (pl.col("outcome") != outcome).fill_null(value=True) for outcome in ATTEMPTS
)
"""Whether a row of HISTORY is a contact and no failed attempt."""

TABLES: dict[str, dict[str, pl.DataType]] = {
    "orders": ORDERS,
    "services": SERVICES,
    "occasions": OCCASIONS,
    "feedback": FEEDBACK,
    "conversations": CONVERSATIONS,
    "suppressed": SUPPRESSED,
    "products": PRODUCTS,
    "history": HISTORY,
}
"""The optional tables beside the customers, by file name."""

FILLED_IN = ("done", "date", "outcome", "again", "remark", "reason", "promise", "promised_by")
"""Fields that are empty in a new work list. `reason`: why a customer leaves."""
TO_DO = (
    "customer",
    "name",
    "title",  # of the practice
    "channel",
    "phone",
    "words",
    "prompts",
    "because",
    "key",
    "code",
    "practice",  # the name of its file
    "prompt_keys",  # goes to HISTORY.prompts
    "entry",  # goes to HISTORY.entries
    "list",  # day and member, `2026-11-03 nora`: no spreadsheet turns that into a date
)

DONE: dict[str, pl.DataType] = {
    **HISTORY,
    "promise": pl.String(),
    "promised_by": pl.Date(),
    "row": pl.UInt32(),  # line in the list
}
"""Schema of finished tasks: rows for the history, and promises made meanwhile."""


@dataclass(frozen=True, kw_only=True)
class WorkList:
    """A filled-in list, or a plan whose planned rows were all done."""

    done: pl.DataFrame
    """DONE."""
    left: int
    """Rows that nobody ticked."""
    ticked: bool = True
    """Whether somebody ticked each of the rows; False: a plan, of which all counts as done."""
    issues: tuple[str, ...] = ()
    """Names of the issues in a plan; issues are recorded by name."""


@dataclass(frozen=True, kw_only=True)
class FilledList:
    """A list in output/ with finished tasks that are not in the history."""

    path: str
    """Its path below output/."""
    rows: int
    """Rows to record; 0: the list cannot be read."""


def checked_columns(columns: dict[str, str]) -> dict[str, str]:
    """Return `columns:` of newsletter.yml; raises ValueError(message, hint) for no table."""
    for field in columns:
        table, dot, _ = field.partition(".")
        if dot and table not in TABLES:
            hint = did_you_mean(table, TABLES) or f"the tables are {', '.join(TABLES)}"
            raise ValueError(f"'{field}' names no table", hint)
    return columns
