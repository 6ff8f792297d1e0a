"""`newsletter account`: finds the servers of your mailbox, tries them and notes them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_project, with_today
from newsletter.commands.terminal import on_terminal
from newsletter.errors import NewsletterError

if RUNS:
    from newsletter.commands.dns_report import dns_report
    from newsletter.commands.inputs import read_customers
    from newsletter.commands.mail_password import (
        VARIABLE,
        given_password,
        keep_password,
        kept_password,
    )
    from newsletter.commands.mailbox_setup import (
        IMAP_LIKE,
        SMTP_LIKE,
        setup_named,
        setup_of,
        shown,
    )
    from newsletter.commands.outgoing import plain_errors
    from newsletter.commands.screen import Screen
    from newsletter.model.account import MailAccount, Server
    from newsletter.model.domains import ascii_domain
    from newsletter.read.content.account_setting import account_lines, settings_with_account
    from newsletter.read.content.settings_files import SETTINGS, read_settings
    from newsletter.sending.mailbox import open_mailbox
    from newsletter.sending.smtp import Connection
    from newsletter.write import write_again


def _server(_context: click.Context, option: click.Parameter, address: str | None) -> str:
    """Return the address of a server; else exit and show how to write one."""
    if not address:
        return ""
    scheme = str(option.name)
    like = SMTP_LIKE if scheme == "smtp" else IMAP_LIKE
    try:
        Server.at(address)
    except ValueError as error:
        raise click.BadParameter(f"{error}. Write it as {like}") from None
    if not address.startswith(scheme):
        raise click.BadParameter(f"'{address}' begins with no '{scheme}'")
    return address


@click.command("account")
@click.argument("address", required=False)
@click.option("--smtp", callback=_server, metavar="SERVER", help="The server for outgoing mail.")
@click.option("--imap", callback=_server, metavar="SERVER", help="The server for incoming mail.")
@click.option("--user", metavar="NAME", help="The name to log in with, if not the address.")
@click.option("--online", is_flag=True, help="Ask DNS for the servers that no table has.")
@click.option("--check-dns", is_flag=True, help="Only say what SPF, DKIM and DMARC lack.")
@click.option("--yes", is_flag=True, help="Write what it shows without asking.")
@with_project
@with_today
def command(
    *,
    address: str | None,
    smtp: str,
    imap: str,
    user: str | None,
    online: bool,
    check_dns: bool,
    yes: bool,
    root: Path,
    today: dt.date,
) -> None:
    """
    Set up the mailbox that sends: its servers, a try of the login, its password.

    ADDRESS is the address you send from. It knows the servers of common providers, and says what
    they need. Nothing is sent.
    """
    if imap and not smtp:
        raise click.UsageError("--imap goes with --smtp.")
    config = read_settings(root)
    screen, sender = Screen(config.language), config.sender.email
    if check_dns:
        click.echo(_dns_report(root, _checked(address or sender), screen, today))
        return
    address = _checked(address or _asked_address(screen, sender))
    if smtp:
        setup = setup_named(address, smtp=smtp, imap=imap, user=user or "")
    else:
        setup = setup_of(address, user=user or "", online=online)
    click.echo(setup.told(screen))
    if not setup.account:
        raise click.exceptions.Exit(1)
    if sender.casefold() != address.casefold():
        click.echo(screen("account_sender", sender=sender, address=address))
    if setup.is_doubtful:
        _confirm_servers(address, setup.account, screen)
    password = given_password() or _asked_password(screen, setup.account)
    _try(setup.account, password, screen)
    _note(root, setup.account, password, screen, yes=yes)


def _dns_report(root: Path, sender: str, screen: Screen, today: dt.date) -> str:
    config, people = read_customers(root, today)
    return dns_report(sender, config.account, people.customers["email"], screen)


def _confirm_servers(address: str, account: MailAccount, screen: Screen) -> None:
    """Ask whether the password may go to servers that only DNS names; else end the program."""
    if not on_terminal():
        named = f"--smtp {account.smtp}{f' --imap {account.imap}' if account.imap else ''}"
        hint = f"if they are your provider's: newsletter account {address} {named}"
        raise NewsletterError.at("nobody is there to say that these are your servers", hint=hint)
    if not click.confirm(screen("account_ask_servers"), default=False):
        click.echo(screen("account_nothing"))
        raise click.exceptions.Exit(1)


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


def _asked_password(screen: Screen, account: MailAccount) -> str:
    """Ask for the password; Enter, or nobody there, takes that of the keyring."""
    stored = kept_password(account.user)
    if on_terminal():
        phrase = "account_password_kept" if stored else "account_password"
        question = screen(phrase, user=account.user)
        default = "" if stored else None
        answer: str = click.prompt(question, hide_input=True, default=default, show_default=False)
        return answer or stored
    if not stored:
        hint = f"set the environment variable {VARIABLE}"
        raise NewsletterError.at("nobody is there to type the password", hint=hint)
    return stored


def _try(account: MailAccount, password: str, screen: Screen) -> None:
    """Log in to both servers; raises NewsletterError if one cannot be reached or refuses."""
    refused = "look above at what your provider needs, then run it again"
    server = Server.at(account.smtp)
    with plain_errors(account, server.host, refused=refused):
        Connection(server, user=account.user, password=password).close()
    click.echo(screen("account_works", server=shown(account.smtp)))
    if account.imap:
        server = Server.at(account.imap)
        with (
            plain_errors(account, server.host, refused=refused),
            open_mailbox(server, user=account.user, password=password),
        ):
            click.echo(screen("account_works", server=shown(account.imap)))


def _note(root: Path, account: MailAccount, password: str, screen: Screen, *, yes: bool) -> None:
    """Show what would be written, ask, write it, and keep the password."""
    settings = {"user": account.user, "smtp": account.smtp, "imap": account.imap}
    content = settings_with_account(root, settings)
    lines = account_lines({name: value for name, value in settings.items() if value})
    click.echo("\n".join([screen("account_writes", file=SETTINGS), *lines]))
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
