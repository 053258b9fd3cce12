const WEB_ICONS = {
  copy: "M7 7h9v9H7zM4 13V4h9", close: "M5 5l10 10M15 5L5 15", done: "M4 11l4 4 8-9", add: "M10 4v12M4 10h12",
};
