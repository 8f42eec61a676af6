"""Rows of tables whose time nobody can read: their articles have no date, or the time of the file as that of their fetching."""

#: How many rows are named, and characters of each one's text.
MOST_NAMED, MOST_CHARACTERS = 3, 40


class UndatedRows:
    """Counts such rows, and keeps the first few."""

    def __init__(self) -> None:
        self.total = 0
        self._first: list[str] = []

    def add(self, where: str, said: str) -> None:
        """Count a row by its place, and keep the text in the place of its time."""
        self.total += 1
        if len(self._first) < MOST_NAMED:
            said = " ".join(said.split())
            self._first.append(f"{where} ({said if len(said) <= MOST_CHARACTERS else said[:MOST_CHARACTERS] + '…'})")

    def __str__(self) -> str:
        """Say how many, and which came first; empty for none."""
        if not self.total:
            return ""
        times = "time in a table that is" if self.total == 1 else "times in tables that are"
        return (
            f"{self.total} {times} in no form known here: {', '.join(self._first)}{', …' * (self.total > MOST_NAMED)}"
        )
