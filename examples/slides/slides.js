"use strict";
const WIDTH = 1280, HEIGHT = 720, ROOM = 640, SMALLEST = 0.78;
const stage = document.getElementById("stage");
const place = document.getElementById("place");
let slides = [], now = 0, shown = 0;

/** Moves what does not fit at a readable size to slides that follow, and makes the rest fit. */
function fit() {
  for (const page of [...stage.querySelectorAll(".output > .einloop")]) cut(page);
  for (const slide of [...stage.querySelectorAll(".slide")]) split(slide);
  slides = [...stage.querySelectorAll(".slide")];
  for (const slide of slides) {
    const content = slide.firstElementChild;
    const scale = Math.min(1, ROOM / content.offsetHeight);
    content.style.transform = `scale(${scale})`;
    content.style.width = `${1168 / Math.max(scale, SMALLEST)}px`;
    const again = Math.min(1, ROOM / content.offsetHeight, 1168 / content.offsetWidth);
    content.style.transform = `scale(${again})`;
    content.dataset.scale = again.toFixed(2);
  }
}

/** Gives the parts of a page that einloop shows to several blocks, where it is higher than a slide. */
function cut(page) {
  const limit = (ROOM - 100) / SMALLEST, block = page.parentElement;
  if (page.offsetHeight <= limit) return;
  page.querySelectorAll(":scope > section").forEach(section => section.replaceWith(...section.children));
  const parts = [...page.children], top = page.offsetTop;
  let most = parts.findIndex((part, number) => number > 0 && part.offsetTop + part.offsetHeight - top > limit);
  while (most > 1 && /^H\d$/.test(parts[most - 1].tagName)) most -= 1;
  if (most < 1) return;
  const rest = block.cloneNode(false), inside = page.cloneNode(false);
  inside.append(...parts.slice(most));
  rest.append(inside);
  block.after(rest);
  cut(inside);
}

/** Gives the blocks of a slide that is too high to as many slides as they need; each has the heading. */
function split(slide) {
  const content = slide.firstElementChild, blocks = [...content.children];
  const limit = ROOM / SMALLEST;
  const top = content.offsetTop;
  const cut = startOf(blocks, blocks.findIndex(block => block.offsetTop + block.offsetHeight - top > limit));
  if (content.offsetHeight <= limit || cut >= blocks.length) return;
  const heading = content.querySelector("h1, h2");
  const more = slide.cloneNode(false), inside = content.cloneNode(false);
  if (heading) {
    const again = document.createElement("div");
    again.className = "text";
    again.append(heading.cloneNode(true));
    inside.append(again);
  }
  inside.append(...blocks.slice(cut));
  more.append(inside);
  slide.after(more);
  split(more);
}

/** Returns where to cut: code stays with its output, and what a slide begins with is more than a heading. */
function startOf(blocks, first) {
  const least = blocks[0].children.length === 1 && blocks[0].querySelector("h1, h2") ? 2 : 1;
  const after = first > least && blocks[first].className.startsWith("output") && blocks[first - 1].className.startsWith("code");
  return Math.max(after ? first - 1 : first, least);
}

const waiting = slide => [...slide.querySelectorAll(".later")];

/** Shows slide `number` with `count` of what appears later. */
function show(number, count) {
  now = Math.max(0, Math.min(slides.length - 1, number));
  const later = waiting(slides[now]);
  shown = Math.max(0, Math.min(later.length, count));
  slides.forEach((slide, other) => {
    slide.classList.toggle("now", other === now);
    slide.toggleAttribute("inert", other !== now);
  });
  later.forEach((block, other) => block.classList.toggle("waiting", other >= shown));
  place.textContent = `${now + 1} / ${slides.length}`;
  history.replaceState(null, "", `#${now + 1}`);
}

function next() {
  if (shown < waiting(slides[now]).length) show(now, shown + 1);
  else if (now + 1 < slides.length) show(now + 1, 0);
}

function back() {
  if (shown > 0) show(now, shown - 1);
  else if (now > 0) show(now - 1, Infinity);
}

function scale() {
  const size = Math.min(innerWidth / WIDTH, innerHeight / HEIGHT);
  stage.style.transform = `scale(${size}) translate(-50%, -50%)`;
}

const KEYS = {
  ArrowRight: next, ArrowDown: next, PageDown: next, " ": next, Enter: next,
  ArrowLeft: back, ArrowUp: back, PageUp: back, Backspace: back,
  Home: () => show(0, 0),
  End: () => show(slides.length - 1, Infinity),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};

addEventListener("keydown", event => {
  const onControl = event.target.closest("button, summary, a, input") && [" ", "Enter"].includes(event.key);
  if (!KEYS[event.key] || event.ctrlKey || event.altKey || event.metaKey || onControl) return;
  event.preventDefault();
  KEYS[event.key]();
});
document.getElementById("next").addEventListener("click", next);
document.getElementById("back").addEventListener("click", back);
addEventListener("resize", scale);
addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1 || 0, 0));
fit();
scale();
show(Number(location.hash.slice(1)) - 1 || 0, 0);
