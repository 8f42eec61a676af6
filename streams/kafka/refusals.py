"""Reasons why brokers do not let us in: a password, a certificate or a port, each with the setting that mends it.

aiokafka logs it for each connection and raises something else: that it is not ready, or that it could not bootstrap. So the
error of the last connection to each broker is kept (`streams.kafka.rests`), and whoever says that Kafka does not answer asks
here first.
"""

import socket
import ssl

from aiokafka.conn import collect_hosts
from aiokafka.errors import (
    AuthenticationFailedError,
    IllegalSaslStateError,
    KafkaConnectionError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from streams.kafka.rests import RESTS, Entrance, Rests

#: Characters of an error in a sentence.
MAX_ERROR = 200


def refusal(addresses: str, rests: Rests = RESTS) -> str:
    """Return why brokers at `host:port` (several with commas between) refuse us, with advice; empty where none does."""
    wanted = places_of(addresses)
    found = [
        words_of(f"{host}:{port}", user, error)
        for (host, port, user), error in rests.errors.items()
        if (host, port) in wanted
    ]
    return "; ".join(dict.fromkeys(filter(None, found)))


def cut_off(addresses: str, rests: Rests = RESTS) -> str:
    """Return that brokers let us in and break off at the first question, with advice; empty where none lets us in."""
    if not any(rests.has_reached(*place) for place in places_of(addresses)):
        return ""
    return (
        f"Kafka at {addresses} takes our connection and breaks it off at the first question: set kafka.security_protocol as "
        "its port has it"
    )


def astray(bootstrap: str, rests: Rests = RESTS) -> str:
    """Return where Kafka sends its clients in vain, with advice; empty where it does not.

    Kafka at `bootstrap` answers, and names the addresses of its brokers: those that their own settings give. One that was
    reached before is away, and those of another cluster, as that of a source, say nothing of this one.
    """
    ours = places_of(bootstrap)
    if ours & {place[:2] for place in rests.errors}:
        return ""
    lost = [
        f"{host}:{port} ({reason_of(error)})"
        for (host, port, user), error in rests.errors.items()
        if isinstance(error, OSError) and not rests.knew(host, port) and rests.entrances[host, port, user] & ours
    ]
    if not lost:
        return ""
    return (
        f"Kafka at {bootstrap} answers and sends its clients to {', '.join(lost)}: start the broker there, or set its "
        "advertised.listeners to an address that is reached from here"
    )


def places_of(addresses: str) -> Entrance:
    """Return hosts and ports of `host:port` (several with commas between), as aiokafka asks for a connection to them."""
    return frozenset((host, port) for host, port, _ in collect_hosts(addresses))


def words_of(broker: str, user: str, error: Exception) -> str:
    """Return a refusal of a broker in words, with advice; empty for an error that is none."""
    match error:
        case SaslAuthenticationFailed() | AuthenticationFailedError():
            return (
                f"Kafka at {broker} refuses the user {user!r} ({reason_of(error)}): set kafka.sasl_username and "
                "kafka.sasl_password to what it knows"
            )
        case UnsupportedSaslMechanismError():
            return f"Kafka at {broker} does not take this kafka.sasl_mechanism: set another one, or enable it there"
        case ssl.SSLCertVerificationError():
            return (
                f"the certificate of Kafka at {broker} is not accepted ({error.verify_message}): renew it there, or set "
                "kafka.ssl_cafile to its authority's file and kafka.bootstrap to a name that stands in it"
            )
        case ssl.SSLError():
            return (
                f"Kafka at {broker} does not speak TLS with us ({reason_of(error)}): set kafka.security_protocol as its port "
                "has it"
            )
        case IllegalSaslStateError():
            return f"Kafka at {broker} takes no SASL at this port: set kafka.security_protocol as its port has it"
        case KafkaConnectionError() | ConnectionResetError():
            return (
                f"Kafka at {broker} breaks off each connection: set kafka.security_protocol as its port has it, and "
                "kafka.ssl_certfile where it asks for a certificate; or nothing stands behind a proxy there"
            )
    return ""


def reason_of(error: Exception) -> str:
    """Return an error's reason alone: neither its number nor the address again."""
    # of `SSLError`: those of asyncio's own have none
    if isinstance(error, ssl.SSLError) and (reason := getattr(error, "reason", None)):
        return str(reason).replace("_", " ").lower()
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, socket.gaierror):
        return "its name is not known"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    text = (error.strerror or str(error)) if isinstance(error, OSError) else str(error.args[0] if error.args else error)
    return " ".join(text.split())[:MAX_ERROR] or type(error).__name__
