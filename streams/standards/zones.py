"""Names of time zones as publishers write them, and how far each is from UTC.

The tz database has no such list, since letters repeat: of two places the one whose news use them more is meant (IST is
India, BST Britain in summer, CST the central United States).
"""

from importlib import resources

#: Minutes east of UTC by name in lower case.
ZONE_MINUTES: dict[str, int] = {
    name: int(minutes)
    for name, minutes, _ in (
        line.split("\t")
        for line in resources.files("streams.standards").joinpath("zones.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
}
