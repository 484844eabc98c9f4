// A <select data-pick> becomes a field one types into: the list shows what fits. The select stays in the form and holds
// the value, so the server sees the same with and without this. `data-pick-url` asks the server
// (GET ?q=…, {results: [{value, label, hint}]}) instead of looking through the select's own options.

const MOST = 50;
const PAUSE = 250;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let made = 0;

function element(tag, attributes = {}, text = "") {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

function ownOptions(select, typed) {
  const words = plain(typed).split(/\s+/);
  return [...select.options]
    .filter((option) => option.value && !option.disabled)
    .map((option) => ({ value: option.value, label: option.text, hint: option.dataset.hint ?? "" }))
    .filter((offer) => words.every((part) => plain(`${offer.label} ${offer.hint}`).includes(part)));
}

async function askedOptions(url, typed, signal) {
  const address = new URL(url, document.baseURI);
  address.searchParams.set("q", typed);
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).results;
}

class Picker {
  constructor(select, word) {
    this.select = select;
    this.word = word;
    this.many = select.multiple;
    this.offers = [];
    this.place = -1;
    this.build();
    this.listen();
    this.show();
  }

  build() {
    const list = `pick-list-${(made += 1)}`;
    this.list = element("ul", { id: list, role: "listbox", class: "pick-list", hidden: "" });
    this.input = element("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list,
    });
    for (const name of ["aria-describedby", "aria-invalid", "placeholder"]) {
      if (this.select.hasAttribute(name)) this.input.setAttribute(name, this.select.getAttribute(name));
    }
    const label = document.querySelector(`label[for="${this.select.id}"]`);
    if (label) this.list.setAttribute("aria-label", label.textContent.trim());
    // The label and the error summary point at the id: it belongs to what one types into.
    this.input.id = this.select.id;
    this.select.id += "-value";
    this.chosen = element("div", { class: "pick-chosen" });
    this.box = element("div", { class: "pick" });
    this.box.append(...(this.many ? [this.chosen] : []), this.input, this.list);
    const held = document.activeElement === this.select;
    this.select.hidden = true;
    this.select.after(this.box);
    if (held) this.input.focus();
  }

  listen() {
    this.input.addEventListener("input", () => {
      this.complain(false);
      this.look();
    });
    this.input.addEventListener("click", () => this.list.hidden && this.look(this.many ? this.input.value : ""));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.leave());
    // Pressing an offer must not take the focus away first.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(this.offers[[...this.list.children].indexOf(option)]);
    });
    this.select.addEventListener("change", () => {
      this.complain(false);
      this.show();
    });
    // Enter may send the form while the words still stand in the field.
    this.select.form?.addEventListener("submit", (event) => {
      this.leave();
      if (!this.refused) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.input.focus();
    }, true);
  }

  // What is chosen, as words in the field or as chips above it.
  show() {
    const taken = [...this.select.selectedOptions].filter((option) => option.value);
    if (!this.many) {
      if (document.activeElement !== this.input || this.list.hidden) this.input.value = taken[0]?.text ?? "";
      return;
    }
    this.chosen.replaceChildren(...taken.map((option) => {
      const chip = element("button", { type: "button", "aria-label": `${this.word("remove")} ${option.text}` }, option.text);
      chip.addEventListener("click", () => {
        option.selected = false;
        this.changed();
        this.input.focus();
      });
      return chip;
    }));
  }

  changed() {
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async look(typed = this.input.value) {
    const url = this.select.dataset.pickUrl;
    this.asked?.abort();
    clearTimeout(this.timer);
    if (!url) return this.offer(ownOptions(this.select, typed));
    this.asked = new AbortController();
    const { signal } = this.asked;
    await new Promise((done) => (this.timer = setTimeout(done, PAUSE)));
    try {
      return this.offer(await askedOptions(url, typed, signal));
    } catch (problem) {
      return problem.name === "AbortError" ? undefined : this.offer([], this.word("unreachable"));
    }
  }

  offer(found, said = this.word("nothing")) {
    const taken = new Set(this.many ? [...this.select.selectedOptions].map((option) => option.value) : []);
    this.offers = found.filter((one) => !taken.has(String(one.value))).slice(0, MOST);
    this.place = -1;
    this.list.replaceChildren(...this.offers.map((one, place) => {
      const option = element("li", { role: "option", id: `${this.list.id}-${place}`, "aria-selected": "false" }, one.label);
      if (one.hint) option.append(element("span", { class: "quiet" }, one.hint));
      return option;
    }));
    if (!this.offers.length) this.list.append(element("li", { class: "pick-none", role: "option", "aria-disabled": "true" }, said));
    this.open(true);
  }

  open(yes) {
    this.list.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
    if (!yes) this.input.removeAttribute("aria-activedescendant");
  }

  point(place) {
    const options = this.list.querySelectorAll("[role=option]:not([aria-disabled])");
    if (!options.length) return;
    this.place = (place + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.place)));
    this.input.setAttribute("aria-activedescendant", options[this.place].id);
    options[this.place].scrollIntoView({ block: "nearest" });
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.list.hidden) this.look(this.many ? this.input.value : "");
      else this.point(this.place < 0 && step < 0 ? -1 : this.place + step);
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      if (this.place >= 0 || this.offers.length === 1) this.take(this.offers[Math.max(this.place, 0)]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.open(false);
    } else if (event.key === "Backspace" && this.many && !this.input.value) {
      this.chosen.lastElementChild?.click();
    }
  }

  take(one) {
    if (!one) return;
    const value = String(one.value);
    let option = [...this.select.options].find((own) => own.value === value);
    if (!option) this.select.add((option = new Option(one.label, value)));
    if (!this.many) this.select.value = value;
    option.selected = true;
    this.open(false);
    this.input.value = this.many ? "" : option.text;
    this.changed();
  }

  // Words that were typed but not taken are not sent, and it is said so; an emptied field chooses nothing.
  leave() {
    this.asked?.abort();
    this.open(false);
    const typed = this.input.value.trim();
    if (!this.many && !typed && this.select.value) {
      this.select.value = "";
      this.changed();
    }
    const chosen = this.many ? "" : this.select.selectedOptions[0]?.value ? this.select.selectedOptions[0].text : "";
    this.complain(typed !== "" && typed !== chosen.trim());
  }

  complain(yes) {
    this.refused?.remove();
    this.refused = null;
    this.input.toggleAttribute("data-unknown", yes);
    if (!yes) return;
    this.refused = element("p", { class: "error", role: "alert" }, this.word("pickUnknown"));
    this.box.append(this.refused);
  }
}

export default function start(select, word) {
  new Picker(select, word);
}
