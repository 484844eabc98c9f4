// Gantt chart and matrix, edited in place: bars are dragged, resized, dropped into another row, or moved by the arrow keys.
// Each move is the same verb as the form's; what is refused snaps back, with the reason beside the bar.

const HOUR = 3600, DAY = 24 * HOUR, EDGE = 8, SLOP = 4;
// So many pixels an hour must have to be told apart by hand.
const HOUR_SEEN = 4;

export default function start(table) {
  const box = table.closest(".time-scroll");
  const said = document.querySelector("[data-time-said]");
  const perMinute = Number(table.dataset.perMinute);
  // A drag goes by whole hours where hours can be told apart, else by whole days.
  const grain = perMinute * 60 >= HOUR_SEEN ? HOUR : DAY;
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["x-csrftoken"];
  const frame = (bar) => bar.querySelector("svg");
  const block = (bar) => bar.querySelector("rect");
  const number = (element, name) => Number(element.getAttribute(name));
  const when = new Intl.DateTimeFormat(document.documentElement.lang, {
    day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    timeZone: document.getElementById("words")?.dataset.zone,
  });

  function put(bar, start, end) {
    const { x, width, room, s, e } = bar.origin;
    const left = x + ((start - s) / 60) * perMinute;
    const right = x + width + ((end - e) / 60) * perMinute;
    frame(bar).setAttribute("x", left);
    const wide = Math.max(right - left, 6);
    block(bar).setAttribute("width", wide);
    frame(bar).setAttribute("width", Math.max(wide, room));
  }

  function remember(bar) {
    bar.origin ??= {
      x: number(frame(bar), "x"), width: number(block(bar), "width"), room: number(frame(bar), "width"),
      s: Number(bar.dataset.s), e: Number(bar.dataset.e),
    };
    bar.start ??= bar.origin.s;
    bar.end ??= bar.origin.e;
  }

  function forget(bar) {
    if (!bar.origin) return;
    put(bar, bar.origin.s, bar.origin.e);
    bar.origin = bar.start = bar.end = undefined;
  }

  function complain(bar, words) {
    box.querySelector(".time-reason")?.remove();
    const reason = document.createElement("p");
    reason.className = "time-reason";
    reason.setAttribute("role", "alert");
    reason.textContent = words;
    box.append(reason);
    const [at, inside] = [block(bar).getBoundingClientRect(), box.getBoundingClientRect()];
    const left = Math.min(at.left - inside.left, box.clientWidth - reason.offsetWidth - 8);
    reason.style.left = `${Math.max(left, 8) + box.scrollLeft}px`;
    reason.style.top = `${at.bottom - inside.top + box.scrollTop + 4}px`;
  }

  const reasons = (told) => {
    const fields = Object.values(told.errors ?? {}).flat();
    return [...(fields.length ? fields : [told.detail || told.title]), ...(told.changes ?? [])].join(" ");
  };

  // One request at a time for each task: what is pressed meanwhile is sent with the next.
  async function send(bar, who) {
    if (bar.sending) {
      bar.again = true;
      return;
    }
    bar.sending = true;
    const { start, end } = bar;
    const address = new URL(bar.getAttribute("href"), location.href);
    const key = address.pathname.split("/").at(-2);
    const sent = new URLSearchParams({
      version: bar.dataset.v,
      starts_at: new Date(start * 1000).toISOString(),
      ends_at: new Date(end * 1000).toISOString(),
    });
    if (who) sent.set("who", who);
    try {
      const answer = await fetch(`${address.pathname}drag/?${table.dataset.query}`, {
        method: "POST", body: sent, credentials: "same-origin", headers: { "x-csrftoken": token() },
      });
      const told = await answer.json();
      bar.sending = false;
      if (!answer.ok) throw new Error(reasons(told));
      box.querySelector(".time-reason")?.remove();
      if (told.anew) {
        location.reload();
        return;
      }
      const wanted = bar.again ? [bar.start - start, bar.end - end] : null;
      for (const [name, markup] of Object.entries(told.rows)) {
        const body = document.createElement("tbody");
        body.innerHTML = markup;
        document.getElementById(`r-${name}`)?.replaceWith(body.firstElementChild);
      }
      said.textContent = told.said;
      const fresh = table.querySelector(`.bar[href*="${key}"]`);
      fresh?.focus({ preventScroll: true });
      if (fresh && wanted) {
        remember(fresh);
        fresh.start += wanted[0];
        fresh.end += wanted[1];
        put(fresh, fresh.start, fresh.end);
        send(fresh);
      }
    } catch (problem) {
      bar.sending = bar.again = false;
      forget(bar);
      const words = problem instanceof TypeError || problem instanceof SyntaxError ? table.dataset.unreachable : problem.message;
      complain(bar, words);
      said.textContent = "";
    }
  }

  function tell(bar) {
    const title = bar.querySelector("title").textContent.replace(/, \d+ \S+ \d+:\d+ – .*$/s, "");
    said.textContent = `${title}: ${when.format(bar.start * 1000)} – ${when.format(bar.end * 1000)}`;
  }

  table.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.(".bar");
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!bar || !way || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    remember(bar);
    const by = way * (event.shiftKey ? HOUR : DAY);
    if (!event.altKey) bar.start += by;
    bar.end += by;
    if (bar.end <= bar.start) bar.end = bar.start + HOUR;
    put(bar, bar.start, bar.end);
    tell(bar);
    send(bar);
  });

  // A link is dragged by the browser itself unless it is told not to.
  table.addEventListener("dragstart", (event) => event.target.closest?.(".bar") && event.preventDefault());

  let held = null;
  table.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest?.(".bar");
    if (!bar || event.button || bar.sending || held) return;
    const at = block(bar).getBoundingClientRect();
    const far = at.width > EDGE * 3;
    const part = far && event.clientX < at.left + EDGE ? "start" : far && event.clientX > at.right - EDGE ? "end" : "all";
    held = { bar, part, x: event.clientX, y: event.clientY, moved: false, row: bar.closest("tr") };
  });

  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    const { bar, part, x, y } = held;
    if (!held.moved && Math.hypot(event.clientX - x, event.clientY - y) < SLOP) return;
    if (!held.moved) {
      held.moved = true;
      remember(bar);
      bar.classList.add("held");
    }
    event.preventDefault();
    const by = Math.round(((event.clientX - x) / perMinute) * 60 / grain) * grain;
    bar.start = bar.origin.s + (part === "end" ? 0 : by);
    bar.end = bar.origin.e + (part === "start" ? 0 : by);
    if (bar.end - bar.start < HOUR) part === "start" ? (bar.start = bar.end - HOUR) : (bar.end = bar.start + HOUR);
    put(bar, bar.start, bar.end);
    tell(bar);
    table.querySelector("tr.over")?.classList.remove("over");
    const row = document.elementFromPoint(event.clientX, event.clientY)?.closest("tr[data-who]");
    held.to = part === "all" && row && row !== held.row ? row : null;
    held.to?.classList.add("over");
  });

  function release(event) {
    if (!held) return;
    const { bar, moved, to } = held;
    held = null;
    table.querySelector("tr.over")?.classList.remove("over");
    bar.classList.remove("held");
    if (!moved) return;
    if (event.type === "pointercancel" || (bar.start === bar.origin.s && bar.end === bar.origin.e && !to)) forget(bar);
    else send(bar, to?.dataset.who);
    // The click that follows a drag opens nothing.
    const swallow = (click) => {
      click.preventDefault();
      click.stopPropagation();
    };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
  }
  document.addEventListener("pointerup", release);
  document.addEventListener("pointercancel", release);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    box.querySelector(".time-reason")?.remove();
    if (held?.moved) release(new Event("pointercancel"));
  });
}
