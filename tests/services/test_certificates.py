"""Certificates put in the place of others."""

from uuid import uuid4

from app.models.certificate import Certificate, CertificateData
from app.models.provider import Provider, ProviderKind
from app.services import certificates


def test_one_that_says_the_same_stays_with_its_id_and_wording() -> None:
    provider = Provider(id=uuid4(), slug="acme", name="Acme", kind=ProviderKind.CDMO)
    old = Certificate(
        standard="cGMP", scope="Plant 2", wording="cGMP (Plant 2)", provider_id=provider.id
    )
    gone = Certificate(standard="GLP", provider_id=provider.id, position=1)
    provider.certificates = [old, gone]
    same = CertificateData(standard="cGMP", scope="Plant 2")
    certificates.replace(provider, None, [CertificateData(standard="ISO 9001"), same])
    told = [(c.standard, c.wording, c.position) for c in provider.certificates]
    assert told == [("ISO 9001", None, 0), ("cGMP", "cGMP (Plant 2)", 1)]
    assert provider.certificates[1] is old
