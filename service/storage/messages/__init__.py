"""What is told to whom, in the database: notices, the outbox, messages given up."""
