// Redraws a goal's past as its slider moves, and prints. Without this the forms do the same by their buttons.
"use strict";

const FIRST = 719163; // the number of 1970-01-01 among the days since the year 1
const REST = 200; // milliseconds without a move, after which what is shown is redrawn

function said(number) {
  const day = new Date((number - FIRST) * 86400000);
  const how = { timeZone: "UTC", weekday: "short", year: "numeric", month: "short", day: "numeric" };
  return new Intl.DateTimeFormat(document.documentElement.lang, how).format(day);
}

function slide(form) {
  const [slider, output, shown] = ["day", "day-said", "shown"].map((id) => document.getElementById(id));
  let waiting, asking;

  async function redraw() {
    asking?.abort();
    asking = new AbortController();
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { "Cairn-Part": "then" }, signal: asking.signal });
      if (!answer.ok || answer.redirected) return form.submit(); // the page itself says what is wrong
      shown.innerHTML = await answer.text();
      history.replaceState(null, "", address);
      shown.removeAttribute("aria-busy");
    } catch (error) {
      if (error.name !== "AbortError") shown.removeAttribute("aria-busy");
    }
  }

  form.querySelector("button").hidden = true; // what it shows is redrawn by itself
  form.addEventListener("input", () => {
    output.textContent = said(Number(slider.value));
    slider.setAttribute("aria-valuetext", output.textContent);
    clearTimeout(waiting);
    waiting = setTimeout(redraw, REST);
  });
}

const form = document.getElementById("slider");
if (form) slide(form);
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
