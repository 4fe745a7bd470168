// What an address leads to is seen, in what is folded or behind a tab as well.
const reveal = figure => {
  for (let each = figure; each; each = each.parentElement) {
    if (each.matches("details")) each.open = true;
    if (each.matches(".tabbed-block")) each.closest(".tabbed-set").children[[...each.parentElement.children].indexOf(each)].click();
  }
  figure.scrollIntoView();
};
