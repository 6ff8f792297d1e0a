"""Mail merges in LibreOffice; runs in the Python of the system, which has LibreOffice's `uno`.

Usage: office_merge.py PROFILE JOBS. JOBS is JSON: a list of document, table file and the PDF
to write.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

TABLE = "contacts"


def main() -> None:
    """Start LibreOffice with a fresh profile, merge each job, and stop it."""
    profile, jobs = Path(sys.argv[1]), json.loads(sys.argv[2])
    pipe = f"pipe,name=letters{os.getpid()};urp"
    command = ["soffice", "--headless", "--norestore", "--nologo", f"--accept={pipe}"]
    command += [f"-env:UserInstallation={profile.as_uri()}"]
    office = subprocess.Popen(command)
    try:
        context = connect(f"uno:{pipe};StarOffice.ComponentContext", office)
        create = partial(instance, context)
        databases = create("com.sun.star.sdb.DatabaseContext")
        for number, (document, table, pdf) in enumerate(jobs):
            register(databases, Path(table), number)
            merge(create, Path(document), Path(pdf))
        create("com.sun.star.frame.Desktop").terminate()
        office.wait(60)
    finally:
        office.kill()


def instance(context: object, service: str) -> object:
    """Return a service of the office."""
    return context.ServiceManager.createInstanceWithContext(service, context)


def connect(address: str, office: subprocess.Popen) -> object:
    """Return the context of the office once it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(600):
        try:
            return resolver.resolve(address)
        except NoConnectException:
            assert office.poll() is None, "LibreOffice has ended"
            time.sleep(0.1)
    raise TimeoutError("LibreOffice does not answer")


def register(databases: object, table: Path, number: int) -> None:
    """Register a spreadsheet as the data source that documents name, as its owner does."""
    if databases.hasByName(TABLE):
        databases.revokeObject(TABLE)
    source = databases.createInstance()
    source.URL = f"sdbc:calc:{table.as_uri()}"
    source.DatabaseDocument.storeAsURL(table.with_suffix(f".{number}.odb").as_uri(), ())
    databases.registerObject(TABLE, source)


def merge(create: Callable, document: Path, pdf: Path) -> None:
    """Merge into one document, as the toolbar does, and print that as a PDF."""
    values = {
        "DocumentURL": document.as_uri(),
        "DataSourceName": TABLE,
        "CommandType": 0,
        "Command": TABLE,
        "OutputType": 2,
        "OutputURL": pdf.parent.as_uri(),
        "FileNamePrefix": pdf.stem,
        "SaveAsSingleFile": True,
    }
    job = create("com.sun.star.text.MailMerge")
    for key, value in values.items():
        setattr(job, key, value)
    job.execute(())
    desktop = create("com.sun.star.frame.Desktop")
    merged = pdf.with_name(f"{pdf.stem}0.odt")
    letters = desktop.loadComponentFromURL(merged.as_uri(), "_blank", 0, (named("Hidden", True),))
    letters.storeToURL(pdf.as_uri(), (named("FilterName", "writer_pdf_Export"),))
    letters.close(True)


def named(name: str, value: object) -> PropertyValue:
    """Return a property."""
    whole = PropertyValue()
    whole.Name, whole.Value = name, value
    return whole


if __name__ == "__main__":
    main()
