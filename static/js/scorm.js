// The page around an opened package: hears what the package reports, from its own frame and origin only, and
// saves it. What cannot be sent is sent again; the last report of each part is enough.

const shell = document.querySelector("[data-scorm]");
const frame = shell?.querySelector("iframe");
const state = document.querySelector("[data-scorm-state]");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
const WAITS = [1000, 3000, 10000, 30000];
let waiting = [];
let sending = false;
let failed = 0;

function say(name) {
  for (const line of state?.children ?? []) line.hidden = line.dataset.word !== name;
}

function post(report, leaving = false) {
  return fetch(shell.dataset.scorm, {
    method: "POST", credentials: "same-origin", keepalive: leaving,
    headers: { "content-type": "application/json", "x-csrftoken": token, accept: "application/json" },
    body: JSON.stringify(report),
  });
}

async function send() {
  if (sending || !waiting.length) return;
  sending = true;
  say("saving");
  const report = waiting[0];
  try {
    const answer = await post(report);
    // What the portal refuses is not asked again; what it could not do now is.
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    waiting = waiting.filter((one) => one !== report);
    failed = 0;
    if (!answer.ok) say("refused");
    else {
      const { closed } = await answer.json();
      if (closed) {
        window.location.assign(closed);
        return;
      }
      say("saved");
    }
    sending = false;
    send();
  } catch {
    say("offline");
    const wait = WAITS[Math.min(failed, WAITS.length - 1)];
    failed += 1;
    window.setTimeout(() => { sending = false; send(); }, wait);
  }
}

window.addEventListener("message", (event) => {
  if (!frame || event.origin !== shell.dataset.origin || event.source !== frame.contentWindow) return;
  const told = event.data;
  if (told?.kind !== "scorm" || typeof told.item !== "string" || typeof told.cmi !== "object") return;
  const report = { item: told.item, cmi: told.cmi, finished: told.finished === true };
  // A later report of a part holds all of an earlier one that only kept; that one need not be sent.
  waiting = waiting.filter((one, place) => one.item !== report.item || one.finished || (sending && place === 0));
  waiting.push(report);
  send();
});

window.addEventListener("pagehide", () => {
  for (const report of waiting) post(report, true).catch(() => {});
});
