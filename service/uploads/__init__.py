"""The one door to files from outside: what they are is proved by their structure, images are drawn anew (R-195)."""
