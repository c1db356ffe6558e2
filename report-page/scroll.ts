/** A table that fits needs no scrolling, and so no stop of the tab key. */
export function skipWhatFits(): void {
  const tables = document.querySelectorAll<HTMLElement>('.scroll');
  const observer = new ResizeObserver(() => {
    for (const each of tables) each.tabIndex = each.scrollWidth > each.clientWidth ? 0 : -1;
  });
  for (const each of tables) observer.observe(each);
}
