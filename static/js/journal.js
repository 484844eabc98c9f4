// The journal: what is new stays marked until it was seen, and an entry goes out from the keyboard.
//
//   data-journal     the list of entries; those with data-new (their number) are marked until they were in view
//   data-quick-form  fields of a form in which Ctrl+Enter is the button

// Milliseconds in view, in a tab that is looked at, until an entry counts as seen.
const LONG_ENOUGH = 4000;

const kept = (reference) => `journal-seen:${document.body.dataset.person ?? ""}:${reference}`;
function seenIn(reference) {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(kept(reference))) ?? []);
  } catch {
    return new Set();
  }
}
function keep(reference, seen) {
  try {
    sessionStorage.setItem(kept(reference), JSON.stringify([...seen]));
  } catch {
    // Without a store the marks come back with the next page.
  }
}

function unmark(entry) {
  entry.removeAttribute("data-new");
  entry.querySelector(".entry-new")?.remove();
}

function watch(list) {
  const reference = list.dataset.journal;
  const seen = seenIn(reference);
  const timers = new Map();
  const done = (entry) => {
    timers.delete(entry);
    if (document.hidden) return;
    seen.add(entry.dataset.new);
    keep(reference, seen);
    unmark(entry);
    observer.unobserve(entry);
  };
  const observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      clearTimeout(timers.get(target));
      timers.delete(target);
      if (isIntersecting && !document.hidden) timers.set(target, setTimeout(done, LONG_ENOUGH, target));
    }
  }, { threshold: 0.5 });
  const look = () => {
    for (const entry of list.querySelectorAll("[data-new]")) {
      if (seen.has(entry.dataset.new)) unmark(entry);
      else {
        observer.unobserve(entry);
        observer.observe(entry);
      }
    }
  };
  look();
  // Who comes back to the tab begins to look then.
  document.addEventListener("visibilitychange", () => list.isConnected && !document.hidden && look());
}

function answerKeyboard(fields) {
  fields.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    fields.closest("form").requestSubmit();
  });
}

export default function start(element) {
  if (element.matches("[data-quick-form]")) answerKeyboard(element);
  else watch(element);
}
