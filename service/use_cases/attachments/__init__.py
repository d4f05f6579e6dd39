"""Files that go with transfers, and portraits of members."""
