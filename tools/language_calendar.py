"""Write the names of months and days, and "3 hours ago", into the language files, from Unicode CLDR (package babel).

    python tools/language_calendar.py [FOLDER]

FOLDER holds one TOML file a language (default: agents/clean/languages); the file's name is CLDR's code. Only the lines
between the two comments that name this script are replaced; `[dates.own_months]` and `own_ago` hold what CLDR lacks. Lower case,
full and short, as dates use them and alone; names that begin with a digit (Chinese `1月`) are left out: dates in numbers
are read without names.

Languages without a file have their months in agents/clean/metadata/month_names.toml, which is written anew as a whole.
"""

import argparse
import re
from pathlib import Path
from typing import Any

import babel
from babel import Locale

FOLDER = Path(__file__).resolve().parents[1] / "agents" / "clean" / "languages"
MONTH_NAMES = FOLDER.parent / "metadata" / "month_names.toml"
#: Languages of news without a file of their own, by CLDR's codes, and by what pages call them where that differs.
MORE = (
    "af sq eu be bs gl cy ga gd mk ne km my fil so uz kk ky tg tk az lb mt ha zu xh ig rw rn om ti sn mg lo ml kn gu mr pa or as"
    " ps ku sd ug fo br oc rm fy nn eo jv su ceb tt"
)
CALLED = {"fil": ("fil", "tl"), "nn": ("nn", "nb")}
#: Forms that dates have and CLDR lacks: an ending behind each name, or a word before it.
ENDINGS = {"eu": ("ren", "k"), "sq": ("it",), "kk": ("да", "де"), "uz": ("da",)}
BEFORE = {"km": "ខែ"}
#: "-3 h" may be anything.
MINUS = "-\u2212"
BEGIN, END = "# tools/language_calendar.py: begin", "# tools/language_calendar.py: end"


def names(table: Any, keys: range) -> list[list[str]]:
    """Return the names of each key of a CLDR table, the full ones first."""
    rows = []
    for key in keys:
        found = [
            table[context][width][key].lower().strip(" .")
            for width in ("wide", "abbreviated")
            for context in ("format", "stand-alone")
            if context in table and width in table[context]
        ]
        rows.append(list(dict.fromkeys(name for name in found if name and not name[0].isdigit())))
    return rows


def times_ago(locale: Any) -> list[list[str]]:
    """Return the phrases of so many minutes, hours and days ago, `#` for the number; CLDR says them long and short."""
    fields = locale._data["date_fields"]  # noqa: SLF001 - babel has no public way to the phrases themselves
    rows = []
    for unit in ("minute", "hour", "day"):
        past = [fields[name]["past"] for width in ("", "-short", "-narrow") if (name := f"{unit}{width}") in fields]
        phrases = [" ".join(phrase.lower().split()) for forms in past for phrase in forms.values()]
        rows.append(
            list(
                dict.fromkeys(
                    phrase.replace("{0}", "#")
                    for phrase in phrases
                    if "{0}" in phrase and "(" not in phrase and phrase[0] not in MINUS
                )
            )
        )
    return rows


def section(code: str) -> str:
    """Return the lines for one language."""
    locale = Locale.parse(code)
    lines = [f"{BEGIN} (CLDR by babel {babel.__version__})"]
    fields = (
        ("months", names(locale.months, range(1, 13))),
        ("weekdays", names(locale.days, range(7))),
        ("ago", times_ago(locale)),
    )
    for field, rows in fields:
        lines.append(f"{field} = [")
        lines += [f"    [{', '.join(quoted(name) for name in row)}]," for row in rows]
        lines.append("]")
    return "\n".join([*lines, END])


def more_months() -> str:
    """Return the file of the months of languages without a file, twelve entries a language, the forms of each side by side."""
    lines = [
        f"# Months of languages without a file, from tools/language_calendar.py (CLDR by babel {babel.__version__})"
    ]
    for code in MORE.split():
        rows = names(Locale.parse(code).months, range(1, 13))
        entries = []
        for row in rows:
            single = [name.rpartition(" ")[2] for name in row]
            full = [f"{name}{ending}" for name in single[:1] for ending in ENDINGS.get(code, ())]
            led = [f"{BEFORE[code]}{name}" for name in single] if code in BEFORE else []
            entries.append(quoted(" ".join(dict.fromkeys([*single, *full, *led]))))
        lines += [f"{name} = [{', '.join(entries)}]" for name in CALLED.get(code, (code,))]
    return "\n".join([*lines, ""])


def quoted(name: str) -> str:
    """Return a name as a TOML string."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def main() -> None:
    """Rewrite the section of every language file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    for path in sorted(parser.parse_args().folder.glob("*.toml")):
        text = path.read_text("utf-8")
        wanted = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
        if not wanted.search(text):
            raise SystemExit(f"{path}: the comments {BEGIN!r} and {END!r} are missing")
        path.write_text(wanted.sub(section(path.stem).replace("\\", r"\\"), text), "utf-8")
    MONTH_NAMES.write_text(more_months(), "utf-8")


if __name__ == "__main__":
    main()
