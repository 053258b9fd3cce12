/** @param {number[]} list ascending @param {number} n @returns {number} how many entries are at most n */
function upTo(list, n) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= n) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Answers from the steps: what a cell holds, who writes and reads it. A state is found in the lists of the steps that
 * write a cell, never by replaying.
 *
 * @param {TraceData} data
 */
function makeModel(data) {
  const before = data.first - 1;
  const last = before + data.steps.length;
  // What a part of the steps begins with is no state before all steps.
  const lowest = before && data.steps.length ? data.first : before;
  /** @type {Map<number, number[]>[]} */
  const writes = data.arrays.map(() => new Map());
  /** @type {Map<number, number[]>[]} */
  const reads = data.arrays.map(() => new Map());
  /** @type {Map<string, number[]>} */
  const sums = new Map();
  const result = data.arrays.length - 1;

  /** @template K @param {Map<K, number[]>} lists @param {K} key @param {number} n */
  const add = (lists, key, n) => {
    const list = lists.get(key);
    if (!list) lists.set(key, [n]);
    else if (list[list.length - 1] !== n) list.push(n);
  };
  const sumKey = (/** @type {Step} */ step) => `${step.target}:${step.begun}`;

  data.steps.forEach((step, place) => {
    const n = data.first + place;
    add(writes[step.target[0]], step.target[1], n);
    add(sums, sumKey(step), n);
    for (const [array, flat] of cellsRead(step)) add(reads[array], flat, n);
  });

  /** @param {number} n @returns {Step | null} */
  const step = (n) => data.steps[n - data.first] ?? null;

  /** @param {number} array @param {number} flat @param {number} n @returns {string | null | undefined} text after step n; null: nothing yet; undefined: not in the data */
  const value = (array, flat, n) => {
    const list = writes[array].get(flat);
    const done = list ? upTo(list, n) : 0;
    if (list && done) return data.steps[list[done - 1] - data.first].after;
    const { start, cells } = data.arrays[array];
    return start ? start[flat] : cells ? cells[flat] : undefined;
  };

  /** @param {number} array @param {number} flat @returns {number[]} its place along every axis */
  const unravel = (array, flat) => {
    const { shape } = data.arrays[array];
    const at = new Array(shape.length);
    for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
      at[axis] = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return at;
  };

  const isTotal = (/** @type {number} */ array) => data.arrays[array].role === "total";

  /** @param {number} array @param {number} flat @returns {number[]} the steps that make a cell, those of the totals that it is given included */
  const making = (array, flat) => {
    /** @type {Set<number>} */
    const found = new Set();
    for (const n of writes[array].get(flat) ?? []) {
      found.add(n);
      for (const [other, place] of cellsRead(data.steps[n - data.first])) {
        if (!isTotal(other) || other === array) continue;
        const list = writes[other].get(place) ?? [];
        const latest = upTo(list, n - 1);
        if (!latest) continue;
        for (const m of sums.get(sumKey(data.steps[list[latest - 1] - data.first])) ?? []) found.add(m);
      }
    }
    return [...found].sort((a, b) => a - b);
  };

  /** @param {number} array @param {number} flat @returns {[number, number][]} the cells that it is used for, through totals */
  const uses = (array, flat) => {
    /** @type {Map<string, [number, number]>} */
    const found = new Map();
    for (const n of reads[array].get(flat) ?? []) {
      let target = data.steps[n - data.first].target;
      if (isTotal(target[0])) {
        const list = reads[target[0]].get(target[1]) ?? [];
        const next = list[upTo(list, n)];
        if (next) target = data.steps[next - data.first].target;
      }
      found.set(String(target), target);
    }
    return [...found.values()];
  };

  /** @param {number} array @param {number} flat @returns {Pin} */
  const pin = (array, flat) => {
    const operand = data.arrays[array].role === "operand";
    const own = operand ? [] : making(array, flat);
    const steps = own.length ? own : [...(reads[array].get(flat) ?? [])];
    return { cell: [array, flat], steps, goes: uses(array, flat).filter(([a, f]) => a !== array || f !== flat) };
  };

  return {
    data, before, lowest, last, result, step, value, unravel, pin,
    whole: data.first === 1 && last === data.count,
    /** @param {Step} one @returns {number[]} the steps of the sum that a step belongs to */
    sumOf: (one) => sums.get(sumKey(one)) ?? [],
    /**
     * @param {Step} one
     * @returns {number[]} how many of the steps of its sum come before those in the data, and after; -1: some, it is not known how many
     */
    absent: (one) => {
      const list = writes[one.target[0]].get(one.target[1]) ?? [];
      const own = sums.get(sumKey(one)) ?? [];
      const place = own.indexOf(data.steps.indexOf(one) + data.first);
      const [, count] = one.why.find(([id]) => id === "trace.term" || id === "trace.complete") ?? [];
      const known = count && !one.begun;
      const some = one.begun < before && (count || isTotal(one.target[0]));
      const open = last < data.count && list[list.length - 1] === own[own.length - 1];
      return [!some ? 0 : known ? count.number - 1 - place : -1, !open ? 0 : known ? count.of - count.number - (own.length - 1 - place) : -1];
    },
    /** @param {number} array @param {number} flat @param {number} n @returns {"" | "begun" | "done"} how far a cell is; "begun" too where later steps are not in the data */
    progress: (array, flat, n) => {
      const list = writes[array].get(flat);
      const done = list ? upTo(list, n) : 0;
      return !list || !done ? "" : done === list.length && last === data.count ? "done" : "begun";
    },
    /** @param {string} name @returns {number} number of the index of an axis or a loop, -1: none */
    index: (name) => {
      const found = data.indices.findIndex((one) => one.name === name);
      return found < 0 ? data.indices.findIndex((one) => one.label === name) : found;
    },
  };
}

/** @param {Step} step @returns {[number, number][]} the cells that a step reads, in order */
function cellsRead(step) {
  /** @type {[number, number][]} */
  const found = [];
  for (const { factors, over } of step.terms) {
    for (const [array, flat] of factors) found.push([array, flat]);
    for (const one of over ?? []) if (Array.isArray(one)) found.push([one[0], one[1]]);
  }
  return found;
}
