// The one script of every page: loads a behaviour where its mark stands in the page, and says when a request failed.
// A behaviour is a module beside this file with a default export `start(element, word)`.

// Words that scripts say, translated by the server, and the addresses of the modules (hashed, so the server knows them).
const words = document.getElementById("words")?.dataset ?? {};
const modules = document.getElementById("modules")?.dataset ?? {};
const word = (name) => words[name] ?? "";

// In the order in which they must start: a draft is brought back into rows and pickers that already work.
const behaviours = [
  ["[data-theme-choice]", "jsTheme"],
  ["[data-rows]", "jsRows"],
  ["[data-pick]", "jsPick"],
  ["[data-suggest]", "jsSuggest"],
  ["[data-position]", "jsPosition"],
  ["[data-stream-topic]", "jsStream"],
  ["[data-rich]", "jsRich"],
  ["[data-exercise-clock]", "jsExclock"],
  ["[data-journal], [data-quick-form]", "jsJournal"],
  ["[data-draft], [data-tags*='draft:'], [data-drafts-kept]", "jsDrafts"],
];
// What only a hand needs is fetched when the hand comes near: a page may ask for five things.
const touched = [["[data-time]", "jsTime"]];
const started = new WeakSet();
// `data-started` says that what is typed and pressed there is answered.
function begin(behaviour, element) {
  behaviour.default(element, word);
  element.toggleAttribute("data-started", true);
}
const folded = "details.menu, details.later";
const closed = "details.menu:not([open]), details.later:not([open])";

async function start(root) {
  const waiting = [];
  for (const [mark, name] of behaviours) {
    const found = [...(root.matches(mark) ? [root] : []), ...root.querySelectorAll(mark)];
    // What lies in a closed menu, or among what is rarely filled in, waits until it is opened.
    const fresh = found.filter((element) => !started.has(element) && !element.closest(closed));
    fresh.forEach((element) => started.add(element));
    if (fresh.length) waiting.push([fresh, import(modules[name])]);
  }
  for (const [elements, loading] of waiting) {
    try {
      const behaviour = await loading;
      elements.forEach((element) => begin(behaviour, element));
    } catch (problem) {
      // The page works without; what does not start leaves the plain field in its place.
      console.error(problem);
    }
  }
}

for (const moment of ["pointerover", "focusin"]) {
  document.addEventListener(moment, (event) => {
    for (const [mark, name] of touched) {
      const element = event.target.closest?.(mark);
      if (!element || started.has(element)) continue;
      started.add(element);
      import(modules[name]).then((behaviour) => begin(behaviour, element), (problem) => {
        started.delete(element);
        console.error(problem);
      });
    }
  });
}

start(document.body);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));

// On a narrow screen the tabs scroll: where one is, is in view.
function showTab(root) {
  for (const tab of root.querySelectorAll(".tabs [aria-current]")) {
    const strip = tab.closest(".tabs");
    strip.scrollLeft = tab.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
  }
}
showTab(document);
document.addEventListener("htmx:load", (event) => showTab(event.detail.elt));
document.addEventListener("rows:added", (event) => start(event.target));
document.addEventListener("toggle", (event) => event.target.open && event.target.matches(folded) && start(event.target), true);

// A failed request is told where messages stand; nothing is swapped, so nothing typed is lost.
function tell(text) {
  const notices = document.getElementById("notices");
  if (!notices) return;
  const notice = document.createElement("p");
  notice.className = "notice notice-error";
  notice.textContent = text;
  notice.toggleAttribute("data-cut", cut());
  notices.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

// Without a link nothing is sent, so that the browser's own error page does not take the place of a form.
const cut = () => navigator.onLine === false;
document.addEventListener("submit", (event) => {
  if (!cut()) return;
  event.preventDefault();
  tell(word("unreachable"));
});
window.addEventListener("offline", () => tell(word("unreachable")));
window.addEventListener("online", () => document.querySelector("#notices > [data-cut]")?.remove());
// What is fetched because of live news fails in silence: the stream says that it is cut.
const live = (event) => event.target.matches("[data-stream-refresh]");
document.addEventListener("htmx:sendError", (event) => live(event) || tell(word("unreachable")));
// What asks by itself, such as the bell, fails in silence: the person did nothing.
document.addEventListener("htmx:responseError", (event) => live(event) || event.target.matches("[hx-trigger*='every']") || tell(word("failed")));

// Menus close with Escape, and when something else is pressed.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open], .rail-more > details[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open], .rail-more > details[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A verb opens in the dialog; where that fails, its own page opens instead.
const dialog = document.getElementById("dialog");
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || !dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const verb = page.getElementById("verb");
    if (!answer.ok || !verb) throw new Error("not a verb");
    document.getElementById("dialog-body").replaceChildren(document.adoptNode(verb));
    start(verb);
    dialog.showModal();
    (verb.querySelector("textarea, select, input:not([type=hidden])") ?? verb.querySelector("button"))?.focus();
  } catch {
    window.location.assign(link.href);
  }
});
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-dialog-close]")) {
    event.preventDefault();
    dialog.close();
  }
});

// Filters that were left empty stay out of the address, so that it can be read and passed on.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches(".filters")) return;
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

// The errors of a form are what the person should meet first.
document.getElementById("error-summary")?.focus();
