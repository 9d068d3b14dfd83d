// Fetches the page again until the number is there, and puts it in place without a reload.
"use strict";

(() => {
  const place = document.querySelector("#number[data-waiting]");
  if (!place) { return; }
  let left = 12;

  async function look() {
    left -= 1;
    try {
      const answer = await fetch(window.location.href, { credentials: "omit", cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("#number:not([data-waiting])");
      if (found) {
        place.replaceChildren(...found.childNodes);
        delete place.dataset.waiting;
        return;
      }
    } catch {
      // the link on the page does the same
    }
    if (left > 0) { window.setTimeout(look, 1500); }
  }

  window.setTimeout(look, 1200);
})();
