"""How a sending goes wrong: for now, or for good."""


class NotSent(Exception):
    """The receiver did not take it; worth another attempt."""


class Rejected(Exception):
    """The receiver will never take it, or there is no receiver: no attempt will help before somebody mends it."""
