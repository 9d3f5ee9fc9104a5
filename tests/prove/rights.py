"""The table of rights: for each route who may use it, over whose things, and what it answers.

Written by hand from the design, and using nothing of the app, so that the two can differ. A new
route needs a line in RULES: `python -m tests.prove --only rights` names those that have none.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.prove.world import CENTRE, Actor, Thing, World

Reach = Callable[[Actor, Thing], bool]
Body = dict[str, Any]

ADMINS = frozenset({"admin"})
CURATORS = frozenset({"admin", "curator"})
STAFF = frozenset({"admin", "partner"})
TENANTS = frozenset({"admin", "partner", "company"})
KEEPERS = frozenset({"partner", "company"})
READERS = KEEPERS | CURATORS
SCOPES = {
    "admin": frozenset({"match", "catalogue", "requirements", "tenancy"}),
    "curator": frozenset({"match", "catalogue", "requirements"}),
    "partner": frozenset({"match", "requirements", "tenancy"}),
    "company": frozenset({"match", "requirements", "tenancy"}),
    "embed": frozenset({"match"}),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """A body that a route takes when it creates something, and what each caller with the right to
    the route gets for it."""

    name: str
    body: Body
    answers: Callable[[Actor], int]


@dataclass(frozen=True, slots=True)
class Rule:
    """A route's rights. `who` is None for anybody; `reach` says which of the things that the path
    names the caller reaches, the others being answered as missing ones."""

    success: int = 200
    who: frozenset[str] | None = None
    scope: str = ""  # one or several, with spaces between them
    reach: Reach | None = None
    only_reads: Reach | None = None  # what is seen and may not be changed: 403 instead of 404
    body: Callable[[], Body] | None = None
    variants: Callable[[World], Iterator[Variant]] | None = None
    lists: str = ""  # the kind of what it lists, each by its id
    ends: bool = False  # it ends the thing, which is therefore made for each request
    heeds_keys: bool = True


def sees_portal(actor: Actor, thing: Thing) -> bool:
    """Admins all, a portal's own people theirs."""
    return actor.role == "admin" or actor.portal == thing.portal


def keeps_account(actor: Actor, thing: Thing) -> bool:
    """A company its own, a partner its portal's, admins the centre's and every portal's staff."""
    if actor.role == "admin":
        return thing.portal == CENTRE or not thing.company
    return keeps_secret(actor, thing)


def has_what_key_may(actor: Actor, thing: Thing) -> bool:
    """Its keepers, unless the key may do what they may not: it is one of its role's scopes."""
    role = "company" if thing.company else "curator" if thing.portal == CENTRE else "partner"
    return keeps_account(actor, thing) and SCOPES[role] <= actor.scopes


def keeps_secret(actor: Actor, thing: Thing) -> bool:
    """A company its own, a partner its portal's companies'."""
    if actor.role == "company":
        return actor.company == thing.company
    return actor.role == "partner" and actor.portal == thing.portal


def reads_requirement(actor: Actor, thing: Thing) -> bool:
    """Its keepers, and the centre's staff what was shared with them."""
    return keeps_secret(actor, thing) or (actor.role in CURATORS and thing.state == "shared")


def reads_provider(actor: Actor, thing: Thing) -> bool:
    """Everybody what is published, curators drafts and archived ones."""
    return thing.state == "published" or edits_provider(actor, thing)


def edits_provider(actor: Actor, _: Thing) -> bool:
    """Curators all of them."""
    return actor.role in CURATORS and "catalogue" in actor.scopes


def always(_: Actor, __: Thing) -> bool:
    """Whoever asks."""
    return True


def _name() -> Body:
    return {"name": f"Name {uuid4().hex}"}


def _provider() -> Body:
    return {**_name(), "kind": "cdmo"}


def _capability() -> Body:
    return {"service": f"Service {uuid4().hex}"}


def _nothing() -> Body:
    return {}


def _portal() -> Body:
    return {**_name(), "slug": f"p-{uuid4().hex}"}


def _need() -> Body:
    return {"needs": [{"service": "fill-finish"}]}


def _text() -> Body:
    return {"text": "fill-finish of mRNA"}


def _companies(world: World) -> Iterator[Variant]:
    """New companies: in one's own portal alone."""
    yield Variant("own portal", _name(), lambda _: 201)
    for portal in (CENTRE, "songdo", "paris"):
        body = {**_name(), "portal_id": world.id_of(portal)}
        yield Variant(portal, body, _if_portal(portal))
    yield Variant("no portal", {**_name(), "portal_id": str(uuid4())}, lambda _: 422)
    yield Variant("no id", {**_name(), "portal_id": "x"}, lambda _: 422)


