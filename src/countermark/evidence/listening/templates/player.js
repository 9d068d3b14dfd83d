"use strict";
/* Plays both sides of a finding in step. Without it each has a player of its own. */
(() => {
  const desks = [];
  const clock = seconds => {
    const tenths = Math.round(10 * seconds);
    const whole = `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}`;
    return whole + (document.documentElement.lang === "fr" ? "," : ".") + tenths % 10;
  };
  class Desk {
    constructor(box) {
      const side = name => box.querySelector(`audio[data-side="${name}"]`);
      this.work = side("work");
      this.record = side("record");
      this.undone = side("undone");
      this.other = this.record;
      this.all = [this.work, this.record, this.undone].filter(Boolean);
      this.tempo = Number(box.dataset.tempo);
      this.seconds = Number(box.dataset.seconds);
      this.desk = box.querySelector(".desk");
      this.cursor = box.querySelector(".cursor");
      this.plot = box.querySelector(".plot");
      this.on = false;
      for (const audio of this.all) {
        audio.addEventListener("timeupdate", () => this.on || this.show(this.at(audio)));
        audio.addEventListener("play", () => this.on || (quiet(audio), this.mend()));
      }
      if (this.desk) this.furnish();
    }
    furnish() {
      const find = name => this.desk.querySelector(name);
      [this.button, this.fade, this.seek, this.told] = [".play", ".fade", ".seek", "output"].map(find);
      const undo = find(".undo input");
      this.button.addEventListener("click", () => (this.on ? this.stop() : this.start()));
      for (const button of this.desk.querySelectorAll(".mix"))
        button.addEventListener("click", () => { this.fade.value = button.value; this.mix(); });
      this.fade.addEventListener("input", () => this.mix());
      this.seek.addEventListener("input", () => this.go(Number(this.seek.value)));
      if (undo) undo.addEventListener("change", () => this.choose(undo.checked ? this.undone : this.record));
      if (this.plot) this.plot.addEventListener("click", event => {
        const frame = this.plot.getBoundingClientRect();
        this.go(this.seconds * (event.clientX - frame.left) / frame.width);
      });
      this.desk.hidden = false;
      this.mix();
    }
    /* Seconds of the work for one of the other side, and of the record as it stands for one of any side. */
    get factor() { return this.other === this.undone ? 1 : this.tempo; }
    at(audio) { return audio.currentTime / (audio === this.record ? 1 : this.tempo); }
    choose(other) {
      const playing = this.on, at = this.at(this.work);
      this.stop();
      this.other = other;
      this.go(at);
      if (playing) this.start();
    }
    go(seconds) {
      const at = Math.min(Math.max(seconds, 0), this.seconds);
      for (const audio of this.all) audio.currentTime = at * (audio === this.record ? 1 : this.tempo);
      this.show(at);
    }
    async start() {
      quiet();
      if (this.work.ended || this.at(this.work) > this.seconds - 0.2) this.go(0);
      this.other.currentTime = this.work.currentTime / this.factor;
      this.on = true;
      this.other.preservesPitch = true;
      this.other.playbackRate = 1 / this.factor;
      this.mix();
      this.button.textContent = this.button.dataset.pause;
      this.timer = setInterval(() => this.step(), 100);
      try {
        await Promise.all([this.work.play(), this.other.play()]);
      } catch {
        this.stop();
      }
    }
    stop() {
      if (!this.on) return;
      this.on = false;
      clearInterval(this.timer);
      this.work.pause();
      this.other.pause();
      this.mend();
      this.button.textContent = this.button.dataset.play;
    }
    mend() {
      for (const audio of this.all) { audio.playbackRate = 1; audio.volume = 1; audio.muted = false; }
    }
    step() {
      if (this.work.ended || this.other.ended || this.work.paused) { this.stop(); return; }
      const ahead = this.other.currentTime * this.factor - this.work.currentTime;
      if (Math.abs(ahead) > 0.3) this.other.currentTime = this.work.currentTime / this.factor;
      const nudge = Math.abs(ahead) > 0.015 ? Math.min(Math.max(ahead, -0.05), 0.05) : 0;
      this.other.playbackRate = (1 - nudge) / this.factor;
      this.show(this.at(this.work));
    }
    mix() {
      const theirs = Number(this.fade.value);
      const said = this.fade.dataset.said.replace("#", String(theirs));
      this.fade.setAttribute("aria-valuetext", said);
      for (const button of this.desk.querySelectorAll(".mix"))
        button.setAttribute("aria-pressed", String(Number(button.value) === theirs));
      if (!this.on) return;
      const angle = theirs / 100 * Math.PI / 2;
      for (const [audio, part] of [[this.work, Math.cos(angle)], [this.other, Math.sin(angle)]]) {
        audio.volume = Math.min(Math.max(part, 0), 1);
        audio.muted = part < 0.001;
      }
    }
    show(at) {
      if (this.cursor) {
        this.cursor.hidden = false;
        this.cursor.style.left = `${100 * Math.min(at / this.seconds, 1)}%`;
      }
      if (!this.desk) return;
      this.seek.value = at;
      this.told.textContent = clock(at);
      this.seek.setAttribute("aria-valuetext", clock(at));
    }
  }
  /* Everything else on the page falls silent. */
  const quiet = but => {
    for (const desk of desks) {
      desk.stop();
      for (const audio of desk.all) if (audio !== but) audio.pause();
    }
  };
  for (const box of document.querySelectorAll(".player")) desks.push(new Desk(box));
})();
