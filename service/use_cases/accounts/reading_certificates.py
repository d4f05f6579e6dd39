"""Reads personal certificates and proves by whom they were issued (R-036)."""

from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from service.domain.accounts.certificates import Certificate
from service.domain.errors import Refused

LARGEST = 16_384
Issuers = Sequence[x509.Certificate]


def load_issuers(path: Path | None) -> Issuers:
    """The issuers that are believed, from a file of PEM certificates; refuses E_SETTING_INVALID."""
    if path is None:
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise Refused(
            "E_SETTING_INVALID",
            field="ZHUANJIE_CERTIFICATE_ISSUERS",
            detail_zh=f"{path} 应为 PEM 证书",
            detail_en=f"{path} must hold PEM certificates",
        ) from error


def read_certificate(pem: bytes, issuers: Issuers) -> Certificate:
    """A certificate issued by one of those believed, for clients; refuses E_CERT_INVALID. Whether it holds is not asked."""
    try:
        found = x509.load_pem_x509_certificate(pem[:LARGEST])
        is_ours = any(_is_from(found, issuer) for issuer in issuers) and _is_for_clients(found)
    except (ValueError, TypeError) as error:
        raise Refused("E_CERT_INVALID", field="certificate") from error
    if not is_ours:
        raise Refused(
            "E_CERT_INVALID",
            field="certificate",
            detail_zh="签发机构不受信任",
            detail_en="its issuer is not known here",
        )
    return Certificate(found.fingerprint(hashes.SHA256()).hex(), found.not_valid_before_utc, found.not_valid_after_utc)


def _is_from(found: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        found.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _is_for_clients(found: x509.Certificate) -> bool:
    try:
        usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.CLIENT_AUTH in usage
