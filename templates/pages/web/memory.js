const MAX_HISTORY = 40;
const HISTORY_KEY = "einloop.history";
const THEME_KEY = "einloop.theme";

/** @param {string} key @returns {any} what this browser kept; nothing where it keeps nothing */
function recalled(key) {
  try {
    return parsed(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {any} value */
function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // a page without storage forgets
  }
}

/** @returns {{rows: () => string[], add: (address: string) => void, clear: () => void}} addresses of what was asked, the latest first */
function makeHistory() {
  const given = recalled(HISTORY_KEY);
  /** @type {string[]} */
  let rows = (Array.isArray(given) ? given : []).filter((one) => typeof one === "string").slice(0, MAX_HISTORY);
  const textIn = (/** @type {string} */ address) => new URLSearchParams(address.slice(1)).get("text") ?? "";
  return {
    rows: () => rows,
    add: (address) => {
      rows = [address, ...rows.filter((one) => one !== address && textIn(one) !== textIn(address))].slice(0, MAX_HISTORY);
      keep(HISTORY_KEY, rows);
    },
    clear: () => {
      rows = [];
      keep(HISTORY_KEY, rows);
    },
  };
}
