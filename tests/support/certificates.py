"""Certificates of our own, for servers on this machine."""

import subprocess
from pathlib import Path

#: A key that is made at once.
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """Make a certificate that nobody vouches for, with these names (`DNS:localhost`, `IP:127.0.0.1`), and its key.

    It is good for two days. Needs openssl.
    """
    cert, key = folder / "certificate.pem", folder / "key.pem"
    subject = ("-days", "2", "-subj", "/CN=localhost", "-addext", f"subjectAltName={','.join(names)}")
    command = ["openssl", "req", "-x509", *NEW_KEY, *subject, "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key
