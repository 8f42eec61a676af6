"""Settings of the stories steps."""

from msgspec import Struct

from streams.settings import PositiveFloat, PositiveInt


class StoriesSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The stories step."""

    #: a story to which nothing has come for so long has ended
    window_days: PositiveFloat = 30.0
    #: the same for a story of headlines alone, which look more alike
    headline_days: PositiveFloat = 7.0
    #: running stories; beyond them the one to which nothing has come for longest is ended
    max_stories: PositiveInt = 50_000
    #: an article that takes longer is tried once more alone and then dead-lettered
    timeout_seconds: PositiveFloat = 5.0


SECTIONS = {"stories": StoriesSettings}
