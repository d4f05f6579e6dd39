"""The benchmark: what a completion, a route and an import cost, beside a baseline measured in the same run."""
