"use strict";
/* Panning and zooming: by pointer, wheel, two fingers, keys and buttons. */
const Viewport = ((stage, world, panel) => {
  const TOP = 72;
  const view = { x: 0, y: 0, k: 1 }, extent = { width: 1, height: 1 };
  function move(x, y, k = view.k) {
    Object.assign(view, { x, y, k });
    world.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${k.toFixed(4)})`);
  }
  const panelBelow = () => !panel.hidden && innerWidth <= 720;
  function zoom(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
    const k = Math.min(4, Math.max(0.05, view.k * factor));
    move(x - (x - view.x) * (k / view.k), y - (y - view.y) * (k / view.k), k);
  }
  function fit(readable) {
    const width = stage.clientWidth, height = stage.clientHeight;
    let k = Math.min(width / extent.width, height / (extent.height - TOP), 1.25);
    if (readable) k = Math.max(k, Math.min(width < 600 ? 0.62 : 0.5, 1.25));
    const left = extent.width * k > width && readable ? -24 * k : (width - extent.width * k) / 2;
    move(left, Math.max((height - (extent.height - TOP) * k) / 2, 0) - TOP * k, k);
  }
  function centre(x, y) {
    const k = Math.max(view.k, 0.7);
    move(stage.clientWidth / 2 - x * k, stage.clientHeight * (panelBelow() ? 0.2 : 0.5) - y * k, k);
  }
  const pointers = new Map();
  let dragged = 0;
  stage.addEventListener("wheel", event => {
    event.preventDefault();
    const area = stage.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), event.clientX - area.left, event.clientY - area.top);
  }, { passive: false });
  stage.addEventListener("pointerdown", event => { pointers.set(event.pointerId, [event.clientX, event.clientY]); dragged = 0; });
  addEventListener("pointermove", event => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const now = [event.clientX, event.clientY];
    if (pointers.size === 2) {
      const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      const area = stage.getBoundingClientRect(), distance = (p, q) => Math.hypot(p[0] - q[0], p[1] - q[1]);
      zoom(distance(now, other) / Math.max(distance(last, other), 1), (now[0] + other[0]) / 2 - area.left, (now[1] + other[1]) / 2 - area.top);
    } else {
      move(view.x + now[0] - last[0], view.y + now[1] - last[1]);
    }
    dragged += Math.abs(now[0] - last[0]) + Math.abs(now[1] - last[1]);
    if (dragged > 4) stage.classList.add("panning");
    pointers.set(event.pointerId, now);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    addEventListener(name, event => { pointers.delete(event.pointerId); stage.classList.remove("panning"); });
  }
  stage.addEventListener("click", event => { if (dragged > 4) { event.stopPropagation(); event.preventDefault(); } }, true);
  stage.addEventListener("keydown", event => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) { event.preventDefault(); move(view.x + step[0], view.y + step[1]); }
  });
  stage.addEventListener("focusin", event => {
    if (!event.target.matches(":focus-visible")) return;
    const area = stage.getBoundingClientRect(), box = event.target.getBoundingClientRect();
    if (event.target !== stage && (box.left < area.left || box.right > area.right || box.top < area.top || box.bottom > area.bottom)) {
      move(view.x + area.left + area.width / 2 - (box.left + box.width / 2),
        view.y + area.top + area.height / 2 - (box.top + Math.min(box.height, area.height) / 2));
    }
  });
  document.getElementById("zoom-in").addEventListener("click", () => zoom(1.25));
  document.getElementById("zoom-out").addEventListener("click", () => zoom(0.8));
  document.getElementById("zoom-fit").addEventListener("click", () => fit(false));

  /** Move what was chosen into sight, where the panel or the edge of the window hides it. */
  function reveal(ends, choice) {
    const width = stage.clientWidth, height = stage.clientHeight * (panelBelow() ? 0.4 : 1), rim = 24;
    const left = Math.min(...ends.map(box => box.x)), right = Math.max(...ends.map(box => box.x + box.w));
    const tops = ends.map(box => (choice.row >= 0 ? Geometry.rowMiddle(box, choice.row) - 30 : box.top));
    const bottoms = ends.map(box => (choice.row >= 0 ? Geometry.rowMiddle(box, choice.row) + 30 : box.top + Math.min(box.height, height / view.k)));
    const top = Math.min(...tops), bottom = Math.max(...bottoms);
    const k = Math.max(Math.min(view.k, (width - 2 * rim) / (right - left), (height - 2 * rim) / (bottom - top)), Math.min(view.k, 0.4));
    if (k < view.k) zoom(k / view.k);
    const shift = (low, high, room) => (low < rim ? rim - low : high > room - rim ? Math.max(room - rim - high, rim - low) : 0);
    move(view.x + shift(left * view.k + view.x, right * view.k + view.x, width),
      view.y + shift(top * view.k + view.y, bottom * view.k + view.y, height));
  }

  return { extent, zoom, fit, centre, reveal };
})(document.getElementById("stage"), document.getElementById("world"), document.getElementById("panel"));
