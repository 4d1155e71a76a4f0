/* The grid of a setoran: arrow keys, Enter, blocks pasted from a spreadsheet, and saving by itself.
 * Without this script the form is sent as a whole by its buttons. */
(function () {
  "use strict";

  /* Milliseconds without a key after which what was typed is saved, and before trying again. */
  const PAUSE = 600;
  const AGAIN = 4000;
  const NO_FIGURE = /^(-+|–|—|n\/?a|tad|tidak ada.*|belum ada.*)$/i;

  function start(form) {
    const say = form.dataset;
    const status = form.querySelector("[data-sd-status]");
    const progress = form.querySelector("[data-sd-progress]");
    const inputs = Array.from(form.querySelectorAll("input.sd-number"));
    const places = new Map(inputs.map((i) => [i.dataset.row + "/" + i.dataset.column, i]));
    const cells = new Map();
    const dirty = new Set();
    let timer = null;
    let busy = false;

    form.classList.add("sd-scripted");
    form.querySelectorAll("td[data-region]").forEach(function (td) {
      const one = {
        td: td,
        text: td.querySelector("input.sd-number"),
        reason: td.querySelector(".sd-reason"),
        version: td.querySelector("input[type=hidden]"),
        shown: td.querySelector(".sd-shown"),
        remarks: td.querySelector(".sd-remarks"),
      };
      cells.set(td.dataset.region + ":" + td.dataset.classification, one);
      askWhy(one);
    });

    function cellOf(input) {
      const td = input.closest("td");
      return td.dataset.region + ":" + td.dataset.classification;
    }

    /* The reason is asked only where somebody said that there is no figure. */
    function askWhy(one) {
      one.reason.hidden = !NO_FIGURE.test(one.text.value.trim()) && !one.reason.value;
    }

    function changed(input) {
      const key = cellOf(input);
      dirty.add(key);
      askWhy(cells.get(key));
      cells.get(key).td.classList.remove("sd-cell-changed");
      window.clearTimeout(timer);
      timer = window.setTimeout(save, PAUSE);
    }

    async function save() {
      window.clearTimeout(timer);
      if (busy || dirty.size === 0) {
        return;
      }
      busy = true;
      status.textContent = say.sdSaving;
      const sent = Array.from(dirty);
      dirty.clear();
      const body = new FormData();
      body.append("_csrf_token", form.querySelector("[name=_csrf_token]").value);
      body.append("cells", JSON.stringify(sent.map(asSent)));
      try {
        const answer = await fetch(say.sdSave, {
          method: "POST",
          headers: { "X-Requested-With": "fetch" },
          body: body,
        });
        if (!answer.ok || answer.redirected) {
          throw new Error(answer.statusText);
        }
        const found = await answer.json();
        if (found.errors) {
          status.textContent = found.errors.join(" ");
        } else {
          show(found);
          status.textContent = found.conflict_text || say.sdSaved;
        }
      } catch (error) {
        sent.forEach((key) => dirty.add(key));
        status.textContent = say.sdWaiting;
        timer = window.setTimeout(save, AGAIN);
        busy = false;
        return;
      }
      busy = false;
      if (dirty.size) {
        save();
      }
    }

    function asSent(key) {
      const one = cells.get(key);
      const cell = {
        region: one.td.dataset.region,
        classification: one.td.dataset.classification,
        text: one.text.value,
        version: Number(one.version.value),
      };
      if (!one.reason.hidden) {
        cell.missing = one.reason.value;
      }
      return cell;
    }

    function show(found) {
      const conflicts = new Set(found.conflicts.map((c) => c.region + ":" + c.classification));
      found.cells.forEach(function (cell) {
        const key = cell.region + ":" + cell.classification;
        const one = cells.get(key);
        if (!one) {
          return;
        }
        one.version.value = cell.version;
        if (dirty.has(key)) {
          return;
        }
        if (conflicts.has(key)) {
          one.text.value = cell.text;
          one.reason.value = cell.missing || "";
          one.td.classList.add("sd-cell-changed");
        }
        askWhy(one);
        one.shown.textContent = cell.shown ? "= " + cell.shown + " " + found.unit : "";
        tell(one, cell.remarks);
      });
      progress.textContent = found.filled + " / " + found.asked;
    }

    function tell(one, remarks) {
      const blocked = remarks.some((r) => r.blocks);
      one.td.classList.toggle("sd-cell-blocked", blocked);
      one.td.classList.toggle("sd-cell-told", !blocked && remarks.length > 0);
      if (blocked) {
        one.text.setAttribute("aria-invalid", "true");
      } else {
        one.text.removeAttribute("aria-invalid");
      }
      one.remarks.replaceChildren(
        ...remarks.map(function (remark) {
          const p = document.createElement("p");
          const strong = document.createElement("strong");
          p.className = remark.blocks ? "sd-blocks" : "sd-warns";
          strong.textContent = remark.title + ".";
          p.append(strong, " " + remark.message + " " + remark.advice);
          return p;
        })
      );
    }

    function at(input, rows, columns) {
      const row = Number(input.dataset.row) + rows;
      const column = Number(input.dataset.column) + columns;
      return places.get(row + "/" + column);
    }

    function go(event, target) {
      if (target) {
        event.preventDefault();
        target.focus();
        target.select();
      }
    }

    form.addEventListener("keydown", function (event) {
      const input = event.target;
      if (!input.matches("input.sd-number") || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
      const first = input.selectionStart === 0 && input.selectionEnd === 0;
      const last = input.selectionStart === input.value.length;
      if (event.key === "Enter") {
        /* Enter goes down as in a spreadsheet; it never hands in. */
        event.preventDefault();
        go(event, at(input, event.shiftKey ? -1 : 1, 0));
      } else if (event.key === "ArrowDown") {
        go(event, at(input, 1, 0));
      } else if (event.key === "ArrowUp") {
        go(event, at(input, -1, 0));
      } else if (event.key === "ArrowRight" && (last || whole)) {
        go(event, at(input, 0, 1));
      } else if (event.key === "ArrowLeft" && (first || whole)) {
        go(event, at(input, 0, -1));
      }
    });

    form.addEventListener("paste", function (event) {
      const input = event.target;
      const text = event.clipboardData && event.clipboardData.getData("text/plain");
      if (!input.matches("input.sd-number") || !text || !/[\t\n\r]/.test(text.trim())) {
        return;
      }
      event.preventDefault();
      const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
      lines.forEach(function (line, row) {
        line.split("\t").forEach(function (value, column) {
          const target = at(input, row, column);
          if (target) {
            target.value = value.trim();
            changed(target);
          }
        });
      });
    });

    form.addEventListener("input", function (event) {
      if (event.target.matches("input.sd-number, .sd-reason")) {
        changed(event.target);
      }
    });
    form.addEventListener("change", function (event) {
      if (event.target.matches("input.sd-number, .sd-reason")) {
        save();
      }
    });
    form.addEventListener("submit", function () {
      window.clearTimeout(timer);
      dirty.clear();
    });
    window.addEventListener("beforeunload", function (event) {
      if (dirty.size || busy) {
        event.preventDefault();
      }
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-sd-save]").forEach(start);
  });
})();
