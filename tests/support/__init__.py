"""What tests lean on: a real PostgreSQL, a real Chromium, a real server, and no network beyond this machine."""
