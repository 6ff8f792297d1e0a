"""`newsletter account`: finds the servers of your mailbox, tries them and notes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_project
from newsletter.commands.terminal import columns, on_terminal
from newsletter.errors import NewsletterError

if RUNS:
    from newsletter.commands.mail_password import (
        VARIABLE,
        given_password,
        keep_password,
        kept_password,
    )
    from newsletter.commands.outgoing import plain_errors
    from newsletter.commands.screen import Screen
    from newsletter.model.account import MailAccount, Server
    from newsletter.model.domains import ascii_domain
    from newsletter.model.mail_provider import MailProvider
    from newsletter.read.content.account_setting import account_lines, settings_with_account
    from newsletter.read.content.settings_files import SETTINGS, read_settings
    from newsletter.read.mail_providers import provider_of, provider_with
    from newsletter.sending.mailbox import open_mailbox
    from newsletter.sending.smtp import Connection
    from newsletter.write import write_again

_LIKE = {"smtp": "smtps://mail.example.com:465", "imap": "imaps://mail.example.com:993"}


def _server(_context: click.Context, option: click.Parameter, address: str | None) -> str:
    """Return the address of a server; else exit and show how to write one."""
    if not address:
        return ""
    scheme = str(option.name)
    try:
        Server.at(address)
    except ValueError as error:
        raise click.BadParameter(f"{error}. Write it as {_LIKE[scheme]}") from None
    if not address.startswith(scheme):
        raise click.BadParameter(f"'{address}' begins with no '{scheme}'")
    return address


@click.command("account")
@click.argument("address", required=False)
@click.option("--smtp", callback=_server, metavar="SERVER", help="The server for outgoing mail.")
@click.option("--imap", callback=_server, metavar="SERVER", help="The server for incoming mail.")
@click.option("--user", metavar="NAME", help="The name to log in with, if not the address.")
@click.option("--yes", is_flag=True, help="Write what it shows without asking.")
@with_project
def command(
    *, address: str | None, smtp: str, imap: str, user: str | None, yes: bool, root: Path
) -> None:
    """
    Set up the mailbox that sends: its servers, a try of the login, its password.

    ADDRESS is the address you send from. It knows the servers of common providers, and says what
    they need. Nothing is sent.
    """
    config = read_settings(root)
    screen = Screen(config.language)
    address = _checked(address or _asked_address(screen, config.sender.email))
    setup = _setup(address, smtp=smtp, imap=imap, user=user or "")
    click.echo(setup.told(screen))
    if not setup.account:
        raise click.exceptions.Exit(1)
    if config.sender.email.casefold() != address.casefold():
        click.echo(screen("account_sender", sender=config.sender.email, address=address))
    password = given_password() or _asked_password(screen, setup.account)
    _try(setup.account, password, screen)
    _note(root, setup.account, password, screen, yes=yes)


@dataclass(frozen=True)
class _Setup:
    """What is known of a mailbox."""

    address: str
    provider: MailProvider | None
    account: MailAccount | None
    """None if its provider lets no program in with a password."""

    def told(self, screen: Screen) -> str:
        """Return whose servers they are, and what their provider needs."""
        name = self.provider.name if self.provider else screen("account_own")
        lines = [f"{self.address}: {name}"]
        if self.account:
            none = screen("account_no_incoming")
            rows = [
                [f"  {screen('account_outgoing')}", _shown(self.account.smtp)],
                [f"  {screen('account_incoming')}", _shown(self.account.imap) or none],
            ]
            lines.append(columns(rows))
        return "\n".join([*lines, *self._conditions(screen)])

    def _conditions(self, screen: Screen) -> Iterator[str]:
        """Yield what the provider takes and needs, and what to do where it lets nobody in."""
        if not self.provider:
            return
        yield from _limits(self.provider, screen)
        for need in self.provider.needs:
            yield screen(f"account_need_{need}", address=self.address)
        if self.provider.help:
            yield screen("account_help", page=self.provider.help)
        if not self.account:
            yield screen("account_instead", address=self.address)


def _limits(provider: MailProvider, screen: Screen) -> list[str]:
    """Return how many messages the provider takes, and who says so."""
    limits = {"account_per_minute": provider.per_minute, "account_per_day": provider.per_day}
    told = [screen.counted(phrase, number) for phrase, number in limits.items() if number]
    source = {"page": provider.limits, "day": provider.read}
    return [f"  {screen('account_limit', limit=limit, **source)}" for limit in told]


def _shown(server: str) -> str:
    """Return host and port of a server's address."""
    if not server:
        return ""
    at = Server.at(server)
    return f"{at.host}:{at.port}"


