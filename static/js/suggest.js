// A text field with suggestions: `data-suggest` is the address that answers ?q=… with {results: [{value, label, hint}]}.
// The hidden input beside it takes the value of the one chosen; what is typed afterwards lets go of it again.

const PAUSE = 200;
const SHORTEST = 2;
let made = 0;

class Suggestions {
  constructor(input, word) {
    this.input = input;
    this.word = word;
    this.value = input.parentElement.querySelector("[data-suggest-value]");
    this.offers = [];
    this.place = -1;
    this.list = Object.assign(document.createElement("ul"), { id: `suggest-${(made += 1)}`, className: "pick-list", hidden: true });
    this.list.setAttribute("role", "listbox");
    const label = document.querySelector(`label[for="${input.id}"]`);
    this.list.setAttribute("aria-label", label ? label.textContent.trim() : input.name);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    input.after(this.list);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.open(false));
    // Pressing an offer must not take the focus away first.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(this.offers[[...this.list.children].indexOf(option)]);
    });
    // On a slow link one may have typed before this was there.
    if (document.activeElement === input && !this.value.value) this.typed();
  }

  typed() {
    this.value.value = "";
    this.asked?.abort();
    clearTimeout(this.timer);
    const words = this.input.value.trim();
    if (words.length < SHORTEST) return this.open(false);
    this.timer = setTimeout(() => this.ask(words), PAUSE);
  }

  async ask(words) {
    this.asked = new AbortController();
    const address = new URL(this.input.dataset.suggest, document.baseURI);
    address.searchParams.set("q", words);
    try {
      const answer = await fetch(address, { signal: this.asked.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.offer((await answer.json()).results);
    } catch {
      // Without the network the field takes what is typed; the server matches the name when the form is saved.
      this.open(false);
    }
  }

  offer(found) {
    this.offers = found;
    this.place = -1;
    this.list.replaceChildren(...found.map((one, place) => {
      const option = Object.assign(document.createElement("li"), { id: `${this.list.id}-${place}`, textContent: one.label });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      if (one.hint) option.append(Object.assign(document.createElement("span"), { className: "quiet", textContent: one.hint }));
      return option;
    }));
    this.open(found.length > 0 && document.activeElement === this.input);
  }

  open(yes) {
    this.list.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
    if (!yes) this.input.removeAttribute("aria-activedescendant");
  }

  point(place) {
    const options = [...this.list.children];
    this.place = (place + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.place)));
    this.input.setAttribute("aria-activedescendant", options[this.place].id);
    options[this.place].scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (this.list.hidden || !this.offers.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.point(this.place < 0 && step < 0 ? -1 : this.place + step);
    } else if (event.key === "Enter" && this.place >= 0) {
      event.preventDefault();
      this.take(this.offers[this.place]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.open(false);
    }
  }

  take(one) {
    this.input.value = one.label;
    this.value.value = one.value;
    this.open(false);
    this.value.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export default function start(input, word) {
  new Suggestions(input, word);
}
