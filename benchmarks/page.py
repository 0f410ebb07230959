"""Writes what was measured: a table for the terminal, benchmarks/README.md and its chart."""
import json
import os
import platform
import time
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIGURES = HERE.parent / "target" / "benchmarks" / "figures"
BEGIN = "<!-- what follows is written by benchmarks/run -->"
OURS, THEIRS = "#2a6f97", "#b8b8b8"


def table(results):
    """The tables of all parts; a goal that is missed says by how much."""
    return "\n\n".join(block(part) for part in results)


def block(part):
    lines = [f"### {part.title[0].upper()}{part.title[1:]}", ""]
    lines += [f"| {' | '.join(part.columns)} |", "|---|" + "---:|" * (len(part.columns) - 1)]
    lines += [f"| {' | '.join(cells(part, contestant))} |" for contestant in part.contestants]
    return "\n".join(lines)


def cells(part, contestant):
    if contestant.missing:
        return [contestant.name, contestant.missing] + [""] * (len(part.columns) - 2)
    return [contestant.name, *part.figures(part, contestant)]


def write(order, part, settings, times):
    """Keeps the figures of a part, and writes the page anew from all that are kept, each with its day and time."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    shown = [contestant for contestant in part.contestants if contestant.work]
    (FIGURES / f"{part.name}.json").write_text(json.dumps({
        "block": f"{block(part)}\n\n{time.strftime('%Y-%m-%d %H:%M')}, {how_often(part, times)}; load of the machine"
                 f" besides: {part.besides}.",
        "title": part.title,
        "bars": [[contestant.name, contestant.median()] for contestant in shown] if part.drawn else []}))
    kept = [json.loads((FIGURES / f"{name}.json").read_text()) for name in order if (FIGURES / f"{name}.json").exists()]
    readme = HERE / "README.md"
    prose = readme.read_text().split(BEGIN)[0] if readme.exists() else ""
    (HERE / "chart.svg").write_text(svg([figures for figures in kept if figures["bars"]]))
    readme.write_text("\n".join([
        prose.rstrip() + "\n", BEGIN, "", "## Figures", "", machine(settings), "",
        "![The same figures as bars](chart.svg)", "", "\n\n".join(figures["block"] for figures in kept), ""]))


def how_often(part, times):
    most = max(contestant.times or times for contestant in part.contestants)
    return "each once" if most == 1 else f"medians of {most}"


def machine(settings):
    processor = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                      if line.startswith("model name")), platform.processor())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    shown = ", ".join(f"`{name}` {value}" for name, value in settings.items() if name != "server_version")
    return (f"{os.cpu_count()} cores ({processor}), {memory:.0f} GiB, {platform.system()}"
            f" {platform.release()}. PostgreSQL {settings['server_version']} on the same machine: {shown}.")


def svg(parts):
    """Horizontal bars, a block for each part, each with a scale of its own."""
    width, left, bar, y, body = 860, 330, 18, 16, []
    for part in parts:
        longest = max(seconds for _, seconds in part["bars"])
        body.append(f'<text x="8" y="{y + 14}" font-weight="bold">{escape(part["title"])}</text>')
        y += 24
        for label, seconds in part["bars"]:
            length = max(1, seconds / longest * (width - left - 90))
            name = label.replace("*", "").replace("`", "")
            colour = OURS if name.startswith("Nightshift") else THEIRS
            body.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>')
            body.append(f'<rect x="{left}" y="{y}" width="{length:.0f}" height="{bar - 3}" fill="{colour}"/>')
            body.append(f'<text x="{left + length + 6:.0f}" y="{y + 13}">{seconds:.1f} s</text>')
            y += bar
        y += 14
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" font-family="sans-serif"'
            f' font-size="13" fill="#222"><rect width="100%" height="100%" fill="#fff"/>\n'
            + "\n".join(body) + "\n</svg>\n")
