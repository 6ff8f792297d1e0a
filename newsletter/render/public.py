"""The public wording of a text: what it says to a reader of whom nothing is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from newsletter.errors import NewsletterError, Problem
from newsletter.merge.compiled import MergeEnvironment
from newsletter.merge.escape import BadValue
