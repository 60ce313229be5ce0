"use strict";
/* The page: draws the data, opens accounts, shows what an edge rests on. Texts reach the page as text nodes only. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = id => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const stage = $("stage"), world = $("world"), panel = $("panel"), field = $("search"), results = $("results");
  const RANK = ["other", "access", "half-open", "access-if", "escalates-if", "escalates", "conditional", "delegates", "deploys", "allowed"];
  const SILENT = new Set(["allowed", "conditional", "deploys", "access", "access-if"]);

  const make = (name, attributes = {}, ...children) => {
    const svg = ["svg", "g", "path", "rect", "text", "title", "circle"].includes(name) && !attributes.html;
    const element = svg ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "html" || value === null || value === false) continue;
      if (key === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter(child => child !== null && child !== ""));
    return element;
  };
  const counted = (number, one, many) => number.toLocaleString("en") + " " + (number === 1 ? one : many || one + "s");

  /* ---- the data -------------------------------------------------------- */
  const boxes = data.boxes.map((box, index) => ({
    parent: null, ...box, index, children: [], group: box.kind === "group",
    closedHeight: box.open || box.parent !== undefined ? box.closed : box.h,
  }));
  for (const box of boxes) if (box.parent !== null) { box.parent = boxes[box.parent]; box.parent.children.push(box); }
  const columns = [];
  for (const box of boxes) (columns[box.column] = columns[box.column] || []).push(box);
  for (const column of columns) column.sort((p, q) => (p.parent || p).y - (q.parent || q).y || p.index - q.index);
  const edges = data.edges.map(([a, r, b, q, style, kind, count, unresolved, conditions, findings, places, missing, words, brief, details]) => ({
    a: boxes[a], r, b: boxes[b], q, style: data.styles[style], kind: data.kinds[kind], light: data.light[kind], family: data.families[kind], labelled: data.labelled[kind], count, unresolved,
    words: data.strings[words], brief: data.strings[brief], details: details.map(i => data.strings[i]),
    conditions: conditions.map(i => data.strings[i]), findings: findings.map(i => data.strings[i]),
    missing: data.strings[missing],
    places: places.map(([file, line, side, text, workspace]) => ({
      file: data.strings[file], line, side: data.strings[side], text: data.strings[text], workspace: data.strings[workspace],
    })),
  }));
  const opened = new Set(boxes.filter(box => box.open));
  const hidden = new Set(data.off.map(kind => "kind:" + kind));
  let onlyFindings = false, chosen = null, trail = [], matches = new Set();

  const shown = edge => !hidden.has(edge.style) && !hidden.has("kind:" + edge.kind)
    && !(hidden.has("unresolved") && edge.unresolved) && (!onlyFindings || edge.findings.length > 0);
  /* The accounts of a district are in the picture once it is opened; until then it stands for them. */
  const inPicture = box => box.parent === null || opened.has(box.parent);
  const standsFor = box => (inPicture(box) ? box : box.parent);
  const endRow = (box, row) => (box.open ? row : -1);
  /* Members that only take part in what is light stay out of the picture while that is hidden. */
  const heavy = new Set(), lightly = new Set();
  for (const edge of edges) for (const [box, row] of [[edge.a, edge.r], [edge.b, edge.q]]) {
    (edge.light ? lightly : heavy).add(box.index + "/" + row);
  }
  function sight() {
    const touched = new Set();
    for (const edge of edges) {
      if (edge.light && shown(edge)) touched.add(edge.a.index + "/" + edge.r).add(edge.b.index + "/" + edge.q);
    }
    for (const box of boxes) {
      box.inSight = [...box.rows.keys()].filter(row => {
        const key = box.index + "/" + row;
        return heavy.has(key) || !lightly.has(key) || touched.has(key);
      });
    }
  }
  const nameOf = (box, row) => (row >= 0 ? box.rows[row][0] : box.name);
  const longName = (box, row) => (row >= 0 ? box.name + " / " + box.rows[row][0] : box.name);

  /** One wire for each pair of ends that is in sight, as strong as its strongest edge. */
  function wires() {
    const found = new Map();
    for (const box of boxes) box.hides = new Set(box.children.length ? box.children.flatMap(child => child.innerFindings) : box.innerFindings);
    for (const edge of edges) {
      if (!shown(edge)) continue;
      const a = standsFor(edge.a), b = standsFor(edge.b);
      const r = a === edge.a ? endRow(a, edge.r) : -1, q = b === edge.b ? endRow(b, edge.q) : -1;
      if (a === b && r === q) {
        if (a !== edge.a) for (const rule of edge.findings) a.hides.add(rule);
        continue;
      }
      const key = a.index + "/" + r + ">" + b.index + "/" + q + "/" + edge.family;
      if (!found.has(key)) {
        found.set(key, { key, a, b, rowA: r, rowB: q, edges: [], style: edge.style, bad: false, count: 0, light: edge.light });
      }
      const wire = found.get(key);
      wire.edges.push(edge);
      wire.count += edge.count;
      wire.bad = wire.bad || edge.findings.length > 0;
      if (RANK.indexOf(edge.style) > RANK.indexOf(wire.style)) wire.style = edge.style;
    }
    // Who may use something in an account is drawn where nothing else joins the two; services use everything everywhere.
    const closed = wire => !wire.a.open || !wire.b.open;
    const list = [...found.values()].filter(wire => !wire.light || !closed(wire)
      || !(wire.a.quiet || found.has(wire.key.slice(0, -wire.edges[0].family.length) + "trust")));
    for (const wire of list) wire.quiet = wire.a.quiet && !wire.bad;
    return list;
  }

  /* ---- drawing --------------------------------------------------------- */
  const ruler = document.createElement("canvas").getContext("2d");
  function fitted(text, width, font) {
    ruler.font = font;
    if (ruler.measureText(text).width <= width) return text;
    let low = 0, high = text.length;
    while (low < high) {
      const half = (low + high + 1) >> 1;
      if (ruler.measureText(text.slice(0, half) + "…").width <= width) low = half; else high = half - 1;
    }
    return text.slice(0, low).trimEnd() + "…";
  }
  /** Cut a name in its middle: of addresses and ARNs, both ends tell what they are. */
  function fittedMiddle(text, width, font) {
    ruler.font = font;
    if (ruler.measureText(text).width <= width) return text;
    let low = 0, high = text.length;
    const cut = kept => text.slice(0, Math.floor(kept * 0.45)).trimEnd() + "…" + text.slice(text.length - Math.ceil(kept * 0.55)).trimStart();
    while (low < high) {
      const half = (low + high + 1) >> 1;
      if (ruler.measureText(cut(half)).width <= width) low = half; else high = half - 1;
    }
    return cut(low);
  }
  const family = getComputedStyle(document.body).fontFamily;

  let drawn = [];
  const layers = { faint: null, clear: null, order: [] };
  function draw() {
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : null;
    sight();
    const standing = columns.map(column => column.filter(inPicture));
    Geometry.stand(standing, box => opened.has(box), data.measures.inner);
    const visible = boxes.filter(inPicture);
    drawn = wires();
    const many = data.many || drawn.length > data.manyEdges;
    Geometry.route(drawn, standing, data.measures, many);
    const bottom = Math.max(...visible.map(box => box.top + box.height), 0);
    const parts = data.lanes.map(([name, left, right]) => make("g", {},
      make("rect", { class: "lane", x: left - 20, y: 84, width: right - left + 40, height: bottom - 60, rx: 14 }),
      make("text", { class: "lane-name", x: left, y: 103 }, name)));
    const sorted = [...drawn].sort((p, q) => p.bad - q.bad || q.quiet - p.quiet || data.painted.indexOf(p.style) - data.painted.indexOf(q.style));
    // What is dimmed is made faint as one, for many faint lines on each other would be a strong one.
    const crowd = many && drawn.filter(wire => wire.bad).length > data.crowd;
    const look = "edges" + (many ? " many" : "") + (crowd ? " crowded" : "");
    layers.faint = make("g", { class: look + " faint" });
    layers.clear = make("g", { class: look }, ...sorted.map(drawWire));
    layers.order = sorted;
    const labels = make("g", {}, ...drawLabels(many, crowd));
    world.replaceChildren(...parts, layers.faint, layers.clear, ...visible.map(drawBox), labels);
    Object.assign(Viewport.extent, { width: data.width, height: bottom + 40 });
    mark();
    if (focused) {
      const again = [...world.querySelectorAll("[data-key]")].find(element => element.dataset.key === focused);
      if (again) again.focus({ preventScroll: true });
    }
  }

  const wordsOf = wire => [...new Set(wire.edges.filter(edge => edge.style === wire.style).map(edge => edge.words))].join(", ");
  function drawWire(wire) {
    const style = wire.bad ? "violation" : wire.style, d = Geometry.path(wire);
    const text = longName(wire.a, wire.rowA) + " → " + longName(wire.b, wire.rowB) + ": " + wordsOf(wire)
      + (wire.count > 1 ? " ×" + wire.count : "");
    wire.element = make("g", { class: "wire", on: { click: event => { event.stopPropagation(); choose({ wire: wire.key, edges: wire.edges }); } } },
      make("title", {}, text),
      make("path", { class: "edge " + wire.style + (wire.bad ? " violation" : "") + (wire.quiet ? " quiet" : ""), d, "marker-end": "url(#a-" + style + ")" }),
      make("path", { class: "hit", d }));
    return wire.element;
  }

  function labelText(wire) {
    const rules = [...new Set(wire.edges.flatMap(edge => edge.findings))];
    if (rules.length) return rules.slice(0, 2).join(", ") + (rules.length > 2 ? " …" : "");
    const strongest = wire.edges.filter(edge => edge.style === wire.style);
    const briefs = [...new Set(strongest.map(edge => edge.brief))].filter(Boolean);
    if (briefs.length === 1) return briefs[0];
    if (briefs.length) return [...new Set(briefs.map(text => text.split(/ [=~≠≁<>]|, | is /)[0]))].slice(0, 3).join(", ") + " …";
    return SILENT.has(wire.style) ? "" : (strongest.find(edge => edge.labelled) || { words: "" }).words;
  }

  function drawLabels(many, crowd) {
    const font = "500 10.5px " + family, wanted = [], said = new Map(), size = new Map();
    const told = crowd ? [] : drawn.filter(wire => !wire.quiet && (wire.bad || !many));
    for (const wire of told) {
      if (!said.has(wire.trunk)) said.set(wire.trunk, new Set());
      said.get(wire.trunk).add(labelText(wire));
      size.set(wire.trunk, (size.get(wire.trunk) || 0) + 1);
    }
    for (const wire of told.sort((p, q) => q.bad - p.bad)) {
      const once = size.get(wire.trunk) > 1 && said.get(wire.trunk).size === 1;
      const times = wire.count > 1 && !once ? wire.count.toLocaleString("en") + "× " : "";
      const text = fitted((times + labelText(wire)).trim(), 150, font);
      if (!text) continue;
      ruler.font = font;
      wanted.push({ wire, text, once, width: ruler.measureText(text).width + 10 });
    }
    return Geometry.placeLabels(wanted, boxes.filter(inPicture)).map(label => {
      const style = label.wire.bad ? "violation" : label.wire.style;
      label.wire.label = make("g", {},
        make("rect", { class: "label", x: label.x - label.width / 2, y: label.y - 7.5, width: label.width, height: 15, rx: 7 }),
        make("text", { class: "label-text t-" + style, x: label.x, y: label.y + 3.6 }, label.text));
      return label.wire.label;
    });
  }

  const canOpen = box => box.inSight.length > 0 || box.children.length > 0;
  const kindOf = box => box.group ? "group" : box.children.length ? "accounts of one kind" : box.external ? "account outside of the organization" : "account";
  function drawBox(box) {
    const compact = box.head <= 34, key = "box:" + box.index;
    const top = box.open || !compact ? 21 : box.height / 2 + 4.5;
    const hides = [...box.hides], unfolded = opened.has(box);
    const state = [box.name, kindOf(box), box.caption,
      box.members && !box.children.length ? counted(box.members, "member") : "", hides.length ? "violates " + hides.join(", ") : ""];
    const badge = hides.length && !unfolded;
    let room = box.w - (canOpen(box) ? 44 : 28);
    const parts = [make("title", {}, [box.name, box.caption].filter(Boolean).join(" · ")),
      ...(box.children.length && !unfolded ? [7, 3.5].map(at => make("rect", { class: "card", x: at, y: at, width: box.w, height: box.height, rx: 9 })) : []),
      make("rect", { class: "card", width: box.w, height: box.height, rx: 9 }),
      make("rect", { class: "stripe " + box.stripe, y: compact ? 7 : 8, width: 3.5, height: Math.max(box.head - 16, 14), rx: 1.75 })];
    const caption = box.caption || (box.group && !box.open ? counted(box.members, "member") : "");
    let beside = box.w - 28;
    if (badge) {
      // Beside the caption, or where there is none beside the name.
      const below = caption && !compact, line = below ? 39 : top;
      const text = fitted(hides[0], 60, "600 10px " + family) + (hides.length > 1 ? " +" + (hides.length - 1) : "");
      ruler.font = "600 10px " + family;
      const size = ruler.measureText(text).width + 12, x = box.w - size - (canOpen(box) && !below ? 26 : 10);
      if (below) beside -= size + 6; else room -= size + 6;
      parts.push(make("rect", { class: "badge", x, y: line - 12.5, width: size, height: 16, rx: 8 }),
        make("text", { class: "badge-text", x: x + size / 2, y: line - 1 }, text));
    }
    parts.push(make("text", { class: "name", x: 16, y: top }, fittedMiddle(box.label || box.name, room, "600 13.5px " + family)));
    if (caption && !compact) {
      parts.push(make("text", { class: "soft small", x: 16, y: 39 }, fitted(caption, beside, "11.5px " + family)));
    }
    if (canOpen(box)) {
      const x = box.w - 18, y = top - 4.5;
      parts.push(make("path", { class: "chevron", d: unfolded ? `M${x - 4} ${y - 2}L${x} ${y + 2}L${x + 4} ${y - 2}` : `M${x - 2} ${y - 4}L${x + 2} ${y}L${x - 2} ${y + 4}` }));
    }
    const rows = box.open ? box.inSight.map(number => drawRow(box, box.rows[number], number)) : [];
    const press = event => { event.stopPropagation(); toggle(box); };
    box.element = make("g", {
      class: "box" + (box.external || box.group ? " foreign" : ""), transform: `translate(${box.x} ${box.top})`, tabindex: 0,
      role: "button", "data-key": key, "aria-label": state.filter(Boolean).join(", "),
      "aria-expanded": canOpen(box) ? String(unfolded) : null,
      on: {
        click: press,
        keydown: event => {
          if (event.target === box.element && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); press(event); }
        },
      },
    }, ...parts, ...rows);
    return box.element;
  }

  function drawRow(box, row, number) {
    const y = Geometry.rowMiddle(box, number) - box.top;
    const press = event => { event.stopPropagation(); choose({ box, row: number }); };
    const kind = data.strings[row[5]], cut = data.strings[row[1]] === "service" ? fitted : fittedMiddle;
    ruler.font = "10.5px " + family;
    const kindRoom = kind ? ruler.measureText(kind).width + 8 : 0;
    return make("g", {
      class: "row-item", tabindex: 0, role: "button", "data-key": "row:" + box.index + ":" + number,
      "aria-label": row[0] + ", " + data.strings[row[1]] + ", " + box.name,
      on: { click: press, keydown: event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); press(event); } } },
    },
      make("title", {}, row[0] + " (" + data.strings[row[1]] + ")"),
      make("path", { class: "rule", d: `M12 ${y - 12}H${box.w - 12}` }),
      make("rect", { class: "row-hit", x: 6, y: y - 11, width: box.w - 12, height: 22, rx: 5 }),
      make("text", { class: "row", x: 16, y: y + 4 }, cut(row[0], box.w - 30 - kindRoom, "12px " + family)),
      kind ? make("text", { class: "soft row-kind", x: box.w - 14, y: y + 4 }, kind) : "");
  }

  function toggle(box) {
    if (canOpen(box)) { if (opened.has(box)) opened.delete(box); else opened.add(box); }
    choose({ box, row: -1 });
  }

  /* ---- who reaches whom ------------------------------------------------ */
  const keyOf = (box, row) => box.index + "/" + row;
  function reach(start, ahead) {
    const next = new Map();
    for (const edge of edges) {
      if (edge.style === "half-open" || edge.style === "other" || edge.light || !shown(edge)) continue;
      const from = ahead ? keyOf(edge.a, edge.r) : keyOf(edge.b, edge.q);
      if (!next.has(from)) next.set(from, []);
      next.get(from).push([ahead ? keyOf(edge.b, edge.q) : keyOf(edge.a, edge.r), edge]);
    }
    const seen = new Set(start), used = new Set(), pending = [...start];
    while (pending.length) {
      for (const [key, edge] of next.get(pending.pop()) || []) {
        used.add(edge);
        if (!seen.has(key)) { seen.add(key); pending.push(key); }
      }
      // Without the roles, what lies behind the next account is not known to be within reach.
      if (!data.deep) break;
    }
    return { seen, used };
  }

  function starts(choice) {
    if (choice.row >= 0) return [keyOf(choice.box, choice.row)];
    return [choice.box, ...choice.box.children].flatMap(box => [keyOf(box, -1), ...box.rows.map((_, row) => keyOf(box, row))]);
  }
  const belongs = (other, box) => other === box || other.parent === box;

  function mark() {
    const lit = new Set(), litEdges = new Set();
    if (chosen && chosen.box) {
      for (const ahead of [true, false]) {
        const { seen, used } = reach(starts(chosen), ahead);
        for (const key of seen) lit.add(key);
        for (const edge of used) litEdges.add(edge);
      }
      for (const edge of edges) {
        const touches = (box, row) => belongs(box, chosen.box) && (chosen.row < 0 || chosen.row === row);
        if (shown(edge) && (touches(edge.a, edge.r) || touches(edge.b, edge.q))) {
          litEdges.add(edge); lit.add(keyOf(edge.a, edge.r)); lit.add(keyOf(edge.b, edge.q));
        }
      }
    } else if (chosen) {
      for (const edge of chosen.edges) {
        litEdges.add(edge); lit.add(keyOf(edge.a, edge.r)); lit.add(keyOf(edge.b, edge.q));
      }
    }
    const litBoxes = new Set([...lit].flatMap(key => {
      const box = boxes[Number(key.split("/")[0])];
      return box.parent ? [box.index, box.parent.index] : [box.index];
    }));
    for (const box of boxes.filter(inPicture)) {
      box.element.classList.toggle("dim", chosen !== null && !litBoxes.has(box.index) || matches.size > 0 && chosen === null && !matchesIn(box));
      box.element.classList.toggle("chosen", Boolean(chosen && chosen.box === box && chosen.row < 0));
      box.element.classList.toggle("match", matches.has("box:" + box.index) || !opened.has(box) && matchesIn(box));
      box.element.querySelectorAll(".row-item").forEach((element, place) => {
        const row = box.inSight[place];
        const self = Boolean(chosen && chosen.box === box && chosen.row === row);
        element.classList.toggle("chosen", self);
        element.classList.toggle("dim", chosen !== null && !self && litBoxes.has(box.index) && !lit.has(keyOf(box, row)));
        element.classList.toggle("match", matches.has("row:" + box.index + ":" + row));
      });
    }
    const litWires = layers.order.filter(wire => wire.edges.some(edge => litEdges.has(edge))).length;
    layers.clear.classList.toggle("throng", chosen !== null && litWires > data.crowd);
    for (const wire of layers.order) {
      const on = wire.edges.some(edge => litEdges.has(edge));
      wire.element.classList.toggle("dim", chosen !== null && !on);
      wire.element.classList.toggle("lit", chosen !== null && on);
      wire.element.classList.toggle("chosen", Boolean(chosen && chosen.wire === wire.key));
      if (chosen === null && matches.size) wire.element.classList.add("dim");
      (wire.element.classList.contains("dim") ? layers.faint : layers.clear).append(wire.element);
      if (wire.label) wire.label.classList.toggle("dim", wire.element.classList.contains("dim"));
    }
  }
  const matchesIn = box => box.children.some(matchesIn) || matches.has("box:" + box.index) || box.rows.some((_, row) => matches.has("row:" + box.index + ":" + row));

  /* ---- the panel ------------------------------------------------------- */
  function choose(choice, back = false) {
    if (!back && chosen && choice) trail.push(chosen);
    if (!choice) trail = [];
    chosen = choice;
    draw();
    show();
    if (choice) Viewport.reveal(choice.box ? [choice.box] : [choice.edges[0].a, choice.edges[0].b].map(standsFor), choice);
  }
  const html = (name, attributes, ...children) => make(name, { ...attributes, html: true }, ...children);
  const sample = (style, bad) => {
    const icon = make("svg", { width: 30, height: 10, class: "astralint", "aria-hidden": "true" },
      make("path", { class: "edge " + style + (bad ? " violation" : ""), d: "M1 5H26", "marker-end": "url(#a-" + (bad ? "violation" : style) + ")" }));
    return icon;
  };

  function show() {
    panel.hidden = chosen === null;
    if (!chosen) return panel.replaceChildren();
    const body = chosen.box ? nodePanel(chosen) : chosen.edges.length === 1 ? edgePanel(chosen.edges[0]) : wirePanel(chosen.edges);
    const title = body.shift();
    panel.replaceChildren(html("div", { class: "top" }, html("h2", { tabindex: -1 }, title), html("span", {},
      trail.length ? html("button", { class: "close", type: "button", "aria-label": "Back", on: { click: () => choose(trail.pop(), true) } }, "‹") : "",
      html("button", { class: "close", type: "button", "aria-label": "Close", on: { click: () => choose(null) } }, "×"))), ...body);
    panel.scrollTop = 0;
  }

  function verdict(edge) {
    return [html("span", { class: "verdict v-" + edge.style }, edge.words + (edge.count > 1 ? " ×" + edge.count : "")),
      ...edge.findings.map(rule => html("span", { class: "verdict v-violation" }, rule))];
  }

  function edgePanel(edge) {
    const parts = [longName(edge.a, edge.r) + " → " + longName(edge.b, edge.q), html("p", {}, ...verdict(edge))];
    if (edge.unresolved) parts.push(html("p", { class: "soft" }, "The principal could not be resolved."));
    if (edge.details.length) parts.push(html("p", {}, edge.details.join(", ")));
    if (edge.missing) parts.push(html("p", {}, edge.missing + "."));
    if (edge.conditions.length) parts.push(html("h3", {}, edge.conditions.length === 1 ? "On condition that" : "Conditions"),
      html("ul", {}, ...edge.conditions.map(text => html("li", { class: "condition" }, text))));
    const titles = { trust: "Trust policy", identity: "Identity policy", boundary: "Permissions boundary", organization: "Organization", provider: "Provider",
      binding: "Binding", resource: "Resource policy" };
    const sides = [...new Set(edge.places.map(place => place.side))];
    for (const side of sides) {
      parts.push(html("h3", {}, Object.hasOwn(titles, side) ? titles[side] : side || "Code"), html("ul", {}, ...edge.places.filter(place => place.side === side).map(place =>
        html("li", { class: "place" }, html("code", {}, place.file + ":" + place.line),
          html("span", { class: "soft" }, [place.text, place.workspace && "workspace " + place.workspace].filter(Boolean).join(" · "))))));
    }
    if (!edge.places.length) parts.push(html("p", { class: "soft" }, "No line of code is known for it."));
    return parts;
  }

  function edgeItem(edge, text) {
    return html("li", {}, html("button", { class: "item", type: "button", on: { click: () => choose({ wire: null, edges: [edge] }) } },
      sample(edge.style, edge.findings.length > 0),
      html("span", {}, text, html("small", {}, [edge.words + (edge.count > 1 ? " ×" + edge.count : ""), ...edge.findings, edge.conditions[0] ? "if " + edge.conditions[0] : ""].filter(Boolean).join(" · ")))));
  }
  function listed(title, list, text) {
    if (!list.length) return [];
    const shownNow = list.slice(0, 200);
    return [html("h3", {}, title + " · " + list.length.toLocaleString("en")), html("ul", {}, ...shownNow.map(edge => edgeItem(edge, text(edge)))),
      list.length > shownNow.length ? html("p", { class: "soft" }, "and " + (list.length - shownNow.length).toLocaleString("en") + " more") : ""];
  }

  function wirePanel(list) {
    const [first] = list;
    return [first.a.name + " → " + first.b.name, html("p", { class: "soft" }, counted(list.reduce((sum, edge) => sum + edge.count, 0), "edge")),
      ...listed("Edges", list, edge => nameOf(edge.a, edge.r) + " → " + nameOf(edge.b, edge.q)).filter(Boolean)];
  }

  function nodePanel({ box, row }) {
    const parts = [row >= 0 ? box.rows[row][0] : box.name];
    if (row >= 0) {
      const [, kind, detail, file, line] = box.rows[row];
      parts.push(html("p", { class: "soft" }, data.strings[kind] + " in " + box.name));
      if (data.strings[detail]) parts.push(html("p", { class: "soft" }, data.strings[detail]));
      if (data.strings[file]) parts.push(html("ul", {}, html("li", { class: "place" }, html("code", {}, data.strings[file] + ":" + line))));
    } else {
      parts.push(html("p", { class: "soft" }, [kindOf(box), box.caption,
        box.workspaces ? counted(box.workspaces, "workspace") : "", box.members && !box.children.length ? counted(box.members, "member") : ""].filter(Boolean).join(" · ")));
      if (canOpen(box)) parts.push(html("button", { class: "action", type: "button", on: { click: () => toggle(box) } }, opened.has(box) ? "Close" : box.children.length ? "Show accounts" : box.group ? "Show members" : "Show roles"));
      else if (!data.deep && box.members && !box.children.length) parts.push(html("p", {}, "Its roles do not fit into this page. Draw them with:"), html("pre", {}, box.command));
    }
    const here = (other, number) => belongs(other, box) && (row < 0 || number === row);
    const out = edges.filter(edge => shown(edge) && here(edge.a, edge.r) && !here(edge.b, edge.q));
    const into = edges.filter(edge => shown(edge) && here(edge.b, edge.q) && !here(edge.a, edge.r));
    const within = edges.filter(edge => shown(edge) && here(edge.a, edge.r) && here(edge.b, edge.q));
    const reached = ahead => {
      const { seen } = reach(starts(chosen), ahead);
      return new Set([...seen].map(key => boxes[Number(key.split("/")[0])]).filter(other => !belongs(other, box))).size;
    };
    if (data.deep) parts.push(html("p", { class: "soft" }, "Reaches " + counted(reached(true), "other account or group", "other accounts and groups") + "; reached from " + counted(reached(false), "other", "others") + "."));
    parts.push(...listed("Can become", out, edge => (row < 0 && edge.r >= 0 ? nameOf(edge.a, edge.r) + " → " : "") + longName(edge.b, edge.q)),
      ...listed("Can be assumed by", into, edge => longName(edge.a, edge.r) + (row < 0 && edge.q >= 0 ? " → " + nameOf(edge.b, edge.q) : "")),
      ...listed("Inside", within, edge => nameOf(edge.a, edge.r) + " → " + nameOf(edge.b, edge.q)));
    return parts;
  }

  /* ---- search ---------------------------------------------------------- */
  function search() {
    const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    matches = new Set();
    if (words.length) {
      const fits = text => words.every(word => text.includes(word));
      for (const box of boxes) {
        if (fits((box.name + " " + box.caption).toLowerCase())) found.push({ box, row: -1 });
        box.rows.forEach((row, number) => {
          if (fits((box.name + " " + row[0] + " " + data.strings[row[2]]).toLowerCase())) found.push({ box, row: number });
        });
      }
      found.sort((p, q) => (p.row >= 0) - (q.row >= 0));
      for (const { box, row } of found) matches.add(row < 0 ? "box:" + box.index : "row:" + box.index + ":" + row);
    }
    results.hidden = !words.length;
    results.replaceChildren(...found.slice(0, 12).map(hit => html("li", {}, html("button", { type: "button", on: { click: () => goTo(hit) } },
      nameOf(hit.box, hit.row), html("small", {}, hit.row < 0 ? hit.box.caption || "account" : data.strings[hit.box.rows[hit.row][1]] + " in " + hit.box.name)))),
      ...(words.length && !found.length ? [html("li", {}, html("p", {}, "Nothing has this name."))] : []));
    $("status").textContent = words.length ? counted(found.length, "match", "matches") : "";
    mark();
    return found;
  }
  const elementOf = (box, row) => box.element.querySelectorAll(".row-item")[box.inSight.indexOf(box.open ? row : -1)] || box.element;
  function goTo({ box, row }) {
    field.value = "";
    search();
    if (row >= 0 && !box.inSight.includes(row)) {
      // What only takes part in hidden relations comes into sight with them.
      for (const kind of data.kinds) if (data.light[data.kinds.indexOf(kind)]) unhide("kind:" + kind);
    }
    if (box.parent) opened.add(box.parent);
    if (row >= 0) opened.add(box);
    choose({ box, row });
    const y = row >= 0 ? Geometry.rowMiddle(box, row) : Geometry.middle(box);
    Viewport.centre(box.x + box.w / 2, y);
    const element = elementOf(box, row);
    element.focus({ preventScroll: true });
  }
  field.addEventListener("input", search);
  field.addEventListener("keydown", event => {
    if (event.key === "Enter") { const [first] = search(); if (first) goTo(first); }
    if (event.key === "ArrowDown") { const first = results.querySelector("button"); if (first) { event.preventDefault(); first.focus(); } }
  });
  results.addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], buttons = [...results.querySelectorAll("button")];
    if (step) { event.preventDefault(); (buttons[buttons.indexOf(document.activeElement) + step] || field).focus(); }
  });

  stage.addEventListener("click", () => { if (chosen) choose(null); });
  document.addEventListener("keydown", event => {
    const typing = event.target === field;
    if (event.key === "Escape") {
      if (typing || !results.hidden) { field.value = ""; search(); field.blur(); }
      else if (chosen) {
        const { box, row } = chosen;
        choose(null);
        const element = box && inPicture(box) && elementOf(box, row);
        if (element) element.focus({ preventScroll: true });
      } else if (opened.size && document.activeElement.dataset.key) {
        const box = boxes[Number(document.activeElement.dataset.key.split(":")[1])];
        if (opened.delete(box)) { draw(); box.element.focus({ preventScroll: true }); }
      }
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { event.preventDefault(); field.focus(); }
    if (event.key === "+" || event.key === "=") Viewport.zoom(1.25);
    if (event.key === "-") Viewport.zoom(0.8);
    if (event.key === "0") Viewport.fit(false);
  });

  /* ---- filters --------------------------------------------------------- */
  for (const button of document.querySelectorAll(".toggle")) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      if (button.id === "only-findings") onlyFindings = on;
      else if (on) hidden.delete(button.dataset.filter);
      else hidden.add(button.dataset.filter);
      draw();
      show();
    });
  }
  function unhide(filter) {
    hidden.delete(filter);
    for (const button of document.querySelectorAll(".toggle")) {
      if (button.dataset.filter === filter) button.setAttribute("aria-pressed", "true");
    }
  }
  const notice = $("notice");
  if (notice) notice.querySelector("button").addEventListener("click", () => { notice.hidden = true; });

  draw();
  show();
  Viewport.fit(true);
  addEventListener("resize", () => Viewport.fit(true));
  document.documentElement.dataset.ready = "true";
})();
