"""What is due, and the calendar it is counted by, in the database."""
