"""Tables with their API classes, a file per noun. Importing this registers every table."""

from app.models.capability import Capability
from app.models.certificate import Certificate
from app.models.company import Company
from app.models.concept import Concept
from app.models.event import Event
from app.models.facility import Facility
from app.models.idempotency import IdempotentAnswer
from app.models.key import Key
from app.models.person import OneTimeToken, Person, SignIn
from app.models.phrase import PhraseSecret, PhraseUse, SharedPhrase
from app.models.portal import Portal
from app.models.provider import Provider
from app.models.requirement import Requirement, RequirementNeed
from app.models.revision import Revision
from app.models.run import Run

__all__ = [
    "Capability",
    "Certificate",
    "Company",
    "Concept",
    "Event",
    "Facility",
    "IdempotentAnswer",
    "Key",
    "OneTimeToken",
    "Person",
    "PhraseSecret",
    "PhraseUse",
    "Portal",
    "Provider",
    "Requirement",
    "RequirementNeed",
    "Revision",
    "Run",
    "SharedPhrase",
    "SignIn",
]
