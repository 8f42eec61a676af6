"""The hierarchy of errors as its module draws it."""

import inspect
import re

from streams import errors


def test_the_drawing_shows_every_error_under_its_base() -> None:
    """Who reads the drawing knows which errors `except` catches."""
    drawn: dict[str, str] = {}
    above = ["WirewatchError"]
    for branch, name in re.findall(r"^    ([│ ]*[├└]── )(\w+)", errors.__doc__ or "", re.MULTILINE):
        del above[len(branch) // 4 :]
        drawn[name] = above[-1]
        above.append(name)

    raised = {name: made for name, made in inspect.getmembers(errors, inspect.isclass) if issubclass(made, Exception)}
    assert drawn == {name: made.mro()[1].__name__ for name, made in raised.items() if name != "WirewatchError"}
