"""Pages of transfers: applying, deciding, the lists, letters and receipts."""
