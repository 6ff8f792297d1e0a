"""Names of columns that a program takes."""

from collections.abc import Sequence

from newsletter.export.programs.profile import Fields


def named(columns: Sequence[str], fields: Fields) -> dict[str, str]:
    """Return our column → its name, which no other column has, whatever their capitals."""
    names: dict[str, str] = {}
    taken = {name.casefold() for name in fields.known.values()}
    for column in columns:
        name = fields.known.get(column)
        if name is None:
            wanted = fields.called(column)
            name, number = wanted[: fields.longest], 1
            while name.casefold() in taken:
                number += 1
                name = f"{wanted[: fields.longest - len(str(number))]}{number}"
        taken.add(name.casefold())
        names[column] = name
    return names
