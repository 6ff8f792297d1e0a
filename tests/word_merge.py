"""Fills a document with docx-mailmerge, whose package is called as another one that tests use.

Usage: word_merge.py DOCUMENT < ROWS. ROWS is JSON; writes 0.docx, 1.docx and so on beside it.
"""

import json
import sys
from pathlib import Path

from mailmerge import MailMerge

document = Path(sys.argv[1])
for number, row in enumerate(json.load(sys.stdin)):
    with MailMerge(document) as merge:
        unknown = merge.get_merge_fields() - row.keys() - {""}
        assert not unknown, unknown
        merge.merge(**row)
        merge.write(document.with_name(f"{number}.docx"))
