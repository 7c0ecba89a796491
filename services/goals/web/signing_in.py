"""Signing in and out, and choosing a password by a link."""

from __future__ import annotations

import structlog
from flask import Response, request, url_for
from flask import session as cookie
from werkzeug.exceptions import NotFound

from services.goals.api.call import rooms
from services.goals.web import passwords
from services.goals.web.accounts import Somebody
from services.goals.web.back import address_of_ours
from services.goals.web.inviting import email_of
from services.goals.web.language import LANGUAGES
from services.goals.web.organisation import NotVouched
from services.goals.web.pages import form, open_form, open_page, redirected
from services.goals.web.parlour import parlour
from services.goals.web.shown import shown
from services.goals.web.visit import SECRET, Visit, signed_in

TOKEN = "csrf_token"  # noqa: S105  where Flask-WTF keeps what forms are held to
ONWARD = "onward"
"""Where the cookie keeps where one wanted to go, while one is away."""
log = structlog.get_logger()


@open_page("/sign-in")
def sign_in() -> Response:
    """Where one signs in."""
    if signed_in() is not None:
        return redirected(_onward())
    return shown("room/sign-in.html", next=request.args.get("next"))


@open_form("/sign-in")
def sign_in_sent() -> Response:
    """An e-mail address and a password."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    behind = parlour()
    account = behind.accounts.address(email)
    wait = behind.tries.wait(account, _remote())
    if wait:
        behind.tried("throttled")
        response = shown(
            "room/sign-in.html", 429, next=request.form.get("next"), email=email, minutes=-(-wait // 60)
        )
        response.headers["Retry-After"] = str(wait)
        return response
    who = behind.accounts.find(email, password)
    if who is None:
        behind.tried("refused")
        return shown("room/sign-in.html", 401, next=request.form.get("next"), email=email, wrong=True)
    behind.tries.went_well(account)
    behind.tried("well")
    return _begin(who, request.form.get("next"))


@open_page("/oidc")
def by_organisation() -> Response:
    """To the organisation's own page, which says who it is."""
    asked = parlour().organisation
    if asked is None:
        raise NotFound
    try:
        answer = asked.asks()
    except NotVouched as why:
        return _not_vouched(why)
    cookie[ONWARD] = request.args.get("next")
    return answer


@open_page("/oidc/back")
def vouched_for() -> Response:
    """Back from there: whoever has a verified address of the staff's is let in."""
    asked = parlour().organisation
    if asked is None:
        raise NotFound
    try:
        email = asked.vouches_for()
    except NotVouched as why:
        parlour().tried("refused")
        return _not_vouched(why)
    found = parlour().accounts.at(email)
    parlour().tried("well" if found else "refused")
    if not found:
        return shown("room/sign-in.html", 403, stranger=True)
    return _begin(found[0], cookie.get(ONWARD))


@open_page("/welcome/<token>")
def welcome(token: str) -> Response:
    """Where one chooses a password, by a link that somebody gave her."""
    return _welcome(token)


@open_form("/welcome/<token>")
def welcome_sent(token: str) -> Response:
    """A password."""
    password, again = request.form.get("password", ""), request.form.get("again", "")
    fits = passwords.fits(password)
    if not fits or password != again:
        wrong = "again" if fits else "password"
        return _welcome(token, wrong)
    who = parlour().accounts.accept(token, password)
    if who is None:
        return shown("room/welcome-over.html", 404)
    return _begin(who, request.form.get("next"))


@form("/sign-out", of_record=False)
def sign_out(visit: Visit) -> Response:
    """This session is over."""
    parlour().sessions.end(visit.session.secret)
    cookie.clear()
    return redirected(url_for("room.sign_in"))


@form("/sign-out-everywhere", of_record=False)
def sign_out_everywhere(visit: Visit) -> Response:
    """All of her sessions are over."""
    parlour().sessions.end_all(visit.session.who)
    cookie.clear()
    return redirected(url_for("room.sign_in"))


@form("/language", of_record=False)
def speak(visit: Visit) -> Response:
    """Her pages are in another language from now on."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        parlour().accounts.speak(visit.session.who, chosen)
    return redirected(_onward())


def _welcome(token: str, wrong: str | None = None) -> Response:
    """Where one chooses a password; her address is in it for whoever keeps passwords for her."""
    who = parlour().accounts.invited(token)
    if who is None:
        return shown("room/welcome-over.html", 404)
    email = email_of(rooms().house, who)
    status = 422 if wrong else 200
    return shown("room/welcome.html", status, token=token, email=email, least=passwords.LEAST, wrong=wrong)


def _begin(who: Somebody, asked: str | None) -> Response:
    cookie.clear()
    cookie[SECRET] = parlour().sessions.begin(who)
    cookie[TOKEN] = parlour().accounts.form_secret(who)
    return redirected(address_of_ours(asked, url_for("room.home")))


def _not_vouched(why: NotVouched) -> Response:
    log.warning("not_vouched", why=str(why))
    return shown("room/sign-in.html", 401, not_vouched=True)


def _onward() -> str:
    return address_of_ours(request.values.get("next"), url_for("room.home"))


def _remote() -> str:
    """From where it comes: the last hop that our own proxy names, where there is one."""
    if parlour().behind_proxy and request.access_route:
        return request.access_route[-1]
    return request.remote_addr or ""
