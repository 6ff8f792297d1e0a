"""newsletter.yml: the business, its team and how it wants its newsletters."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from newsletter.model.account import MailAccount
from newsletter.model.channels import CHANNELS, Channel
from newsletter.model.loaded_addresses import loaded_from
from newsletter.model.peace import Peace
from newsletter.model.reward_schemes import Loyalty, StampCard, checked_cards
from newsletter.model.strict import Strict
from newsletter.model.tables import checked_columns
from newsletter.model.team import Capacity, TeamMember, checked_team
from newsletter.model.values import (
    Country,
    Currency,
    Day,
    Email,
    Host,
    Language,
    Localised,
    SiteAddress,
    TimeOfDay,
    TimeZone,
    UnsubscribeAddress,
    WebAddress,
)

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

Labels = Literal[
    "usual", "L7159", "L7160", "L7161", "L7163", "L7165", "L7173", "3422", "3474",
    "5160", "5161", "5163", "8160",
]  # fmt: skip
Letters = Literal["usual", "din-5008-a", "din-5008-b", "right", "us-10"]


class Business(Strict):
    """The business that writes."""

    name: str
    tagline: Localised = Localised("")
    postal_address: str
    """Shown in every message, as the law of most countries asks (CAN-SPAM, CASL)."""
    country: Country = "US"
    """ISO 3166 code; the country of customers that name none."""
    currency: Currency = "EUR"
    """ISO 4217 code of amounts that name none."""
    website: SiteAddress = ""
    """
    Where output/site/ will be uploaded: links in messages begin with it, without a slash. Empty:
    there is no website, so no site is made, and no message leads to one.
    """
    phone: str = ""
    email: Email
    opening_hours: Localised = Localised("")


class Sender(Strict):
    """The From line and other settings of list mail."""

    name: str
    email: Email
    reply_to: Email | None = None
    """For replies to account managers who have no address of their own."""
    personal: bool = True
    """Whether From names the customer's account manager, and replies go to their address."""
    list_id: str = ""
    """`List-Id` (RFC 2919), such as news.example.com; empty: made from the sender's domain."""


def _by_platform(written: object) -> object:
    if written is None or isinstance(written, dict):
        return written or {}
    return {"": written}


class Links(Strict):
    """Addresses that messages point to. `{token}` stands for the customer's own token."""

    unsubscribe: UnsubscribeAddress
    """https: or mailto:; an https address with {token} makes a personal link."""
    one_click: bool = False
    """Whether the https unsubscribe address takes the POST of RFC 8058."""
    feedback: str = ""
    """https: or mailto:; may hold {token}. Empty: a reply to the message."""
    review: Annotated[dict[str, WebAddress], BeforeValidator(_by_platform)] = Field(
        default_factory=dict
    )
    """Platform → address of our page there; the platform of a single address is empty."""

    @model_validator(mode="after")
    def _one_click_needs_a_personal_https_address(self) -> Self:
        if self.one_click and not self.unsubscribe.startswith("https://"):
            hint = "write 'one_click: no', or give an https address that takes the POST"
            raise ValueError("one_click needs an https address in 'unsubscribe'", hint)
        if self.one_click and "{token}" not in self.unsubscribe:
            hint = "write 'one_click: no', or an address such as https://example.com/leave/{token}"
            raise ValueError("one_click needs {token} in 'unsubscribe', to know who leaves", hint)
        return self


class Consent(Strict):
    """Which column and values mean consent to email, or that the whole file has it."""

    column: str = ""
    """Header of the column, as in the file."""
    values: tuple[str, ...] = ()
    """The values that mean yes; empty: yes, true, 1, subscribed … in the languages we know."""
    everyone: bool = False
    """The firm states that every row has consent; `basis` and `since` must then be given."""
    basis: str = ""
    since: Day | None = None

    @model_validator(mode="after")
    def _basis_of_everyone(self) -> Self:
        if self.everyone and not (self.basis and self.since):
            hint = "say how these people agreed, and since when: basis: …, since: 2024-05-01"
            raise ValueError("'everyone' needs 'basis' and 'since'", hint)
        return self


Wait = Annotated[int, Field(ge=1, le=365)]


class Cap(Strict):
    """At most `most` touchpoints in `days` days."""

    per: Literal["customer", "account"] | Channel
    """A channel: for each customer, on that channel."""
    most: Annotated[int, Field(ge=1)]
    days: Annotated[int, Field(ge=1, le=3660)]


class TryAgain(Strict):
    """Days from an attempt that reached nobody to the next one, by its outcome."""

    not_reached: Wait = 1
    message_left: Wait = 3
    somebody_else: Wait = 1

    def days(self, outcome: str) -> int:
        """Return the days to wait after *outcome*, one of ATTEMPTS."""
        return int(getattr(self, outcome.replace(" ", "_")))


