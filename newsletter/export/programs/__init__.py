"""Programs that import our texts and contacts, a look-alike file for each."""

from collections.abc import Mapping

from newsletter.export.programs import customer_io, klaviyo
from newsletter.export.programs.profile import Program

PROGRAMS: Mapping[str, Program] = {
    module.PROGRAM.name: module.PROGRAM for module in (customer_io, klaviyo)
}
"""By the name on the command line."""
