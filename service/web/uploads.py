"""Files over HTTP: kept in memory while they are read, handed out as downloads only.

What was sent never lies in a temporary file: it may be the photograph of an identity card.
"""

import io
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Request, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from service.domain.errors import Refused
from service.uploads.examining import Upload
from service.use_cases.attachments.fetch_attachment import Download

LARGEST_REQUEST = 6 * 1024 * 1024
"""Bytes of any request."""
LARGEST_UPLOAD = 21 * 1024 * 1024
"""Bytes of a request that brings files: four of five megabytes."""
_SANDBOX = "sandbox; default-src 'none'"
_MARK = "takes_files"
_View = TypeVar("_View", bound=Callable[..., Any])


def takes_files(view: _View) -> _View:
    """Mark a view that takes files, so that its requests may be larger; it stands nearest to the function."""
    setattr(view, _MARK, True)
    return view


class RequestInMemory(Request):
    """A request whose files never touch a disk, and may be large only where files are taken."""

    @property
    def max_content_length(self) -> int | None:
        """Bytes that are read at most."""
        view = current_app.view_functions.get(self.endpoint or "")
        return LARGEST_UPLOAD if getattr(view, _MARK, False) else LARGEST_REQUEST

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        raise NotImplementedError

    def _get_file_stream(self, *_: Any, **__: Any) -> io.BytesIO:
        return io.BytesIO()


def require_readable(field: str) -> None:
    """Refuse E_ATTACHMENT_SIZE for a request that is far too large to be read."""
    try:
        request.files  # noqa: B018 - to look at it is to read it
    except RequestEntityTooLarge as error:
        raise Refused("E_ATTACHMENT_SIZE", field=field) from error


def sent(field: str) -> Upload:
    """The one file of this field; refuses E_REQUIRED_FIELD."""
    found = sent_all(field)
    if not found:
        raise Refused("E_REQUIRED_FIELD", field=field)
    return found[0]


def sent_all(field: str) -> tuple[Upload, ...]:
    """The files of this field; a field left empty sends none."""
    files = request.files.getlist(field)
    return tuple(Upload(each.filename or "", each.read()) for each in files if each.filename)


def download(found: Download) -> Response:
    """A file as a browser saves it: never shown in place, never taken for something else, never with rights."""
    response = Response(found.content, mimetype="application/octet-stream")
    response.headers["Content-Type"] = found.media_type
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}"
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response
