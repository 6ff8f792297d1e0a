"""Mautic: tokens of contact fields, and a CSV whose contacts are a line each."""

from newsletter.export.programs.contact_files import csv_file
from newsletter.export.programs.families import snake_case
from newsletter.export.programs.profile import UNSEEN, Dialect, Fields, Program

PROGRAM = Program(
    name="mautic",
    title="Mautic",
    dialect=Dialect(
        cell="{contactfield=<name>}",
        # Some words mean a format (`date`, `true`); with the sign that is not seen they do not.
        fallback=f"{{contactfield=<name>|<words>{UNSEEN}}}",
        not_in_words="{}|%<>&\r\n",
        opens={"{": r"[\w=]+", "%": r"7[Bb]"},
        in_text={"<": "‹", ">": "›"},  # strip_tags takes away what is between them
    ),
    fields=Fields(
        known={"email": "email", "first_name": "firstname", "last_name": "lastname"},
        called=snake_case,
        longest=25,
    ),
    contacts=csv_file(),
    tags={"unsubscribe_url": "{unsubscribe_url}", "page_url": "{webview_url}"},
    required=frozenset({"unsubscribe_url"}),
    keeps=True,
    plain_cells=True,
    one_line_cells=True,
    sources=(
        "docs.mautic.org, configuration/variables.rst",  # the tokens
        # Mautic 5, app/bundles:
        "github.com/mautic/mautic, LeadBundle/Helper/TokenHelper.php",  # words, and formats
        "github.com/mautic/mautic, LeadBundle/Model/ImportModel.php",  # a line each; trimmed
        "github.com/mautic/mautic, LeadBundle/Model/LeadModel.php",  # keeps; strips tags
        "github.com/mautic/mautic, LeadBundle/Helper/FieldAliasHelper.php",  # 25 letters
        "github.com/mautic/mautic, EmailBundle/Helper/MailHelper.php",  # subject; strip_tags
    ),
)
