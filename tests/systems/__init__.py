"""The five systems, played through the JSON interface: scenarios, and each manual from top to bottom."""
