"""JSON as this service reads and writes it: Chinese stays readable, and no input can exhaust the reader."""

from typing import Any

from flask.json.provider import DefaultJSONProvider


class Json(DefaultJSONProvider):
    """Compact, in the order of the fields, in UTF-8."""

    ensure_ascii = False
    sort_keys = False
    compact = True

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON; whatever is wrong with it is a ValueError, too deep nesting included."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
