"""Results as Markdown tables."""

import statistics
from typing import Any

from bench.spread import Times


def print_tables(results: dict[int, dict[str, Any]]) -> None:
    """Print the tables of the README as Markdown."""
    smallest = next(iter(results.values()))["figures"]
    for size, result in results.items():
        figures = result["figures"]
        constant = figures["floor: constant rows"]["p50"]
        print(f"\n### {size:,} customers (loaded in {result['load_seconds']:,.0f} s)\n")
        print(
            "| | p50 ms | p95 ms | p99 ms | max ms | p50 / constant | p95 / constant | p50 growth |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for name, said in figures.items():
            values = " | ".join(f"{said[part]:.2f}" for part in ("p50", "p95", "p99", "max"))
            ratios = f"{said['p50'] / constant:.2f} | {said['p95'] / constant:.2f}"
            print(f"| {name} | {values} | {ratios} | {said['p50'] / smallest[name]['p50']:.2f} |")
        print(
            "\n"
            + "\n".join(
                f"- {name}: {value}"
                for name, value in {**result["served"], **result["check"]}.items()
            )
        )
    print(
        "\nmedian of the constant page over all sizes: "
        f"{statistics.median(constants(results)):.2f} ms"
    )


def constants(results: dict[int, dict[str, Any]]) -> Times:
    return [result["figures"]["floor: constant rows"]["p50"] for result in results.values()]
