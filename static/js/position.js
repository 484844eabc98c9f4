// A position is typed, or pressed on a map that loads only when it is asked for. The server turns one into the other and
// names the area; without it the map still fills in latitude and longitude.

const LETTER = 8;
const loaded = new Map();

function once(address, make) {
  if (!loaded.has(address)) {
    loaded.set(address, new Promise((done, failed) => {
      const node = make();
      node.onload = done;
      node.onerror = () => {
        loaded.delete(address);
        node.remove();
        failed(new Error(address));
      };
      document.head.append(node);
    }));
  }
  return loaded.get(address);
}

const sheet = (href) => once(href, () => Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
const script = (src) => once(src, () => Object.assign(document.createElement("script"), { src }));

class PositionField {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input:not([type=hidden])");
    this.said = box.querySelector("[data-position-said]");
    this.holder = box.querySelector("[data-position-map]");
    this.button = box.querySelector("[data-position-open]");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.toggle());
    this.input.addEventListener("change", () => this.typed());
    if (this.input.value) this.typed();
  }

  tell(words) {
    this.said.textContent = words;
  }

  // What the server makes of a text: the same point as MGRS and in degrees, and the area it lies in.
  async look(text) {
    const { lookup } = this.box.dataset;
    if (!lookup) return null;
    const address = new URL(lookup, document.baseURI);
    address.searchParams.set("position", text);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const found = await answer.json();
    if (!answer.ok) throw Object.assign(new Error("not a position"), { words: found.detail });
    return found;
  }

  async settle(text, rewrite) {
    try {
      const found = await this.look(text);
      if (!found || this.input.value.trim() !== text) return;
      if (rewrite) this.input.value = found.mgrs;
      this.tell([found.mgrs, `${found.latitude}, ${found.longitude}`, found.area].filter(Boolean).join(" · "));
      this.mark(Number(found.latitude), Number(found.longitude), !rewrite);
    } catch (problem) {
      this.tell(problem.words ?? this.box.dataset.unknown);
    }
  }

  typed() {
    const text = this.input.value.trim();
    this.tell("");
    if (text) this.settle(text, false);
  }

  pressed(point) {
    const { lat, lng } = point.wrap();
    this.input.value = `${lat.toFixed(6)}, ${lng.toFixed(6)}`;
    this.mark(lat, lng, false);
    this.tell(this.input.value);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.settle(this.input.value, true);
  }

  mark(latitude, longitude, move) {
    this.point = [latitude, longitude];
    if (!this.map) return;
    this.dot ??= window.L.circleMarker(this.point, { radius: 7, className: "map-dot" }).addTo(this.map);
    this.dot.setLatLng(this.point);
    if (move) this.map.setView(this.point, Math.max(this.map.getZoom(), 9));
  }

  // An area carries its name where that has room; elsewhere it comes up under the pointer.
  name(layer) {
    layer.eachLayer((shape) => {
      const { name } = shape.feature.properties;
      const bounds = shape.getBounds();
      const [start, end] = [bounds.getNorthWest(), bounds.getSouthEast()].map((corner) => this.map.latLngToLayerPoint(corner));
      const fits = end.x - start.x > name.length * LETTER && end.y - start.y > 2 * LETTER;
      if (shape.fits === fits) return;
      shape.fits = fits;
      shape.unbindTooltip();
      shape.bindTooltip(name, fits ? { permanent: true, direction: "center", className: "map-name" } : { sticky: true });
    });
  }

  async toggle() {
    const open = this.holder.hidden;
    this.holder.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (!open || this.map) return;
    try {
      await Promise.all([sheet(this.box.dataset.leafletCss), script(this.box.dataset.leaflet)]);
      await this.draw();
    } catch {
      this.holder.hidden = true;
      this.button.setAttribute("aria-expanded", "false");
      this.tell(this.box.dataset.failed);
    }
  }

  async draw() {
    const { L } = window;
    const { boundaries, latitude, longitude, tiles, tilesBy } = this.box.dataset;
    this.map = L.map(this.holder, { attributionControl: Boolean(tiles), zoomSnap: 0.5 }).setView([0, 0], 2);
    if (tiles) L.tileLayer(tiles, { attribution: tilesBy }).addTo(this.map);
    this.map.on("click", (event) => this.pressed(event.latlng));
    this.holder.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === this.holder) {
        event.preventDefault();
        this.pressed(this.map.getCenter());
      }
    });
    if (boundaries) {
      const areas = await (await fetch(boundaries)).json();
      const layer = L.geoJSON(areas, {
        style: { className: "map-area", weight: 1 },
      }).addTo(this.map);
      this.map.on("zoomend", () => this.name(layer));
      this.name(layer);
      // Hundreds of areas are no stops for the keyboard.
      layer.eachLayer((shape) => shape.getElement?.()?.setAttribute("tabindex", "-1"));
      if (layer.getBounds().isValid()) this.map.fitBounds(layer.getBounds());
    }
    if (this.point) this.mark(...this.point, true);
    else if (latitude) this.map.setView([latitude, longitude], 9);
    this.holder.focus();
  }
}

export default function start(box) {
  new PositionField(box);
}
