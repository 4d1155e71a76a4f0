// Proof of work for forms that anybody can send: the browser looks for a number while the person
// writes. Without this script, or where it fails, the form is sent all the same, and the portal
// asks for another sign that a person sent it.
import { solveChallengeWorkers } from "altcha/lib";

const MOST_WORKERS = 4;
// Milliseconds a person who has pressed the button waits at most.
const PATIENCE = 20_000;
// Milliseconds before its end from which a proof is made anew.
const MARGIN = 60_000;

class Guard {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.field = box.querySelector("[data-guard-proof]");
    this.status = box.querySelector("[role=status]");
    this.forget();
    // Once is enough: what the person writes first is long enough for the search.
    this.form.addEventListener("focusin", () => this.prove(), { once: true });
    this.form.addEventListener("submit", (event) => this.submitted(event));
    // A page that the browser kept would send a proof that was used already.
    window.addEventListener("pageshow", (event) => event.persisted && this.forget());
  }

  forget() {
    this.field.value = "";
    this.running = null;
    this.ends = 0;
    this.tried = false;
  }

  get proved() {
    return this.field.value !== "" && Date.now() < this.ends - MARGIN;
  }

  prove() {
    if (this.proved) return Promise.resolve();
    this.running ??= this.search()
      .catch(() => {
        this.field.value = "";
      })
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  async search() {
    const answer = await fetch(this.box.dataset.challenge, { cache: "no-store" });
    if (!answer.ok) throw new Error(`challenge: ${answer.status}`);
    const challenge = await answer.json();
    const solution = await solveChallengeWorkers({
      challenge,
      concurrency: Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS),
      createWorker: () => new Worker(this.box.dataset.worker),
    });
    if (!solution) throw new Error("no solution");
    this.field.value = btoa(JSON.stringify({ challenge, solution }));
    this.ends = challenge.parameters.expiresAt * 1000;
  }

  async submitted(event) {
    if (event.defaultPrevented || this.proved || this.tried) return;
    event.preventDefault();
    if (this.waiting) return;
    this.waiting = true;
    this.status.textContent = this.box.dataset.wait;
    let timer;
    const patience = new Promise((done) => {
      timer = setTimeout(done, PATIENCE);
    });
    await Promise.race([this.prove(), patience]);
    clearTimeout(timer);
    this.status.textContent = "";
    this.waiting = false;
    this.tried = true;
    this.form.requestSubmit(event.submitter);
  }
}

for (const box of document.querySelectorAll("[data-guard]")) new Guard(box);
