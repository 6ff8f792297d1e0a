"""phpList: placeholders of attributes, and a file of subscribers whose fields tabs part."""

from newsletter.export.programs.contact_files import addresses_file, csv_file
from newsletter.export.programs.families import snake_case
from newsletter.export.programs.profile import Dialect, Fields, Program

PROGRAM = Program(
    name="phplist",
    title="phpList",
    dialect=Dialect(
        cell="[<name>]",
        fallback="[<name>%%<words>]",
        not_in_words="[]\r\n",
        # Comments for Outlook, <!--[if …]>, are no placeholders.
        opens={"[": r"(?!if\b|endif\])[\w &;]+(?:\]|%%|:|\Z)"},
    ),
    fields=Fields(
        known={"email": "email"},
        # Other names could be those of phpList's own placeholders, such as [SUBJECT].
        called=lambda name: f"nl_{snake_case(name)}",
        longest=30,
        in_template=str.upper,
    ),
    contacts=csv_file(separator="\t"),
    tags={"unsubscribe_url": "[UNSUBSCRIBEURL]"},
    keeps=True,
    same_for_all=frozenset({"subject"}),
    plain_cells=True,
    files={"subject": "subject.txt", "text": "text.txt", "html": "html.html"},
    blocklist=addresses_file("email"),
    sources=(
        "docs.phplist.com/Placeholders.html",
        # phpList 3.6, public_html/lists/admin:
        "github.com/phpList/phplist3, lib.php",  # parsePlaceHolders: [X], [X%%words]
        "github.com/phpList/phplist3, sendemaillib.php",  # 30 letters; no fields in the subject
        "github.com/phpList/phplist3, actions/import2.php",  # htmlspecialchars; 0 is empty; keeps
        "github.com/phpList/phplist3, CsvReader.php",  # tabs, quotes, line breaks in cells
    ),
)
