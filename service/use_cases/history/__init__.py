"""What history tells: replay of transfers, step by step, against what was recorded."""
