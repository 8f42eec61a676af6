"""Settings of pushes."""

from msgspec import Struct

from streams.settings import PositiveFloat, PositiveInt


class PushSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """News that programs push to the worker's HTTP port (`POST /push`)."""

    #: who pushes must bring it (`Authorization: Bearer`); empty: nobody may. Set it as WIREWATCH_PUSH_TOKEN
    token: str = ""
    #: bytes that may be on their way to Kafka at once; more is answered with 429
    waiting_mib: PositiveInt = 32
    #: a push that Kafka has not confirmed by then is answered with 503; it may be pushed again, with the same ids
    timeout_seconds: PositiveFloat = 20.0


SECTIONS = {"push": PushSettings}
