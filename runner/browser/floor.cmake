# What the browser floor needs beyond the floors under it.

# The script that works inside the pages, a file for each noun.
offstage_embed(offstage_browser
  browser/inpage/dom.js browser/inpage/visibility.js browser/inpage/text.js browser/inpage/roles.js
  browser/inpage/accessible_name.js browser/inpage/selectors.js browser/inpage/query.js
  browser/inpage/conditions.js browser/inpage/pointer.js browser/inpage/guard.js browser/inpage/fill.js
  browser/inpage/extract.js browser/inpage/mask.js browser/inpage/html.js browser/inpage/entry.js)

# The layout of the keyboard, and what else runs in pages and workers.
offstage_embed(offstage_browser browser/us_keyboard.json browser/poll_expression.js browser/stop_loading.js
  browser/held_only.js)
