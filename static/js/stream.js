// The live stream: what changed elsewhere is fetched anew here. One connection for each browser, shared by its tabs:
// the tab that holds the lock listens for all of them and passes on what it hears.
//
//   data-stream-topic    topics to listen to, separated by spaces: `model:REFERENCE`, or `me`
//   data-stream-refresh  fetch this address anew and put the answer in the element's place; it needs an id
//   data-stream-on       only these kinds concern the element; all where it is not there
//   data-stream-poll     fetch it anew every so many seconds where there is no stream
//   data-stream-say      words for screen readers when it happens; data-stream-say-on: only for these kinds
//
// Whoever needs more listens for `stream:news` on the element; `detail` is {topic, kind, part}.

const address = document.getElementById("modules")?.dataset.streamUrl;
const bell = document.getElementById("bell");
const name = `stream-${document.querySelector("[data-person]")?.dataset.person ?? "me"}`;
const tab = crypto.randomUUID?.() ?? String(Math.random());
const MOST_TOPICS = 40;
// Milliseconds: until a loss is worth saying; before a refusal is tried again, and at most; of a crowd that fetches.
const QUIET = 3000;
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;
const CROWD = 500;

let word = () => "";
const elements = new Set();
const due = new WeakSet();
const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
// Up to where this tab was told everything: at first what the server wrote into the page.
let place = document.getElementById("modules")?.dataset.streamPlace ?? "";
// Whether the stream is open for all that this tab waits for, and what that is.
let followed = false;
let asked = new Set();
let asking = null;

const topicsOf = (element) => element.dataset.streamTopic.split(/\s+/).filter(Boolean);
const concerns = (element, kind) => !element.dataset.streamOn || element.dataset.streamOn.split(/\s+/).includes(kind);
function alive() {
  for (const element of elements) if (!element.isConnected) elements.delete(element);
  return [...elements];
}
const own = () => [...new Set(alive().flatMap(topicsOf))].filter((topic) => topic !== "me");

// Fetching anew: once for many news, not all browsers in the same moment, never under somebody's hands.

function refresh(element) {
  if (!element.dataset.streamRefresh || due.has(element)) return;
  due.add(element);
  setTimeout(() => fetchAnew(element), Math.random() * CROWD);
}

function fetchAnew(element) {
  due.delete(element);
  // What came while the last answer was on its way belongs to the element that took the place.
  const now = element.isConnected ? element : document.getElementById(element.id);
  if (!now) return;
  const again = () => refresh(now);
  if (document.hidden) return document.addEventListener("visibilitychange", again, { once: true });
  if (now.contains(document.activeElement) && document.activeElement.matches("input, select, textarea, .bar")) {
    return document.activeElement.addEventListener("blur", again, { once: true });
  }
  window.htmx?.ajax("GET", now.dataset.streamRefresh, { source: now, target: now, swap: "outerHTML" });
}

function say(element, kind) {
  const kinds = element.dataset.streamSayOn?.split(/\s+/);
  const line = document.getElementById("stream-said");
  if (!element.dataset.streamSay || !line || (kinds && !kinds.includes(kind))) return;
  line.textContent = "";
  requestAnimationFrame(() => (line.textContent = element.dataset.streamSay));
}

// What a tab does with what the listening tab passes on.

const acts = {
  news(detail) {
    acts.told(detail);
    for (const element of alive()) {
      if (!topicsOf(element).includes(detail.topic) || !concerns(element, detail.kind)) continue;
      element.dispatchEvent(new CustomEvent("stream:news", { bubbles: true, detail }));
      say(element, detail.kind);
      refresh(element);
    }
  },
  told({ place: word }) {
    if (followed && word) place = word;
  },
  // Open for these tabs, each from its own place on.
  opened({ tabs, place: word }) {
    followed ||= tabs.includes(tab);
    acts.told({ place: word });
  },
  anew() {
    alive().forEach(refresh);
  },
  state({ lost }) {
    const line = document.getElementById("stream-state");
    if (!line) return;
    line.textContent = lost ? word("streamLost") : "";
    line.hidden = !lost;
  },
  who() {
    want();
  },
  want(wish) {
    leader?.want(wish);
  },
  bye({ tab: from }) {
    leader?.wishes.delete(from);
  },
};