class Etiquette(Strict):
    """Limits on contacts, for all customers."""

    most_bad_rows: Annotated[float, Field(ge=0, le=1)] = 0.05
    """The build stops when a larger share of rows is unreadable."""
    most_unknown_rows: Annotated[float, Field(ge=0, le=1)] = 0.2
    """The build stops when a larger share of a table's rows names nobody in the customer file."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = tuple(CHANNELS)
    """The order in which channels are tried for practices of the channel `preferred`."""
    post_days: Annotated[int, Field(ge=0, le=30)] = 2
    """Days on which the post is carried between sending and arriving."""
    gift_days: Annotated[int, Field(ge=0, le=365)] = 14
    """How long before its day a gift is listed, so that there is time to buy it."""
    promise_days: Annotated[int, Field(ge=0, le=366)] = 7
    """How long after it was made a promise without a day is due."""
    away_days: Annotated[int, Field(ge=0, le=366)] = 14
    """Days without a record after which what lapsed meanwhile is listed; 0: never."""
    households: Literal["name", "address"] = "name"
    """Who shares a letter: customers of one family name at one address, or all who live there."""
    caps: tuple[Cap, ...] = (
        Cap(per="customer", most=2, days=14),
        Cap(per="account", most=4, days=14),
    )
    gap: Annotated[int, Field(ge=0, le=366)] = 3
    """Days from a touchpoint that we begin to the customer's next; 1 or 0: no gap."""
    quiet_days: tuple[Weekday | Day, ...] = ("sunday",)
    """Weekdays and dates on which the business contacts nobody."""
    try_again: TryAgain = TryAgain()
    capacity: Capacity = Field(
        default_factory=lambda: Capacity({"call": 5, "handwritten": 3, "visit": 1, "letter": 20})
    )
    """Of each team member."""
    peace: Peace = Peace()

    @field_validator("quiet_days")
    @classmethod
    def _some_day_left(cls, quiet: tuple[Weekday | Day, ...]) -> tuple[Weekday | Day, ...]:
        if set(get_args(Weekday)) <= set(quiet):
            raise ValueError(
                "every day of the week is quiet",
                "leave at least one day on which you write to people",
            )
        return quiet


class FeedbackSettings(Strict):
    """How feedback is answered."""

    good_from: Annotated[int, Field(ge=0, le=11)] = 7
    """The lowest good score. Lower ones, and feedback without a score, are for a person."""
    answered_by: tuple[str, ...] = ("complaint", "feedback-answer")
    """Names of the practices that answer feedback, former names included."""


class Output(Strict):
    """What a build writes besides the site."""

    formats: tuple[Literal["eml", "mbox", "mailmerge"], ...] = ("eml", "mbox", "mailmerge")
    most_single_files: int = 5000
    """With more recipients, messages go to .mbox only, not to one .eml and preview each."""
    labels: Labels = "usual"
    """Sheet of address labels, by the name on its package; usual: that of the country."""
    labels_skip: Annotated[int, Field(ge=0, le=99)] = 0
    """Labels already used on the first sheet."""
    letters: Letters = "usual"
    """Place of the window in envelopes; usual: as in the country of the business."""


class Config(Strict):
    """The whole of newsletter.yml."""

    example: bool = False
    """The people are invented: addresses at example.com are fine and customers/ may be in git."""
    business: Business
    sender: Sender
    links: Links
    language: Language = "en"
    """The language of files that name none, and of customers for whom there is no edition."""
    timezone: TimeZone = "UTC"
    start: Day | None = None
    """The first day of the care plan. Earlier events trigger nothing."""
    leap_day: Literal["02-28", "03-01"] = "02-28"
    """The day that replaces 29 February in other years."""
    formality: Literal["formal", "informal"] = "informal"
    """How to greet customers whose row has no formality."""
    send_at: TimeOfDay = "09:00"
    """Local time in the Date header of an issue, on the issue's date."""
    team: Annotated[tuple[TeamMember, ...], Field(min_length=1), AfterValidator(checked_team)]
    """The first is the contact of customers whose row names nobody."""
    loyalty: Loyalty | None = None
    stamps: Annotated[tuple[StampCard, ...], AfterValidator(checked_cards)] = ()
    """Stamp cards, beside points or instead of them."""
    theme: str = "default"
    """Name of a theme in themes/ or packaged, or a path to one."""
    brand: dict[str, str] = Field(default_factory=dict)
    """Overrides of the theme's theme.yml: colours, logo, fonts."""
    customers: str = "customers"
    """Folder or file of the customer data, relative to content/."""
    sheet: str = ""
    """Name of the sheet with the customers, where several of a workbook look like them."""
    columns: Annotated[dict[str, str], AfterValidator(checked_columns)] = Field(
        default_factory=dict
    )
    """Our field name → a header in the file that is not among the aliases."""
    dates: Literal["", "DMY", "MDY", "YMD"] = ""
    """Order of day, month and year in dates such as 03/04/2026; empty: decided per column."""
    consent: Consent = Consent()
    order_status: dict[str, bool] = Field(default_factory=dict)
    """Status in the orders table, as written there → whether it is an order."""
    images: Literal["", "linked", "attached"] = ""
    """
    Whether messages load their pictures from the website or carry them; empty: they carry them if
    there is no website.
    """
    load_from: tuple[Host, ...] = ()
    """Hosts besides the website from which messages and pages may load pictures, styles, fonts."""
    may_be_public: tuple[str, ...] = ()
    """
    Names, addresses and dates that the website may show although a customer has the same: people
    of public life, customers who agreed, other shops.
    """
    exports: tuple[str, ...] = ()
    """Programs for which a build writes its issue, too."""
    feedback: FeedbackSettings = FeedbackSettings()
    etiquette: Etiquette = Etiquette()
    output: Output = Output()
    account: MailAccount | None = None

    @model_validator(mode="after")
    def _linked_pictures_need_a_website(self) -> Self:
        if self.images == "linked" and not self.business.website:
            hint = "add 'website: https://…' under business:, or write 'images: attached'"
            raise ValueError("'images: linked' needs a website to load pictures from", hint)
        return self

    @property
    def carries_pictures(self) -> bool:
        """Whether messages carry their pictures instead of loading them from the website."""
        return self.images == "attached" or not self.business.website

    @property
    def hosts(self) -> frozenset[str]:
        """All hosts from which messages and pages may load something."""
        return frozenset({loaded_from(self.business.website), *self.load_from} - {""})

    def member(self, key: str | None) -> TeamMember:
        """Return the team member with the id *key*, else the first of the team."""
        return next((m for m in self.team if m.id == key), self.team[0])
