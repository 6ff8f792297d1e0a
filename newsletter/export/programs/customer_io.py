"""Customer.io: Liquid, and a CSV of people."""

from newsletter.export.programs.contact_files import csv_file
from newsletter.export.programs.families import LIQUID
from newsletter.export.programs.profile import Fields, Program

PROGRAM = Program(
    name="customer-io",
    title="Customer.io",
    dialect=LIQUID,
    fields=Fields(known={"email": "email"}, in_template="customer.{}".format),
    contacts=csv_file(),
    tags={
        "unsubscribe_url": "{% unsubscribe_url %}",
        "page_url": "{% view_in_browser_url %}",
    },
    required=frozenset({"unsubscribe_url"}),
    sources=("docs.customer.io/journeys/using-liquid", "customer.io/docs/liquid-tag-master-list"),
)
