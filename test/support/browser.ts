import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { browserProgram } from './browser-program.js';

/** A page opened from a file, its errors and its requests. */
export interface OpenedPage {
  page: Page;
  /** Messages of the console and uncaught errors. */
  complaints: string[];
  /** Addresses that were requested besides the file's own. */
  requests: string[];
}

export interface PageOpener {
  open(html: string, options?: BrowserContextOptions & { before?: string }): Promise<OpenedPage>;
  close(): Promise<void>;
}

/** One headless Chromium for a file of tests; each page has a context of its own, without animations. */
export async function launchBrowser(): Promise<PageOpener> {
  // Root has no sandbox to run Chromium in; the pages are our own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser: Browser = await chromium.launch({ executablePath: browserProgram(), args });
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-page-'));
  let pages = 0;
  return {
    async open(html, { before, ...options } = {}) {
      pages += 1;
      const file = join(folder, `${pages}.html`);
      await writeFile(file, html);
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      const page = await context.newPage();
      const opened: OpenedPage = { page, complaints: [], requests: [] };
      page.on('console', message => opened.complaints.push(message.text()));
      page.on('pageerror', error => opened.complaints.push(error.message));
      const address = pathToFileURL(file).href;
      page.on('request', request => {
        const url = request.url();
        if (url !== address && !url.startsWith('data:')) opened.requests.push(url);
      });
      if (before) await page.addInitScript(before);
      await page.goto(address);
      return opened;
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether anything is drawn: how many of a canvas's pixels are not empty. */
export async function inkOf(page: Page, canvas: string): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector(${JSON.stringify(canvas)});
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let inked = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) inked += 1;
    return inked;
  })()`);
}
