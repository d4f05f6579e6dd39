"""A file of which nothing was taken, on its way to the border of the program."""

from service.use_cases.imports.defects import ImportReport


class BadFile(Exception):
    """Raised by a command so that every bad file is told in one place."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(f"{report.found} defects")
        self.report = report
