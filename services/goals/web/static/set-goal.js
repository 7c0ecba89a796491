// What is still open in a goal, asked for as it is typed. Without this the button of the form asks.
"use strict";
(() => {
  const form = document.getElementById("set-goal");
  if (!form) return;
  const button = form.querySelector("[data-noscript]");
  if (button) button.hidden = true;
  let waiting = 0;
  let asked = 0;

  const show = (letters) => {
    for (const one of letters) {
      const place = form.querySelector(`[data-letter="${one.letter}"]`);
      if (!place) continue;
      place.classList.toggle("met", one.met);
      const says = one.met ? form.dataset.there : one.advice || "";
      const line = place.querySelector("[data-ask]");
      if (line.textContent !== says) line.textContent = says;
    }
  };

  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.smart, {
        method: "POST", body: new FormData(form), credentials: "same-origin",
        headers: { Accept: "application/json" },
      });
      if (answer.ok && mine === asked) show((await answer.json()).letters);
    } catch {
      // Nobody answers just now: what was typed is not touched, and the form works as it is.
    }
  };

  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 400);
  };

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  soon();
})();
