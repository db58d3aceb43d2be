// A console whose confirmations name somebody else: in whatever matches the selectors, the one text is replaced
// by the other, as soon as it is there.
(wrong) => {
  const replace = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.data.includes(wrong.target)) node.data = node.data.replaceAll(wrong.target, wrong.other);
    }
    for (const field of root.querySelectorAll('input, textarea')) {
      if (field.value === wrong.target) field.value = wrong.other;
    }
  };
  const look = () => {
    for (const selector of wrong.selectors) for (const element of document.querySelectorAll(selector)) replace(element);
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}
