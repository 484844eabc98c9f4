"""A page as axe-core judges it."""

from pathlib import Path

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1360, 900, 390)
COLOURS = ("light", "dark")
# Where `make test` looks: each page at one end, wide and light or narrow and dark.
SOME = {"light": WIDTHS[:1], "dark": WIDTHS[-1:]}


def violations(page):
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(AXE.read_text())
    # Of rules that are kept axe tells one node only: telling all of them takes most of its time.
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})")[
        "violations"
    ]
    return [
        f"{fault['id']}: {fault['nodes'][0]['target']} {fault['nodes'][0]['failureSummary']}"
        for fault in found
    ]


def judge(visitor, path, widths=WIDTHS):
    """Axe's findings at these widths, with the address before each; and nothing wider than the window."""
    page = visitor.page
    faults = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        faults += [f"{path} at {width}: {fault}" for fault in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path} at {width}: wider than the window")
    return faults
