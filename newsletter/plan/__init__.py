"""Who gets what, and why not."""

from newsletter.plan.entries import issue_entries
from newsletter.plan.issue import plan_issue
from newsletter.plan.issues import issue_since, newest_issue

__all__ = ["issue_entries", "issue_since", "newest_issue", "plan_issue"]
