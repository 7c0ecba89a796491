"""Signing in and out, and choosing a password by a link."""

from __future__ import annotations

from flask import Response, request, url_for
from flask import session as cookie

from services.goals.web import passwords
from services.goals.web.accounts import Somebody
from services.goals.web.back import address_of_ours
from services.goals.web.language import LANGUAGES
from services.goals.web.pages import form, open_form, open_page, redirected
from services.goals.web.parlour import parlour
from services.goals.web.shown import shown
from services.goals.web.visit import SECRET, Visit, signed_in


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
        response = shown(
            "room/sign-in.html", 429, next=request.form.get("next"), email=email, minutes=-(-wait // 60)
        )
        response.headers["Retry-After"] = str(wait)
        return response
    who = behind.accounts.find(email, password)
    if who is None:
        return shown("room/sign-in.html", 401, next=request.form.get("next"), email=email, wrong=True)
    behind.tries.went_well(account)
    return _begin(who)


@open_page("/welcome/<token>")
def welcome(token: str) -> Response:
    """Where one chooses a password, by a link that somebody gave her."""
    if parlour().accounts.invited(token) is None:
        return shown("room/welcome-over.html", 404)
    return shown("room/welcome.html", token=token, least=passwords.LEAST)


@open_form("/welcome/<token>")
def welcome_sent(token: str) -> Response:
    """A password."""
    password, again = request.form.get("password", ""), request.form.get("again", "")
    fits = passwords.fits(password)
    if not fits or password != again:
        wrong = "again" if fits else "password"
        return shown("room/welcome.html", 422, token=token, least=passwords.LEAST, wrong=wrong)
    who = parlour().accounts.accept(token, password)
    if who is None:
        return shown("room/welcome-over.html", 404)
    return _begin(who)


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


def _begin(who: Somebody) -> Response:
    cookie.clear()
    cookie[SECRET] = parlour().sessions.begin(who)
    return redirected(_onward())


def _onward() -> str:
    return address_of_ours(request.values.get("next"), url_for("room.home"))


def _remote() -> str:
    """From where it comes: the last hop that our own proxy names, where there is one."""
    if parlour().behind_proxy and request.access_route:
        return request.access_route[-1]
    return request.remote_addr or ""
