"""Who there is and what they keep: three portals, four companies, callers of every kind.

Every secret word of a tenant is a canary, so that it is known anywhere it turns up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, SQLModel

from app.db import writing
from app.models.capability import Capability, CapabilityCreate
from app.models.company import Company
from app.models.facility import Facility, FacilityCreate
from app.models.key import SCOPES_OF, Key, Role, Scope
from app.models.person import Person
from app.models.portal import Portal
from app.models.provider import Provider, ProviderCreate
from app.models.requirement import Requirement, RequirementNeed
from app.models.run import Run, RunCreate
from app.services import (
    capabilities,
    facilities,
    keys,
    portals,
    providers,
    requirements,
    runs,
    vocabulary_files,
)
from app.services.catalogue import LiveCatalogue
from app.services.editing import Editor
from app.services.holders import Holder
from app.services.tenancy import SYSTEM
from tests.prove.place import Database

CENTRE = "centre"
COMPANIES = {"a": "songdo", "b": "songdo", "c": "paris", "o": CENTRE}
ORIGIN = "https://www.songdo.example"
_CONCEPT = '{"id": "fill-finish", "facet": "service", "label_en": "Fill-finish"}\n'


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller; `is_known` unless its key is none that opens."""

    name: str
    role: str = ""
    portal: str = ""
    company: str = ""
    scopes: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a request may be about, and whose it is. `state` is there, missing, malformed,
    deleted, or moved where it stands under a parent that isn't its own; of providers published,
    draft or archived; of requirements shared; of callers' own keys in use."""

    kind: str
    name: str
    id: str
    portal: str = ""
    company: str = ""
    state: str = "there"
    parent: "Thing | None" = None

    @property
    def is_there(self) -> bool:
        """Whether it exists."""
        return self.state not in ("missing", "malformed", "deleted", "moved")


