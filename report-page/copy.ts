/** Buttons that copy a text of the page, from a file as well as from a server. */
export function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    const name = button.dataset.copy!;
    const text = document.getElementById(name)!;
    const said = document.querySelector<HTMLElement>(`[data-copied="${name}"]`)!;
    button.hidden = false;
    button.addEventListener('click', async () => {
      said.textContent = (await copy(text)) ? 'Copied' : 'Press Ctrl+C (or ⌘C) to copy';
    });
  }
}

/** Where the browser gives a file no clipboard, the text is selected and copied the old way, or left selected. */
async function copy(text: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text.textContent!);
    return true;
  } catch {
    getSelection()!.selectAllChildren(text);
    return document.execCommand('copy');
  }
}
