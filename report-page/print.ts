/** CSS pixels between the margins of A4 and of Letter. */
export const paperWidth = 620;

/** Calls back before the page is printed, and after. */
export function onPrint(change: (printing: boolean) => void): void {
  addEventListener('beforeprint', () => change(true));
  addEventListener('afterprint', () => change(false));
}

/** On paper nothing can be unfolded: everything is open there, and folded again afterwards. */
export function unfoldForPrint(): void {
  let folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const each of folded) each.open = true;
  });
  addEventListener('afterprint', () => {
    for (const each of folded) each.open = false;
  });
}