def _keys(world: World) -> Iterator[Variant]:
    """New keys: staff of the centre by admins, others each within one's own portal."""
    for role in ("admin", "curator"):
        yield _given(role, {**_name(), "role": role}, lambda a: 201 if a.role == "admin" else 403)
        body = {**_name(), "role": role, "portal_id": world.id_of("songdo")}
        yield _given(f"{role} of songdo", body, lambda a: 422 if a.role == "admin" else 403)
    for portal in ("songdo", "paris"):
        body = {**_name(), "role": "partner", "portal_id": world.id_of(portal)}
        yield _given(f"partner of {portal}", body, _if_portal(portal, ADMINS))
    for portal in (CENTRE, "songdo", "paris"):
        body = {**_name(), "role": "company", "portal_id": world.id_of(portal)}
        yield _given(f"new company of {portal}", body, _if_portal(portal))
        origins = ["https://www.cluster.example"]
        page = {**_name(), "role": "embed", "portal_id": world.id_of(portal), "origins": origins}
        yield _given(f"page of {portal}", page, _if_portal(portal, ADMINS))
    yield from _unfit_keys(world)
    for thing in world.of("company"):
        body = {**_name(), "role": "company", "company_id": thing.id}
        yield _of_thing(thing)(f"company {thing.name}", body, _if_kept(thing))


def _unfit_keys(world: World) -> Iterator[Variant]:
    """What no key may be, whoever asks for it."""
    company, origins = world.id_of("a"), ["https://www.cluster.example"]
    for name, fields in (
        ("more than a company may", {"role": "company", "scopes": ["catalogue"]}),
        ("no scope", {"role": "company", "scopes": []}),
        ("page bound to none", {"role": "embed"}),
        ("company bound to pages", {"role": "company", "origins": origins}),
        ("page of a company", {"role": "embed", "origins": origins, "company_id": company}),
    ):
        yield Variant(name, {**_name(), **fields}, lambda _: 422)
    yield _given("less", {**_name(), "role": "company", "scopes": ["match"]}, lambda _: 201)


def _given(name: str, body: Body, answers: Callable[[Actor], int]) -> Variant:
    """A key, or somebody, with scopes that its maker has to have as well."""
    scopes = frozenset(body.get("scopes") or SCOPES[body["role"]])
    return Variant(name, body, lambda a: answers(a) if scopes <= a.scopes else 403)


def _of_thing(thing: Thing) -> Callable[[str, Body, Callable[[Actor], int]], Variant]:
    """What is malformed is refused as such before anybody's scopes are looked at."""
    return Variant if thing.state == "malformed" else _given


def _of_staff(answers: Callable[[Actor], int]) -> Callable[[Actor], int]:
    return lambda actor: answers(actor) if actor.role in STAFF else 403


def _if_portal(portal: str, also: frozenset[str] = frozenset()) -> Callable[[Actor], int]:
    return lambda actor: 201 if actor.portal == portal or actor.role in also else 422


def _if_kept(thing: Thing) -> Callable[[Actor], int]:
    return lambda actor: 201 if thing.is_there and keeps_account(actor, thing) else 422


def _people(world: World) -> Iterator[Variant]:
    """New people: whom one could make a key for; a company its own."""

    def person(role: str, **fields: str) -> Body:
        return {**_name(), "email": f"{uuid4().hex}@start-up.example", "role": role, **fields}

    for role in ("admin", "curator"):
        yield _given(role, person(role), lambda a: 201 if a.role == "admin" else 403)
    for portal in ("songdo", "paris"):
        body = person("partner", portal_id=world.id_of(portal))
        yield _given(f"partner of {portal}", body, _of_staff(_if_portal(portal, ADMINS)))
    for thing in world.of("company"):
        body = person("company", company_id=thing.id)
        yield _of_thing(thing)(f"of company {thing.name}", body, _if_kept(thing))
    yield _given("of no company", person("company"), lambda a: 201 if a.company else 422)
    yield Variant("embedded", person("embed"), lambda _: 422)


def _requirements(world: World) -> Iterator[Variant]:
    """New requirements: a company's own, a partner's of its portal's companies."""

    def requirement(**fields: str) -> Body:
        return {"title": f"Title {uuid4().hex}", "text": "fill-finish of mRNA", **fields}

    yield Variant("own", requirement(), lambda a: 201 if a.company else 422)
    for thing in world.of("company"):
        yield Variant(f"of company {thing.name}", requirement(company_id=thing.id), _if_kept(thing))


