// Unsaved work is kept on the device: what was typed survives a lost link, a closed lid and an expired session.
// One entry of localStorage per person and form; only the server's word that it was saved removes it.

const DAYS_KEPT = 30;
let word = () => "";
const person = document.body.dataset.person ?? "";
const entryOf = (key) => `draft:${person}:${key}`;
const skipped = (field) =>
  !field.name || field.disabled || ["file", "password", "submit", "button"].includes(field.type) ||
  ["csrfmiddlewaretoken", "version"].includes(field.name) || /-(INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(field.name);

// What fields hold, by name: [value, label of a chosen option]. `at first`: as they came from the server.
function read(form, atFirst = false) {
  const held = {};
  for (const field of form.elements) {
    if (skipped(field)) continue;
    const values = (held[field.name] ??= []);
    if (field.type === "checkbox" || field.type === "radio") {
      if (atFirst ? field.defaultChecked : field.checked) values.push([field.value]);
    } else if (field.tagName === "SELECT") {
      for (const option of atFirst ? chosenAtFirst(field) : field.selectedOptions) values.push([option.value, option.text]);
    } else {
      values.push([atFirst ? field.defaultValue : field.value]);
    }
  }
  return held;
}

function chosenAtFirst(select) {
  const chosen = [...select.options].filter((option) => option.defaultSelected);
  return chosen.length || select.multiple ? chosen : [...select.options].slice(0, 1);
}

function choose(select, values) {
  for (const [value, label] of values) {
    if (![...select.options].some((option) => option.value === value)) select.add(new Option(label, value));
  }
  for (const option of select.options) option.selected = values.some(([value]) => value === option.value);
}

function write(form, held) {
  for (const section of form.querySelectorAll("[data-rows]")) {
    const rows = Number(held[`${section.dataset.rows}-TOTAL_FORMS`]?.[0]?.[0] ?? 0);
    section.dispatchEvent(new CustomEvent("rows:ensure", { detail: rows }));
  }
  const left = structuredClone(held);
  for (const field of form.elements) {
    if (skipped(field) || !left[field.name] || field.name.endsWith("-TOTAL_FORMS")) continue;
    const values = left[field.name];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.some(([value]) => value === field.value);
    else if (field.tagName === "SELECT") choose(field, values);
    else if (values.length) field.value = values.shift()[0];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(entryOf(key)));
  } catch {
    return null;
  }
}

// As everywhere: the mission's clock, whatever this device's, with Z beside it; `18:31 (17:31Z)`, and the day if it is past.
function clock(time) {
  const zone = word("zone") || "UTC";
  const language = document.documentElement.lang || undefined;
  const at = (when, options) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options }).format(when);
  const hour = (timeZone) => at(time, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = (when) => at(when, { day: "numeric", month: "short" });
  const said = `${hour(zone)} (${hour("UTC")}Z)`;
  return day(time) === day(Date.now()) ? said : `${day(time)} ${said}`;
}

// Saves a little after each change, and at once before the page goes.
function keep(form) {
  const state = form.querySelector("[data-draft-state]");
  const version = form.elements.version?.value ?? "";
  let untouched = JSON.stringify(read(form, true));
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    timer = 0;
    const held = read(form);
    if (untouched === null || JSON.stringify(held) === untouched) return;
    try {
      localStorage.setItem(entryOf(form.dataset.draft), JSON.stringify({ at: Date.now(), version, held }));
      if (state) state.textContent = `${word("saved")} ${clock(Date.now())}`;
    } catch {
      if (state) state.textContent = word("full");
    }
  };
  const later = () => {
    if (!timer) timer = setTimeout(save, 600);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", save);
  document.addEventListener("visibilitychange", () => timer && save());
  window.addEventListener("pagehide", () => timer && save());
  return {
    save,
    touched: () => JSON.stringify(read(form)) !== untouched,
    always: () => (untouched = ""),
    drop: () => {
      untouched = null;
      localStorage.removeItem(entryOf(form.dataset.draft));
    },
  };
}

function restore(form, keeper) {
  const draft = stored(form.dataset.draft);
  const notice = form.querySelector("[data-draft-notice]");
  // After a refused save the page itself holds what was typed.
  if (form.querySelector("#error-summary")) {
    keeper.always();
    return keeper.save();
  }
  if (!draft || !notice || JSON.stringify(draft.held) === JSON.stringify(read(form))) return keeper.save();
  const say = (name) => (notice.querySelector("[data-draft-words]").textContent = word(name));
  const bring = () => {
    write(form, draft.held);
    keeper.always();
    notice.querySelector("[data-draft-bring]").hidden = true;
    say("restored");
  };
  notice.hidden = false;
  notice.querySelector("[data-draft-when]").textContent = clock(draft.at);
  notice.querySelector("[data-draft-bring]").addEventListener("click", bring);
  notice.querySelector("[data-draft-drop]").addEventListener("click", () => {
    keeper.drop();
    window.location.reload();
  });
  // Over a record that someone changed meanwhile, or over words typed before this ran, only the person may decide.
  if (draft.version !== (form.elements.version?.value ?? "")) return say("older");
  return keeper.touched() ? say("waiting") : bring();
}

function forget(message) {
  for (const tag of message.dataset.tags.split(" ")) {
    if (tag.startsWith("draft:")) localStorage.removeItem(entryOf(tag.slice("draft:".length)));
  }
}

const keys = () => Object.keys(localStorage).filter((name) => name.startsWith(entryOf("")));

function offerRemoval(box) {
  box.hidden = keys().length === 0;
  box.querySelector("button").addEventListener("click", () => {
    keys().forEach((name) => localStorage.removeItem(name));
    box.replaceChildren(word("removed"));
  });
}

function dropOld() {
  const oldest = Date.now() - DAYS_KEPT * 86400000;
  for (const name of keys()) {
    if (!(stored(name.slice(entryOf("").length))?.at > oldest)) localStorage.removeItem(name);
  }
}

export default function start(element, words) {
  word = words;
  if (element.dataset.tags !== undefined) return forget(element);
  dropOld();
  if (element.dataset.draftsKept !== undefined) return offerRemoval(element);
  return restore(element, keep(element));
}
