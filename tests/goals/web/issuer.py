"""An OpenID Connect issuer that runs on this machine: Authlib's own server, for one who always agrees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749 import ClientMixin  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import CodeChallenge  # type: ignore[import-untyped]
from authlib.oidc.core import UserInfo  # type: ignore[import-untyped]
from authlib.oidc.core.grants import OpenIDCode  # type: ignore[import-untyped]
from flask import Flask, Response, jsonify
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "cairn", "only-for-tests"


@dataclass
class Told:
    """What the issuer says of whoever comes, and with which name and key: a test may let it lie."""

    email: str = "ana@example.org"
    verified: bool = True
    issuer: str | None = None
    signed_by: RSAKey | None = None
    codes: dict[str, Any] = field(default_factory=dict)


class _Client(ClientMixin):  # type: ignore[misc]
    """The one client: ours."""

    def __init__(self, back: str) -> None:
        self.back = back

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class _Code:
    """A code that was given out."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str
    code_challenge_method: str
    user: str = "ana"
    auth_time: int = 1

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


def issuer(url: str, back: str, told: Told) -> Flask:
    """The issuer at `url`, for who comes back to `back`."""
    app = Flask("issuer")
    key = RSAKey.generate_key(2048, {"kid": "one"})
    known = _Client(back)

    class Codes(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            data = request.payload.data
            told.codes[code] = _Code(
                code, CLIENT_ID, request.payload.redirect_uri, request.payload.scope, data.get("nonce"),
                data["code_challenge"], data["code_challenge_method"],
            )  # fmt: skip

        def query_authorization_code(self, code: str, _: Any) -> Any:
            return told.codes.get(code)

        def delete_authorization_code(self, authorization_code: _Code) -> None:
            del told.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: _Code) -> str:
            return authorization_code.user

    class Tokens(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, *_: Any) -> bool:
            return False

        def resolve_client_private_key(self, _: Any) -> RSAKey:
            return told.signed_by or key

        def get_client_claims(self, _: Any) -> dict[str, Any]:
            return {"iss": told.issuer or url}

        def get_encode_header(self, _: Any) -> dict[str, Any]:
            return {"alg": "RS256", "kid": "one"}

        def generate_user_info(self, user: str, _: str) -> UserInfo:
            return UserInfo(sub=user, email=told.email, email_verified=told.verified)

    server = AuthorizationServer(
        app, query_client=lambda name: known if name == CLIENT_ID else None, save_token=lambda *_: None
    )
    server.register_grant(Codes, [Tokens(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        return jsonify(
            issuer=url,
            authorization_endpoint=f"{url}/authorize",
            token_endpoint=f"{url}/token",
            jwks_uri=f"{url}/keys",
            id_token_signing_alg_values_supported=["RS256"],
            token_endpoint_auth_methods_supported=["client_secret_basic"],
        )

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(keys=[key.as_dict(private=False)])

    @app.get("/authorize")
    def authorize() -> Any:
        grant = server.get_consent_grant(end_user="ana")
        return server.create_authorization_response(grant_user="ana", grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    return app