def _title() -> Body:
    return {"title": f"Title {uuid4().hex}"}


def _by_anybody(status: int, body: Body) -> Callable[[World], Iterator[Variant]]:
    """What everybody is answered alike, unless it comes from a page of somebody else's."""
    return lambda _: iter(
        [Variant("anybody", body, lambda a: 403 if "Origin" in a.headers else status)]
    )


_PASSWORD = {"password": "correct horse battery staple"}
_LINK = {"token": "no-such-link", **_PASSWORD}
_ADDRESS = {"email": "nobody@start-up.example"}

_OPEN = Rule(heeds_keys=False)
_READ = Rule(reach=reads_provider)
_EDIT = Rule(who=CURATORS, scope="catalogue", reach=edits_provider, body=_nothing)
_END = Rule(204, CURATORS, "catalogue", edits_provider, ends=True)
_PROVIDER = "/v1/providers/{reference}"

RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/livez"): _OPEN,
    ("GET", "/readyz"): _OPEN,
    ("GET", "/metrics"): Rule(404, heeds_keys=False),  # switched off unless asked for
    ("GET", "/problems"): _OPEN,
    ("GET", "/problems/{name}"): Rule(reach=always, heeds_keys=False),
    ("GET", "/v1/criteria"): Rule(),
    ("GET", "/v1/concepts"): Rule(),
    ("GET", "/v1/concepts/suggest?q=fill"): Rule(),
    ("GET", "/v1/concepts/{concept_id}"): Rule(reach=always),
    ("POST", "/v1/intake"): Rule(body=_text),
    ("POST", "/v1/match"): Rule(body=_need),
    ("GET", "/v1/phrases"): Rule(who=CURATORS, scope="catalogue"),
    ("GET", "/v1/providers"): Rule(),
    ("GET", "/v1/providers?state=draft"): Rule(who=CURATORS, scope="catalogue"),
    ("GET", "/v1/providers?state=archived"): Rule(who=CURATORS, scope="catalogue"),
    ("POST", "/v1/providers"): Rule(201, CURATORS, "catalogue", body=_provider),
    ("GET", _PROVIDER): _READ,
    ("PATCH", _PROVIDER): _EDIT,
    ("DELETE", _PROVIDER): _END,
    ("GET", f"{_PROVIDER}/history"): Rule(200, CURATORS, "catalogue", edits_provider),
    ("GET", f"{_PROVIDER}/facilities"): _READ,
    ("POST", f"{_PROVIDER}/facilities"): Rule(
        201, CURATORS, "catalogue", edits_provider, body=_name
    ),
    ("GET", f"{_PROVIDER}/facilities/{{facility_id}}"): _READ,
    ("PATCH", f"{_PROVIDER}/facilities/{{facility_id}}"): _EDIT,
    ("DELETE", f"{_PROVIDER}/facilities/{{facility_id}}"): _END,
    ("GET", f"{_PROVIDER}/capabilities"): _READ,
    ("POST", f"{_PROVIDER}/capabilities"): Rule(
        201, CURATORS, "catalogue", edits_provider, body=_capability
    ),
    ("GET", f"{_PROVIDER}/capabilities/{{capability_id}}"): _READ,
    ("PATCH", f"{_PROVIDER}/capabilities/{{capability_id}}"): _EDIT,
    ("DELETE", f"{_PROVIDER}/capabilities/{{capability_id}}"): _END,
    ("GET", "/v1/portals"): Rule(200, STAFF, "tenancy", sees_portal, lists="portal"),
    ("POST", "/v1/portals"): Rule(201, ADMINS, "tenancy", body=_portal),
    ("GET", "/v1/portals/{portal_id}"): Rule(200, STAFF, "tenancy", sees_portal),
    ("PATCH", "/v1/portals/{portal_id}"): Rule(200, ADMINS, "tenancy", sees_portal, body=_name),
    ("GET", "/v1/companies"): Rule(200, TENANTS, "tenancy", keeps_account, lists="company"),
    ("POST", "/v1/companies"): Rule(201, STAFF, "tenancy", variants=_companies),
    ("GET", "/v1/companies/{company_id}"): Rule(200, TENANTS, "tenancy", keeps_account),
    ("PATCH", "/v1/companies/{company_id}"): Rule(200, STAFF, "tenancy", keeps_account, body=_name),
    ("DELETE", "/v1/companies/{company_id}"): Rule(204, STAFF, "tenancy", keeps_account, ends=True),
    ("GET", "/v1/companies/{company_id}/export"): Rule(
        200, KEEPERS, "tenancy requirements", keeps_secret
    ),
    ("GET", "/v1/keys"): Rule(200, STAFF, "tenancy", keeps_account, lists="key"),
    ("POST", "/v1/keys"): Rule(201, STAFF, "tenancy", variants=_keys),
    ("POST", "/v1/keys/{key_id}/rotate"): Rule(
        201, STAFF, "tenancy", has_what_key_may, keeps_account, body=_nothing, ends=True
    ),
    # A sign-in is the browser's: keys have none, and nothing to do with it.
    ("GET", "/v1/sign-in"): Rule(401, heeds_keys=False),
    ("DELETE", "/v1/sign-in"): Rule(401, heeds_keys=False),
    ("POST", "/v1/sign-in"): Rule(
        401, heeds_keys=False, variants=_by_anybody(401, {**_ADDRESS, **_PASSWORD})
    ),
    ("POST", "/v1/invitations/accept"): Rule(
        422, heeds_keys=False, variants=_by_anybody(422, _LINK)
    ),
    ("POST", "/v1/password-resets"): Rule(
        202, heeds_keys=False, variants=_by_anybody(202, _ADDRESS)
    ),
    ("POST", "/v1/password-resets/confirm"): Rule(
        422, heeds_keys=False, variants=_by_anybody(422, _LINK)
    ),
    ("GET", "/v1/people"): Rule(200, TENANTS, "tenancy", keeps_account, lists="person"),
    ("POST", "/v1/people"): Rule(201, TENANTS, "tenancy", variants=_people),
    ("GET", "/v1/people/{person_id}"): Rule(200, TENANTS, "tenancy", keeps_account),
    ("DELETE", "/v1/people/{person_id}"): Rule(204, TENANTS, "tenancy", keeps_account, ends=True),
    ("POST", "/v1/people/{person_id}/invitation"): Rule(202, TENANTS, "tenancy", keeps_account),
    ("DELETE", "/v1/people/{person_id}/sign-ins"): Rule(204, TENANTS, "tenancy", keeps_account),
    ("GET", "/v1/requirements"): Rule(
        200, READERS, "requirements", reads_requirement, lists="requirement"
    ),
    ("POST", "/v1/requirements"): Rule(201, KEEPERS, "requirements", variants=_requirements),
    ("GET", "/v1/requirements/{requirement_id}"): Rule(
        200, READERS, "requirements", reads_requirement
    ),
    ("PATCH", "/v1/requirements/{requirement_id}"): Rule(
        200, READERS, "requirements", keeps_secret, reads_requirement, body=_title
    ),
    ("DELETE", "/v1/requirements/{requirement_id}"): Rule(
        204, READERS, "requirements", keeps_secret, reads_requirement, ends=True
    ),
    ("POST", "/v1/requirements/{requirement_id}/share"): Rule(
        200, READERS, "requirements", keeps_secret, reads_requirement, ends=True
    ),
    ("DELETE", "/v1/requirements/{requirement_id}/share"): Rule(
        200, READERS, "requirements", keeps_secret, reads_requirement, ends=True
    ),
    ("GET", "/v1/requirements/{requirement_id}/runs"): Rule(
        200, READERS, "requirements", keeps_secret, reads_requirement
    ),
    ("POST", "/v1/requirements/{requirement_id}/runs"): Rule(
        201, READERS, "requirements", keeps_secret, reads_requirement, body=_nothing
    ),
    ("GET", "/v1/runs/{run_id}"): Rule(200, KEEPERS, "requirements", keeps_secret),
    ("GET", "/v1/runs/{run_id}/diff/{other_id}"): Rule(200, KEEPERS, "requirements", keeps_secret),
    ("POST", "/v1/runs/{run_id}/replay"): Rule(200, KEEPERS, "requirements", keeps_secret),
    ("DELETE", "/v1/keys/{key_id}"): Rule(204, STAFF, "tenancy", keeps_account, ends=True),
}


def expected(rule: Rule, actor: Actor) -> int:
    """What the route itself answers to a caller, whatever it asks for."""
    if rule.heeds_keys and not actor.is_known:
        return 401
    if rule.heeds_keys and actor.name == "elsewhere":  # in a page that its key isn't bound to
        return 403
    if rule.who is None:
        return rule.success
    if not actor.role:
        return 401
    if actor.role not in rule.who or not actor.scopes.issuperset(rule.scope.split()):
        return 403
    return rule.success