function pass(act, detail = {}) {
  channel?.postMessage({ act, detail });
}
function all(act, detail = {}) {
  acts[act](detail);
  pass(act, detail);
}
channel?.addEventListener("message", ({ data }) => acts[data.act]?.(data.detail));

// Say to the listening tab what this one waits for, and from where on.
function want() {
  asking = null;
  asked = new Set(own());
  followed = false;
  all("want", { tab, topics: [...asked], place });
}

class Leader {
  constructor() {
    this.wishes = new Map();
    // Those for which the stream is not open yet: it begins where the earliest of them was.
    this.waiting = new Set();
    this.wait = FIRST_WAIT;
    pass("who");
    this.want({ tab, topics: own(), place });
  }

  want(wish) {
    this.wishes.set(wish.tab, wish);
    this.waiting.add(wish);
    this.soon();
  }

  // The wishes of the other tabs come within the same moment.
  soon(wait = 100) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.listen(), wait);
  }

  listen() {
    this.source?.close();
    const [tabs, waiting] = [[...this.wishes.keys()], [...this.waiting]];
    const topics = [...new Set([...this.wishes.values()].flatMap((wish) => wish.topics))].slice(-MOST_TOPICS);
    const places = new Set([place, ...waiting.map((wish) => wish.place)]);
    const from = new URL(address, document.baseURI);
    topics.forEach((topic) => from.searchParams.append("topic", topic));
    if (!places.has("") && places.size <= MOST_TOPICS) places.forEach((one) => from.searchParams.append("after", one));
    this.source = new EventSource(from, { withCredentials: true });
    this.source.addEventListener("message", (event) => {
      all("news", { ...JSON.parse(event.data), place: event.lastEventId });
    });
    for (const note of ["open", "resumed", "reset", "access", "beat"]) {
      this.source.addEventListener(note, (event) => {
        if (!(event instanceof MessageEvent)) return;
        waiting.forEach((wish) => this.waiting.delete(wish));
        this.noted(note, { tabs, place: event.lastEventId });
      });
    }
    this.source.addEventListener("error", () => this.failed());
  }

  noted(note, detail) {
    this.well();
    if (["open", "reset", "access"].includes(note)) all("anew");
    all(["beat", "access"].includes(note) ? "told" : "opened", detail);
  }

  well() {
    clearTimeout(this.saying);
    this.saying = null;
    this.wait = FIRST_WAIT;
    all("state", { lost: false });
  }

  async failed() {
    this.saying ??= setTimeout(() => all("state", { lost: true }), QUIET);
    // A connection that broke comes back by itself; an answer that refused does not.
    if (this.source.readyState !== EventSource.CLOSED || (await this.signedOut())) return;
    this.soon(this.wait * (0.5 + Math.random()));
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
  }

  async signedOut() {
    try {
      const answer = await fetch(bell.dataset.streamRefresh, { credentials: "same-origin" });
      if (answer.status !== 286) return false;
    } catch {
      return false;
    }
    clearTimeout(this.saying);
    all("state", { lost: false });
    return true;
  }

  leave() {
    clearTimeout(this.timer);
    clearTimeout(this.saying);
    this.source?.close();
  }
}

let leader = null;
let release = null;

function join() {
  if (!address || !("EventSource" in window)) return;
  const lead = () => new Promise((done) => {
    release = done;
    leader = new Leader();
  });
  // Without locks (an address without TLS) each tab listens for itself.
  if (navigator.locks) navigator.locks.request(name, lead);
  else lead();
  want();
}

addEventListener("pagehide", () => {
  leader?.leave();
  leader = null;
  release?.();
  pass("bye", { tab });
});
addEventListener("pageshow", (event) => event.persisted && join());

// Where there is no stream, what cannot wait is asked for by itself.
function poll(element) {
  const every = setInterval(
    () => (element.isConnected ? refresh(element) : clearInterval(every)),
    1000 * Number(element.dataset.streamPoll),
  );
}

let joined = false;
export default function start(element, words) {
  word = words;
  elements.add(element);
  if (!address && element.dataset.streamPoll) poll(element);
  if (!joined) {
    joined = true;
    // The page comes first; on a slow link everything else waits for it.
    if (document.readyState === "complete") join();
    else addEventListener("load", join, { once: true });
  } else if (own().some((topic) => !asked.has(topic))) {
    asking ??= setTimeout(want);
  }
}
