"""Programs that import our texts and contacts, a look-alike file for each."""

from collections.abc import Mapping

from newsletter.export.programs import (
    brevo,
    buttondown,
    csv_table,
    customer_io,
    hubspot,
    jsonl_table,
    keila,
    klaviyo,
    listmonk,
    mailchimp,
    mailerlite,
    mautic,
    parquet_table,
    phplist,
    postmark,
    sendgrid,
    ses,
    thunderbird,
)
from newsletter.export.programs.profile import Program

_MODULES = (
    brevo,
    buttondown,
    customer_io,
    hubspot,
    keila,
    klaviyo,
    listmonk,
    mailchimp,
    mailerlite,
    mautic,
    postmark,
    sendgrid,
    ses,
    thunderbird,
    csv_table,
    jsonl_table,
    parquet_table,
    phplist,
)
PROGRAMS: Mapping[str, Program] = {module.PROGRAM.name: module.PROGRAM for module in _MODULES}
"""By the name on the command line."""