class World:
    """All callers and things of one database, and the canaries of each tenant."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database = database
        self.actors: list[Actor] = []
        self.things: list[Thing] = []
        self.canaries: dict[str, tuple[str, str]] = {}  # token: portal, company
        self.shared: set[str] = set()  # canaries that the centre's staff may read
        self._random = Random(seed)
        self._ids: dict[str, UUID] = {}
        with writing(database.engine, SYSTEM.claims) as session:
            vocabulary_files.load(session, _CONCEPT)
        self._catalogue = LiveCatalogue(database.engine).current()
        with writing(database.engine, SYSTEM.claims) as session:
            self._fill(session)

    def of(self, kind: str) -> list[Thing]:
        """The things of one kind, there or not."""
        return [thing for thing in self.things if thing.kind == kind]

    def id_of(self, name: str) -> str:
        """The id of a portal or company by its name here."""
        return str(self._ids[name])

    def fresh(self, like: Thing) -> Thing:
        """Another thing of the same kind, owner and state, for a request that ends it."""
        with writing(self.database.engine, SYSTEM.claims) as session:
            made = _MAKERS[like.kind](self, session, like)
            return replace(like, id=made)

    def canary(self, portal: str, company: str = "") -> str:
        """A new secret word of a tenant."""
        token = f"zq{self._random.getrandbits(64):016x}"
        self.canaries[token] = (portal, company)
        return token

    def _fill(self, session: Session) -> None:
        self._add_portals(session)
        for company, portal in COMPANIES.items():
            thing = Thing("company", company, "", portal, company)
            self._ids[company] = UUID(self._company(session, thing))
            self._add(replace(thing, id=str(self._ids[company])))
        self._add_actors(session)
        for portal in ("songdo", "paris", CENTRE):
            self._make(session, Thing("key", f"staff-of-{portal}", "", portal))
        for company, portal in COMPANIES.items():
            for kind in ("key", "person", "requirement"):
                self._make(session, Thing(kind, f"{kind}-of-{company}", "", portal, company))
            own = self.things[-1]
            self._make(session, Thing("run", f"run-of-{company}", "", portal, company, parent=own))
        for portal, company in (("songdo", "a"), (CENTRE, "o")):
            shared = Thing("requirement", f"shared-of-{company}", "", portal, company, "shared")
            self._make(session, shared)
        self._add_providers(session)
        self.things.append(Thing("concept", "concept", "fill-finish"))
        self.things.append(Thing("problem", "problem", "not-found"))
        self._add_absent(session)

    def _add_providers(self, session: Session) -> None:
        self._make(session, Thing("provider", "other", "", state="published"))
        other = self.things[-1]
        for state in ("published", "draft", "archived"):
            self._make(session, Thing("provider", state, "", state=state))
            parent = self.things[-1]
            for kind in ("facility", "capability"):
                self._make(session, Thing(kind, f"{kind}-{state}", "", state=state, parent=parent))
                part = self.things[-1]
                self._add(replace(part, name=f"{state}, elsewhere", state="moved", parent=other))

    def _add_portals(self, session: Session) -> None:
        for name in (CENTRE, "songdo", "paris"):
            if name == CENTRE:
                portal = portals.centre(session)
                portal.name = self.canary(name)
            else:
                portal = Portal(slug=name, name=self.canary(name))
            session.add(portal)
            session.flush()
            self._ids[name] = portal.id
            self._add(Thing("portal", name, str(portal.id), name))

    def _add_actors(self, session: Session) -> None:
        now = datetime.now(UTC)
        self.actors.append(Actor("nobody"))
        self.actors.append(Actor("garbled", headers=_bearer("cdmo_admin_x_0"), is_known=False))
        basic = {"Authorization": "Basic eDp5"}
        self.actors.append(Actor("otherwise", headers=basic, is_known=False))
        self._actor(session, "expired", Role.ADMIN, CENTRE, expires_at=now - timedelta(seconds=1))
        self._actor(session, "revoked", Role.ADMIN, CENTRE, revoked_at=now)
        self._actor(session, "admin", Role.ADMIN, CENTRE)
        self._actor(session, "narrow-admin", Role.ADMIN, CENTRE, scopes=[Scope.MATCH])
        self._actor(session, "curator", Role.CURATOR, CENTRE)
        self._actor(session, "narrow-curator", Role.CURATOR, CENTRE, scopes=[Scope.MATCH])
        for portal in ("songdo", "paris"):
            self._actor(session, f"partner-{portal}", Role.PARTNER, portal)
        for company, portal in COMPANIES.items():
            self._actor(session, f"company-{company}", Role.COMPANY, portal, company)
        self._actor(session, "narrow-company", Role.COMPANY, "songdo", "a", scopes=[Scope.MATCH])
        for scope in (Scope.TENANCY, Scope.REQUIREMENTS):
            for role, company in ((Role.PARTNER, ""), (Role.COMPANY, "a")):
                name = f"{scope}-{role}"
                self._actor(session, name, role, "songdo", company, scopes=[scope])
        self._actor(session, "embedded", Role.EMBED, "songdo", origins=[ORIGIN])
        self._actor(session, "elsewhere", Role.EMBED, "songdo", origins=["https://a.example"])

    def _actor(
        self,
        session: Session,
        name: str,
        role: Role,
        portal: str,
        company: str = "",
        *,
        revoked_at: datetime | None = None,
        **options: Any,
    ) -> None:
        key, secret = self._key(session, name, role, portal, company, **options)
        key.revoked_at = revoked_at
        headers = _bearer(secret) | ({"Origin": ORIGIN} if role is Role.EMBED else {})
        known = name not in ("expired", "revoked")
        scopes = frozenset(str(scope) for scope in options.get("scopes") or SCOPES_OF[role])
        self.actors.append(Actor(name, role.value, portal, company, scopes, headers, known))
        self._add(Thing("key", f"key-of-{name}", str(key.id), portal, company, state="in use"))

    def _key(
        self, session: Session, name: str, role: Role, portal: str, company: str, **options: Any
    ) -> tuple[Key, str]:
        holder = Holder(self._ids[portal], self._ids[company] if company else None)
        return keys.create(session, name=name, role=role, editor=Editor(), holder=holder, **options)

    def _add(self, thing: Thing) -> None:
        self.things.append(thing)

    def _make(self, session: Session, thing: Thing) -> None:
        self._add(replace(thing, id=_MAKERS[thing.kind](self, session, thing)))

    def _add_absent(self, session: Session) -> None:
        for kind in dict.fromkeys(thing.kind for thing in self.things):
            like = next(thing for thing in reversed(self.of(kind)) if thing.is_there)
            parent = like.parent
            self._add(Thing(kind, "missing", str(uuid4()), state="missing", parent=parent))
            self._add(Thing(kind, "malformed", "not-an-id!", state="malformed", parent=parent))
            if kind in _ROWS:
                gone = _MAKERS[kind](self, session, like)
                session.delete(session.get_one(_ROWS[kind], UUID(gone)))
                session.flush()
                self._add(Thing(kind, "deleted", gone, state="deleted", parent=parent))

    def _company(self, session: Session, thing: Thing) -> str:
        row = Company(
            name=self.canary(thing.portal, thing.company), portal_id=self._ids[thing.portal]
        )
        return _stored(session, row)

    def _secret_key(self, session: Session, thing: Thing) -> str:
        role = Role.COMPANY if thing.company else Role.PARTNER
        if thing.portal == CENTRE and not thing.company:
            role = Role.CURATOR
        name = self.canary(thing.portal, thing.company)
        return str(self._key(session, name, role, thing.portal, thing.company)[0].id)

    def _owner(self, thing: Thing) -> dict[str, Any]:
        return {"portal_id": self._ids[thing.portal], "company_id": self._ids[thing.company]}

    def _person(self, session: Session, thing: Thing) -> str:
        owner = self._owner(thing)
        word = self.canary(thing.portal, thing.company)
        row = Person(
            **owner,
            home_id=owner["company_id"],
            email=f"{word}@start-up.example",
            name=self.canary(thing.portal, thing.company),
            role=Role.COMPANY,
        )
        return _stored(session, row)

    def _requirement(self, session: Session, thing: Thing) -> str:
        def word() -> str:
            made = self.canary(thing.portal, thing.company)
            if thing.state == "shared":
                self.shared.add(made)
            return made

        now = datetime.now(UTC)
        row = Requirement(
            **self._owner(thing),
            title=word(),
            text=word(),
            used_at=now,
            shared_at=now if thing.state == "shared" else None,
        )
        made = _stored(session, row)
        session.add(RequirementNeed(requirement_id=row.id, position=0, platform=word()))
        return made

    def _run(self, session: Session, thing: Thing) -> str:
        assert thing.parent is not None
        requirement = session.get_one(Requirement, UUID(thing.parent.id))
        asked = runs._with_options(requirements.as_request(session, requirement), RunCreate())
        return _stored(session, runs._computed(requirement, asked, self._catalogue))

    def _provider(self, session: Session, thing: Thing) -> str:
        data = ProviderCreate.model_validate(
            {"name": f"Provider {uuid4().hex}", "kind": "cdmo", "state": thing.state}
        )
        return str(providers.create(session, data, editor=Editor()).id)

    def _part(self, session: Session, thing: Thing) -> str:
        assert thing.parent is not None
        place, word = thing.parent.id, f"Part {uuid4().hex}"
        if thing.kind == "facility":
            site = FacilityCreate(name=word)
            return str(facilities.create(session, place, site, wanted=None, editor=Editor()).id)
        offer = CapabilityCreate.model_validate({"service": word})
        return str(capabilities.create(session, place, offer, wanted=None, editor=Editor()).id)


_MAKERS: dict[str, Any] = {
    "company": World._company,
    "key": World._secret_key,
    "person": World._person,
    "requirement": World._requirement,
    "run": World._run,
    "provider": World._provider,
    "facility": World._part,
    "capability": World._part,
}
_ROWS: dict[str, type[SQLModel]] = {
    "company": Company,
    "key": Key,
    "person": Person,
    "requirement": Requirement,
    "run": Run,
    "provider": Provider,
    "facility": Facility,
    "capability": Capability,
}


def _stored(session: Session, row: Any) -> str:
    session.add(row)
    session.flush()
    return str(row.id)


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}
