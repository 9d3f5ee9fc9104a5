"""OpenID Connect: an identity provider vouches for somebody's e-mail address.

The authorization code flow with PKCE, a state and a nonce. The provider only says who it is;
whether they may come in is a matter of having been invited. Needs the extra `oidc`.
"""

import hmac
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from app.errors import UnavailableError
from app.models.person import Email
from app.services import credentials
from app.settings import Settings

CALLBACK = "/sign-in/provider/callback"
_TIMEOUT_S = 5.0
_LEEWAY_S = 60
_SIGNED_BY = ["RS256", "PS256", "ES256", "EdDSA"]  # never by a shared secret, never by none
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


class NotVouchedError(Exception):
    """The provider doesn't vouch for anybody by this answer."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that is under way at the provider, as the browser keeps it."""

    state: str
    nonce: str
    verifier: str

    @property
    def text(self) -> str:
        """What the cookie holds."""
        return ".".join((self.state, self.nonce, self.verifier))


def attempt_of(text: str) -> Attempt | None:
    """The attempt of a cookie; None if it holds none."""
    parts = text.split(".")
    if len(parts) != 3 or not all(credentials.is_token(part) for part in parts):
        return None
    return Attempt(*parts)


def begin(settings: Settings) -> tuple[str, Attempt]:
    """The provider's address to go to, and what to keep until it sends the browser back.
    UnavailableError where the provider doesn't answer."""
    attempt = Attempt(*(credentials.new_token() for _ in range(3)))
    address, _ = _client(settings).create_authorization_url(
        _metadata(settings)["authorization_endpoint"],
        state=attempt.state,
        nonce=attempt.nonce,
        code_verifier=attempt.verifier,
    )
    return str(address), attempt


def conclude(settings: Settings, attempt: Attempt | None, *, state: str, code: str) -> str:
    """The address for which the provider vouches.

    NotVouchedError where the answer isn't to this browser's attempt, isn't the provider's, or names
    no verified address; UnavailableError where the provider doesn't answer.
    """
    if attempt is None or not hmac.compare_digest(attempt.state.encode(), state.encode()):
        raise NotVouchedError
    metadata = _metadata(settings)
    claims = _claims(settings, metadata, _id_token(settings, metadata, attempt, code), attempt)
    if claims.get("email_verified") is not True:
        raise NotVouchedError
    try:
        return _EMAIL.validate_python(claims.get("email"))
    except ValidationError:
        raise NotVouchedError from None


def _client(settings: Settings) -> Any:
    from authlib.integrations.httpx_client import (  # type: ignore[import-untyped] # it has no types
        OAuth2Client,
    )

    return OAuth2Client(
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value() or None,
        scope="openid email",
        redirect_uri=settings.public_url.rstrip("/") + CALLBACK,
        code_challenge_method="S256",
        timeout=_TIMEOUT_S,
        trust_env=False,
        follow_redirects=False,
    )


def _metadata(settings: Settings) -> dict[str, Any]:
    issuer = settings.oidc_issuer.rstrip("/")
    found = _fetched(f"{issuer}/.well-known/openid-configuration")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer", "").rstrip("/") != issuer or not all(found.get(name) for name in needed):
        raise _silent()
    return found


def _fetched(address: str) -> dict[str, Any]:
    try:
        with httpx.Client(timeout=_TIMEOUT_S, trust_env=False, follow_redirects=False) as client:
            found = client.get(address).raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        raise _silent() from None
    if not isinstance(found, dict):
        raise _silent()
    return found


def _id_token(settings: Settings, metadata: dict[str, Any], attempt: Attempt, code: str) -> str:
    from authlib.common.errors import (  # type: ignore[import-untyped] # it has no types
        AuthlibBaseError,
    )

    try:
        with _client(settings) as client:
            answer = client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
            )
    except AuthlibBaseError:
        raise NotVouchedError from None
    except (httpx.HTTPError, ValueError):
        raise _silent() from None
    return str(answer.get("id_token", ""))


def _claims(
    settings: Settings, metadata: dict[str, Any], token: str, attempt: Attempt
) -> dict[str, Any]:
    from joserfc import jwk, jwt
    from joserfc.errors import JoseError

    keys = _fetched(metadata["jwks_uri"])
    wanted = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_S,
        iss={"essential": True, "value": metadata["issuer"]},
        aud={"essential": True, "value": settings.oidc_client_id},
        nonce={"essential": True, "value": attempt.nonce},
        exp={"essential": True},
        sub={"essential": True},
    )
    try:
        key_set = jwk.KeySet.import_key_set({"keys": keys.get("keys", [])})
        claims = jwt.decode(token, key_set, algorithms=_SIGNED_BY).claims
        wanted.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotVouchedError from None
    if claims.get("azp", settings.oidc_client_id) != settings.oidc_client_id:
        raise NotVouchedError
    return claims


def _silent() -> UnavailableError:
    return UnavailableError("The identity provider doesn't answer as it should. Try again soon.")
