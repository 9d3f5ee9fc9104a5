"""Tables with their API classes, a file per noun. Importing this registers every table."""

from app.models.capability import Capability
from app.models.certificate import Certificate
from app.models.concept import Concept
from app.models.event import Event
from app.models.facility import Facility
from app.models.idempotency import IdempotentAnswer
from app.models.key import Key
from app.models.phrase import PhraseSecret, PhraseUse, SharedPhrase
from app.models.provider import Provider
from app.models.requirement import Requirement, RequirementNeed
from app.models.revision import Revision

__all__ = [
    "Capability",
    "Certificate",
    "Concept",
    "Event",
    "Facility",
    "IdempotentAnswer",
    "Key",
    "PhraseSecret",
    "PhraseUse",
    "Provider",
    "Requirement",
    "RequirementNeed",
    "Revision",
    "SharedPhrase",
]
