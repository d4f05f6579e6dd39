"""Who administers an organisation: granting and taking back roles, duties, virtual accounts (requirements 2.3)."""
