// The live stream: what changed elsewhere is fetched anew here. One connection for each browser, shared by its tabs:
// the tab that holds the lock listens for all of them and passes on what it hears.
//
//   data-stream-topic    topics to listen to, separated by spaces: `model:REFERENCE`, or `me`
//   data-stream-refresh  fetch this address anew and put the answer in the element's place; it needs an id
//   data-stream-on       only these kinds concern the element; all where it is not there
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
const heard = new WeakSet();
let listened = new Set();
const due = new WeakSet();
const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;

const topicsOf = (element) => element.dataset.streamTopic.split(/\s+/).filter(Boolean);
const concerns = (element, kind) => !element.dataset.streamOn || element.dataset.streamOn.split(/\s+/).includes(kind);
function alive() {
  for (const element of elements) if (!element.isConnected) elements.delete(element);
  return [...elements];
}
const isListenedTo = (element) => topicsOf(element).every((topic) => listened.has(topic));
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
  if (now.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) {
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
    for (const element of alive()) {
      if (!topicsOf(element).includes(detail.topic) || !concerns(element, detail.kind)) continue;
      element.dispatchEvent(new CustomEvent("stream:news", { bubbles: true, detail }));
      say(element, detail.kind);
      refresh(element);
    }
  },
  // Listened to from now on: what happened between the page and this moment is fetched.
  opened({ topics }) {
    listened = new Set(topics);
    for (const element of alive()) {
      if (heard.has(element) || !isListenedTo(element)) continue;
      heard.add(element);
      refresh(element);
    }
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
    pass("want", { tab, topics: own() });
  },
  want({ tab: from, topics }) {
    leader?.want(from, topics);
  },
  bye({ tab: from }) {
    leader?.wanted.delete(from);
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

// The place in the stream outlives the page, so that nothing is missed between two pages.

const place = {
  get: () => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  keep: (word) => {
    try {
      if (word) localStorage.setItem(name, word);
    } catch {
      // Without a store the next page asks for its parts once more.
    }
  },
};

class Leader {
  constructor() {
    this.wanted = new Map();
    this.open = new Set();
    this.wait = FIRST_WAIT;
    pass("who");
    this.soon();
  }

  want(from, topics) {
    this.wanted.set(from, topics);
    if (topics.some((topic) => !this.open.has(topic))) this.soon();
    else if (this.source?.readyState === EventSource.OPEN) this.tellOpened();
  }

  // The answers of the other tabs come within the same moment.
  soon(wait = 100) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.listen(), wait);
  }

  listen() {
    this.source?.close();
    this.wanted.set(tab, own());
    const topics = [...new Set([...this.wanted.values()].flat())].slice(-MOST_TOPICS);
    this.open = new Set(topics);
    const asked = new URL(address, document.baseURI);
    topics.forEach((topic) => asked.searchParams.append("topic", topic));
    if (place.get()) asked.searchParams.set("after", place.get());
    this.resumes = Boolean(place.get());
    this.source = new EventSource(asked, { withCredentials: true });
    this.source.addEventListener("message", (event) => {
      place.keep(event.lastEventId);
      all("news", JSON.parse(event.data));
    });
    for (const note of ["open", "resumed", "reset", "access", "beat"]) {
      this.source.addEventListener(note, (event) => event instanceof MessageEvent && this.noted(note, event));
    }
    this.source.addEventListener("error", () => this.failed());
  }

  noted(note, event) {
    place.keep(event.lastEventId);
    this.well();
    if (note === "reset" || note === "access") all("anew");
    if (note !== "beat" && note !== "access") this.tellOpened();
  }

  tellOpened() {
    // After a resumption nothing of one's own was missed; a page that has just come needs no second bell.
    if (this.resumes) alive().filter((element) => element.dataset.streamTopic === "me").forEach((element) => heard.add(element));
    all("opened", { topics: [...this.open, "me"] });
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
}

addEventListener("pagehide", () => {
  leader?.leave();
  leader = null;
  release?.();
  pass("bye", { tab });
});
addEventListener("pageshow", (event) => event.persisted && join());

let joined = false;
export default function start(element, words) {
  word = words;
  elements.add(element);
  if (!joined) {
    joined = true;
    // The page comes first; on a slow link everything else waits for it.
    if (document.readyState === "complete") join();
    else addEventListener("load", join, { once: true });
  } else if (isListenedTo(element)) {
    // It has just been fetched.
    heard.add(element);
  } else {
    all("want", { tab, topics: own() });
  }
}
