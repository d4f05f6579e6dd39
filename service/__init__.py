"""The service that carries Party-membership transfers from application to report-in, one layer per folder."""
