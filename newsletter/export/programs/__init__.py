"""Programs that import our texts and contacts, a look-alike file for each."""

from collections.abc import Mapping

from newsletter.export.programs import brevo, buttondown, customer_io, keila, klaviyo
from newsletter.export.programs.profile import Program

PROGRAMS: Mapping[str, Program] = {
    module.PROGRAM.name: module.PROGRAM
    for module in (brevo, buttondown, customer_io, keila, klaviyo)
}
"""By the name on the command line."""
