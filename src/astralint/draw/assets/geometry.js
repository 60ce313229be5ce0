"use strict";
/* Where boxes stand and lines run once accounts are opened: the same method as the still picture's. */
const Geometry = (() => {
  const ROW = 24, SLOT = 7, MOST_SLOTS = 12, CORRIDOR = 8, LONG = 12, TIP = 1.5;
  const CHANNEL = 7, FIRST_CHANNEL = 22, MOST_CHANNELS = 9, CORNER = 9;

  /** Push what stands below an opened box down; what is in an opened district stands below its box. */
  function stand(columns, isOpen, inner) {
    for (const column of columns) {
      let moved = 0, last = null;
      for (const box of column) {
        const rows = box.inSight.length, open = isOpen(box) && rows > 0;
        const height = open ? box.head + ROW * rows + 10 : box.closedHeight;
        box.top = box.parent === null ? box.y + moved : last.top + last.height + inner;
        box.height = height;
        box.open = open;
        moved += box.parent === null ? height - box.h : height + inner;
        last = box;
      }
    }
  }

  const middle = box => box.top + box.height / 2;
  const rowMiddle = (box, row) => box.top + box.head + ROW * (box.inSight.indexOf(row) + 0.5);
  const endMiddle = (box, row) => box.open && row >= 0 ? rowMiddle(box, row) : middle(box);

  function gaps(column, gap) {
    const found = [column[0].top - gap / 2];
    for (let i = 1; i < column.length; i++) {
      found.push((column[i - 1].top + column[i - 1].height + column[i].top) / 2);
    }
    const last = column[column.length - 1];
    found.push(last.top + last.height + gap / 2);
    return found;
  }

  function chooseGaps(wire, columns, measures, many) {
    const [left, right] = wire.a.column <= wire.b.column ? [wire.a, wire.b] : [wire.b, wire.a];
    let y = middle(left);
    wire.gaps = [];
    for (let number = left.column + 1; number < right.column; number++) {
      const wanted = y + (middle(right) - y) / (right.column - number + 1);
      const middles = gaps(columns[number], measures.gap);
      const sparse = many && columns[number].length > LONG;
      let best = 0;
      middles.forEach((at, place) => {
        if (sparse && place % CORRIDOR !== 0 && place !== middles.length - 1) return;
        if (Math.abs(at - wanted) < Math.abs(middles[best] - wanted)) best = place;
      });
      y = middles[best];
      wire.gaps.push([number, best, y]);
    }
  }

  /** Set `points` of every wire: {a, b, rowA, rowB, style, bad, quiet}. */
  function route(wires, columns, measures, many) {
    const degree = new Map();
    const count = key => degree.set(key, (degree.get(key) || 0) + 1);
    const nameA = wire => wire.a.index + "/" + wire.rowA, nameB = wire => wire.b.index + "/" + wire.rowB;
    for (const wire of wires) { count(nameA(wire)); count(nameB(wire)); }
    const through = new Map();
    wires.forEach(wire => {
      const outward = degree.get(nameA(wire)) >= degree.get(nameB(wire));
      wire.outward = outward;
      wire.trunk = [outward ? nameA(wire) : nameB(wire), outward, wire.style, wire.bad].join("|");
      wire.loop = wire.a.column === wire.b.column;
      chooseGaps(wire, columns, measures, many);
      for (const [column, place, y] of wire.gaps) {
        const key = column + "/" + place;
        if (!through.has(key)) through.set(key, { y, trunks: new Map() });
        const trunks = through.get(key).trunks;
        if (!trunks.has(wire.trunk)) trunks.set(wire.trunk, [0, 0]);
        const sum = trunks.get(wire.trunk);
        sum[0] += middle(wire.a) + middle(wire.b);
        sum[1] += 1;
      }
    });
    const slots = new Map();
    for (const [key, { y: found, trunks }] of through) {
      const ordered = [...trunks].sort((p, q) => p[1][0] / p[1][1] - q[1][0] / q[1][1] || (p[0] < q[0] ? -1 : 1));
      const half = (ordered.length - 1) / 2, [number, place] = key.split("/").map(Number), column = columns[number];
      let step = SLOT * Math.min(1, MOST_SLOTS / ordered.length), y = found;
      if (place === 0) y -= half * step;
      else if (place === column.length) y += half * step;
      else {
        const above = column[place - 1], room = column[place].top - above.top - above.height;
        step = Math.min(step, Math.max(room - 10, 2) / Math.max(2 * half, 1));
      }
      ordered.forEach(([trunk], i) => slots.set(key + "|" + trunk, y + (i - half) * step));
    }
    for (const wire of wires) {
      const forward = wire.a.column < wire.b.column;
      wire.points = [];
      for (const [column, place] of forward ? wire.gaps : [...wire.gaps].reverse()) {
        const y = slots.get(column + "/" + place + "|" + wire.trunk), box = columns[column][0];
        const near = [box.x - 8, y], far = [box.x + box.w + 8, y];
        wire.points.push(...(forward ? [near, far] : [far, near]));
      }
    }
    ports(wires, nameA, nameB);
  }

  function ports(wires, nameA, nameB) {
    const sides = new Map();
    wires.forEach(wire => {
      [[wire.a, wire.b, nameA(wire), 0], [wire.b, wire.a, nameB(wire), 1]].forEach(([box, other, name, end]) => {
        const right = other.column >= box.column;
        const beyond = wire.points.length ? wire.points[end ? wire.points.length - 1 : 0][1]
          : endMiddle(other, end ? wire.rowA : wire.rowB);
        const key = name + (right ? "/r" : "/l");
        if (!sides.has(key)) sides.set(key, { box, right, row: end ? wire.rowB : wire.rowA, ends: [] });
        sides.get(key).ends.push([beyond, wire, end]);
      });
    });
    for (const { box, right, row, ends } of sides.values()) {
      ends.sort((p, q) => p[0] - q[0]);
      const trunks = new Map();
      for (const [, wire, end] of ends) {
        const key = wire.trunk + "|" + end;
        if (!trunks.has(key)) trunks.set(key, trunks.size);
      }
      const onRow = box.open && row >= 0;
      const at = onRow ? rowMiddle(box, row) : box.top + (box.open ? box.head : box.height) / 2;
      const room = onRow ? 12 : (box.open ? box.head : box.height) - 16;
      const step = Math.min(9, room / trunks.size);
      for (const [, wire, end] of ends) {
        const slot = trunks.get(wire.trunk + "|" + end);
        const away = end ? (right ? TIP : -TIP) : 0;
        const point = [(right ? box.x + box.w : box.x) + away, at + (slot - (trunks.size - 1) / 2) * step];
        if (end) wire.end = point; else wire.start = point;
      }
    }
    for (const wire of wires) wire.points = [wire.start, ...wire.points, wire.end];
    channels(wires);
  }

  /** Give the lines of each trunk beside a column the first channel that is free from their top to their bottom. */
  function channels(wires) {
    const columns = new Map();
    for (const wire of wires) {
      if (!wire.loop) continue;
      if (!columns.has(wire.a.column)) columns.set(wire.a.column, new Map());
      const bundles = columns.get(wire.a.column);
      if (!bundles.has(wire.trunk)) bundles.set(wire.trunk, []);
      bundles.get(wire.trunk).push(wire);
    }
    for (const bundles of columns.values()) {
      const spans = [...bundles.values()].map(members => {
        const heights = members.flatMap(wire => wire.points.map(point => point[1]));
        return { top: Math.min(...heights), bottom: Math.max(...heights), members };
      });
      spans.sort((p, q) => (p.bottom - p.top) - (q.bottom - q.top) || p.top - q.top);
      const taken = [];
      for (const span of spans) {
        let number = taken.findIndex(there => there.every(other => span.bottom < other.top - 2 || other.bottom + 2 < span.top));
        if (number < 0) number = taken.push([]) - 1;
        taken[number].push(span);
        for (const wire of span.members) {
          wire.channel = wire.a.x + wire.a.w + FIRST_CHANNEL + CHANNEL * (number % MOST_CHANNELS);
        }
      }
    }
  }

  const n = number => String(Math.round(number * 10) / 10);
  function path(wire) {
    const points = wire.points;
    if (wire.loop) {
      const [[x1, y1], [x2, y2]] = points, x = wire.channel;
      const down = Math.min(CORNER, Math.abs(y2 - y1) / 2) * (y2 > y1 ? 1 : -1), turn = Math.min(CORNER, x - Math.max(x1, x2));
      return `M${n(x1)} ${n(y1)}H${n(x - turn)}Q${n(x)} ${n(y1)} ${n(x)} ${n(y1 + down)}`
        + `V${n(y2 - down)}Q${n(x)} ${n(y2)} ${n(x - turn)} ${n(y2)}H${n(x2)}`;
    }
    let text = `M${n(points[0][0])} ${n(points[0][1])}`;
    for (let i = 1; i < points.length; i++) {
      const [x1, y1] = points[i - 1], [x2, y2] = points[i], bend = (x2 - x1) / 2;
      text += Math.abs(y1 - y2) < 0.05 ? `H${n(x2)}`
        : `C${n(x1 + bend)} ${n(y1)} ${n(x2 - bend)} ${n(y2)} ${n(x2)} ${n(y2)}`;
    }
    return text;
  }

  function at(wire, segment, t) {
    const p = wire.points[segment], q = wire.points[segment + 1], s = 1 - t;
    if (wire.loop) return [wire.channel, p[1] + (q[1] - p[1]) * t];
    const bend = (q[0] - p[0]) / 2, xs = [p[0], p[0] + bend, q[0] - bend, q[0]];
    const ys = [p[1], p[1], q[1], q[1]];
    const mix = v => s * s * s * v[0] + 3 * s * s * t * v[1] + 3 * s * t * t * v[2] + t * t * t * v[3];
    return [mix(xs), mix(ys)];
  }

  /** Choose where labels stand: [{wire, text, width}] get x and y, or are left out. */
  function placeLabels(wanted, boxes) {
    const taken = boxes.map(box => [box.x - 2, box.top - 2, box.x + box.w + 2, box.top + box.height + 2]);
    const overlaps = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
    const placed = [];
    const done = new Set();
    for (const label of wanted) {
      if (label.once && done.has(label.wire.trunk)) continue;
      let segments = [];
      for (let i = label.wire.points.length - 2; i >= 0; i -= 2) segments.push(i);
      const fromHub = label.once && label.wire.outward;
      if (fromHub) segments = segments.reverse();
      search: for (const segment of segments) {
        for (const t of label.once ? [0.25, 0.15, 0.35, 0.5] : [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78]) {
          const [x, y] = at(label.wire, segment, label.once && !fromHub ? 1 - t : t);
          const area = [x - label.width / 2, y - 7.5, x + label.width / 2, y + 7.5];
          if (!taken.some(other => overlaps(area, other))) {
            taken.push(area);
            placed.push({ ...label, x, y });
            done.add(label.wire.trunk);
            break search;
          }
        }
      }
    }
    return placed;
  }

  return { ROW, stand, route, path, placeLabels, rowMiddle, middle };
})();
