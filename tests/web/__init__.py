"""The interface and what stands before it, as programs and browsers meet it."""
