"""Percentiles of a list of times."""

Times = list[float]


def spread(times: Times) -> dict[str, float]:
    ordered = sorted(times)
    cut = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    found = {
        name: ordered[min(len(ordered) - 1, int(len(ordered) * share))]
        for name, share in cut.items()
    }
    return found | {"max": ordered[-1], "inputs": len(ordered)}
