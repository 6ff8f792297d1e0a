"""Quotes arguments in the commands that the program prints."""

from __future__ import annotations

import re
import shlex

_BARE = re.compile(r"[\w@+=:,./-]+")
_SPECIAL = re.compile(r"[\"$`!%]|\\(?=\\|$)")


def quoted(argument: str) -> str:
    """
    Return an argument as one word for sh, cmd.exe and PowerShell.

    Double quotes are the only ones that all three know. An argument that they cannot quote for all
    is quoted for sh.
    """
    if _BARE.fullmatch(argument):
        return argument
    return shlex.quote(argument) if _SPECIAL.search(argument) else f'"{argument}"'
