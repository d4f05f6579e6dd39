"""From origin, target, tree and profile to variety and hops, pure."""
