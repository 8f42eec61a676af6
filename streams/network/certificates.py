"""Certificates that do not count, in plain words: those of sources and of receivers."""

import ssl

from aiohttp import ClientConnectorCertificateError


def certificate_fault(error: ClientConnectorCertificateError) -> str:
    """Return why a server's certificate does not count, and whose it is."""
    raised = error.certificate_error
    why = raised.verify_message if isinstance(raised, ssl.SSLCertVerificationError) else str(raised)
    return f"{error.host}:{error.port}: its certificate is not valid: {why}"