def _checked(address: str) -> str:
    """Return the address; else exit and show how to write one."""
    name, _, domain = address.strip().rpartition("@")
    if not name or "." not in domain or not ascii_domain(domain).isascii() or " " in address:
        message = f"'{address}' is no email address. Write name@example.com"
        raise click.BadParameter(message, param_hint="ADDRESS")
    return f"{name}@{ascii_domain(domain)}"


def _asked_address(screen: Screen, guess: str) -> str:
    """Ask for the address; Enter, or nobody there, takes the sender of newsletter.yml."""
    return click.prompt(screen("account_ask"), default=guess) if on_terminal() else guess


def _setup(address: str, *, smtp: str, imap: str, user: str) -> _Setup:
    """Return what is known of a mailbox; raises NewsletterError if nothing is."""
    domain = address.rpartition("@")[2]
    if smtp:
        account = MailAccount(user=user or address, smtp=smtp, imap=imap)
        return _Setup(address, provider_with(smtp), account)
    provider = provider_of(domain)
    if not provider:
        hint = (
            "name the servers that your provider's help page tells: newsletter account "
            f"{address} --smtp {_LIKE['smtp']} --imap {_LIKE['imap']}"
        )
        raise NewsletterError.at(f"the servers of {domain} are not known", hint=hint)
    if not provider.is_open:
        return _Setup(address, provider, None)
    user = user or provider.user(address)
    account = MailAccount(user=user, smtp=provider.smtp, imap=imap or provider.imap)
    return _Setup(address, provider, account)


def _asked_password(screen: Screen, account: MailAccount) -> str:
    """Ask for the password; Enter, or nobody there, takes that of the keyring."""
    kept = kept_password(account.user)
    if on_terminal():
        phrase = "account_password_kept" if kept else "account_password"
        question = screen(phrase, user=account.user)
        default = "" if kept else None
        answer: str = click.prompt(question, hide_input=True, default=default, show_default=False)
        return answer or kept
    if not kept:
        hint = f"set the environment variable {VARIABLE}"
        raise NewsletterError.at("nobody is there to type the password", hint=hint)
    return kept


def _try(account: MailAccount, password: str, screen: Screen) -> None:
    """Log in to both servers; raises NewsletterError if one cannot be reached or refuses."""
    refused = "look above at what your provider needs, then run it again"
    server = Server.at(account.smtp)
    with plain_errors(account, server.host, refused=refused):
        Connection(server, user=account.user, password=password).close()
    click.echo(screen("account_works", server=_shown(account.smtp)))
    if account.imap:
        server = Server.at(account.imap)
        with (
            plain_errors(account, server.host, refused=refused),
            open_mailbox(server, user=account.user, password=password),
        ):
            click.echo(screen("account_works", server=_shown(account.imap)))


def _note(root: Path, account: MailAccount, password: str, screen: Screen, *, yes: bool) -> None:
    """Show what would be written, ask, write it, and keep the password."""
    settings = {"user": account.user, "smtp": account.smtp, "imap": account.imap}
    content = settings_with_account(root, settings)
    shown = account_lines({name: value for name, value in settings.items() if value})
    click.echo("\n".join([screen("account_writes", file=SETTINGS), *shown]))
    if not yes and not _confirmed(screen):
        click.echo(screen("account_nothing"))
        raise click.exceptions.Exit(1)
    write_again(root / SETTINGS, content)
    click.echo(screen("wrote", file=SETTINGS))
    if given_password():
        click.echo(screen("account_environment", variable=VARIABLE))
    elif keep_password(account.user, password):
        click.echo(screen("account_kept"))
    else:
        click.echo(screen("account_no_keyring", variable=VARIABLE))


def _confirmed(screen: Screen) -> bool:
    if not on_terminal():
        hint = "look at what it shows, and add --yes if it is right"
        raise NewsletterError.at("nobody is there to say yes", hint=hint)
    return click.confirm(screen("account_ask_write"), default=True)
