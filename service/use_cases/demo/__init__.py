"""The demonstration: one real province with invented members and a few transfers."""
