"""The security settings as Faust takes them."""

import faust
from faust.types.auth import AuthProtocol, SASLMechanism

from streams.kafka.clients import ssl_context
from streams.settings import KafkaSettings


def credentials(settings: KafkaSettings) -> faust.SASLCredentials | faust.SSLCredentials | None:
    """Return the security settings of `client_options` as Faust takes them."""
    context = ssl_context(settings)
    if settings.security_protocol.startswith("SASL"):
        sasl = faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.sasl_password,
            ssl_context=context,
            mechanism=SASLMechanism(settings.sasl_mechanism),
        )
        if context is None:
            sasl.protocol = AuthProtocol.SASL_PLAINTEXT
        return sasl
    return faust.SSLCredentials(context) if context is not None else None
