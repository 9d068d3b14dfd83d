// Solves the proof of work that the site asks for under load (ALTCHA, version 2, PBKDF2), with the browser's own
// cryptography and in small pieces, so that the page stays responsive. Does nothing when none is asked.
"use strict";

(() => {
  const PIECE = 30; // milliseconds of work between two pauses
  const FRESH = 20 * 60 * 1000; // an older proof is made again before the form goes
  const PATIENCE = 30 * 1000; // the form never waits longer than this
  const HIGHEST = 100000; // tries; the site asks for far fewer

  const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const pause = () => new Promise((resume) => { setTimeout(resume, 0); });

  async function derive(parameters, counter) {
    const nonce = bytesOf(parameters.nonce);
    const password = new Uint8Array(nonce.length + 4);
    password.set(nonce);
    new DataView(password.buffer).setUint32(nonce.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = {
      name: "PBKDF2",
      hash: "SHA-256",
      salt: bytesOf(parameters.salt),
      iterations: parameters.cost,
    };
    return hexOf(new Uint8Array(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8)));
  }

  async function solve(challenge) {
    const parameters = challenge.parameters;
    let pieceEnds = performance.now() + PIECE;
    for (let counter = 0; counter <= HIGHEST; counter += 1) {
      const derivedKey = await derive(parameters, counter);
      if (derivedKey.startsWith(parameters.keyPrefix)) {
        return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
      }
      if (performance.now() > pieceEnds) {
        await pause();
        pieceEnds = performance.now() + PIECE;
      }
    }
    throw new Error("no solution");
  }

  function prepare(form, status) {
    const field = form.querySelector("input[name=proof_of_work]");
    let work = null;
    let begun = 0;
    let sent = false;

    const say = (words) => { status.hidden = false; status.textContent = words; };

    async function ask() {
      try {
        const answer = await fetch(status.dataset.challenge, { headers: { Accept: "application/json" }, credentials: "omit" });
        const document = await answer.json();
        if (!document.needed) { return; }
        say(status.dataset.working);
        field.value = await solve(document.challenge);
        say(status.dataset.done);
      } catch {
        say(status.dataset.failed);
      }
    }

    function begin() {
      if (work === null || Date.now() - begun > FRESH) {
        begun = Date.now();
        field.value = "";
        work = ask().then(() => { work.finished = true; });
      }
      return work;
    }

    form.addEventListener("focusin", begin, { once: true });
    form.addEventListener("submit", (event) => {
      const current = begin();
      if (sent || current.finished) { return; }
      event.preventDefault();
      const button = event.submitter;
      const patience = new Promise((resume) => { setTimeout(resume, PATIENCE); });
      Promise.race([current, patience]).then(() => {
        if (sent) { return; }
        sent = true;
        form.requestSubmit(button);
      });
    });
    window.addEventListener("pageshow", (event) => {
      sent = false;
      if (event.persisted) { work = null; } // came back: what was handed in is spent
    });
  }

  for (const status of document.querySelectorAll("[data-challenge]")) {
    const form = status.closest("form");
    if (form && status.dataset.challenge && window.fetch) { prepare(form, status); }
  }
})();
