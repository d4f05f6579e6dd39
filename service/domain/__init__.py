"""The rules of transferring, pure: the standard library, no clock, no database, no request."""
