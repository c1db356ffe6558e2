import { afterAll, beforeAll, expect, test } from 'vitest';
import { html } from '../../src/reports/html/page.js';
import { inkOf, launchBrowser, type PageOpener } from '../support/browser.js';
import { hostileHunt } from '../support/hostile-hunt.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';
import { describeWith } from '../support/toolchain.js';

describeWith('browser', 'the HTML report in a browser', () => {
  let browser: PageOpener;
  const full = html(fullHunt());
  const widthOf = 'document.documentElement.scrollWidth';

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each(['leak', 'flat', 'inconclusive'])(
    'opens a recorded hunt (%s) without a complaint or a request',
    async name => {
      const { page, complaints, requests } = await browser.open(html(recordedHunt(name)));
      expect(await page.locator('h1').textContent()).toMatch(/^(Leak|Flat|Inconclusive): /);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([]);
    },
  );

  test('draws every chart', async () => {
    const { page, complaints } = await browser.open(full);
    const charts = page
      .locator('main > section > * .plot, main > section > .plot')
      .and(page.locator(':visible'));
    expect(await charts.count()).toBe(8);
    for (const place of await charts.all()) {
      const data = (await place.getAttribute('data-chart')) ?? '';
      const selector = data === '' ? '[data-latency] canvas' : `[data-chart="${data}"] canvas`;
      expect(await inkOf(page, selector)).toBeGreaterThan(1000);
    }
    expect(complaints).toEqual([]);
  });

  test('draws what is folded once it is unfolded', async () => {
    const { page } = await browser.open(full);
    await page.locator('#others summary').first().click();
    await page.locator('#others .plot canvas').first().waitFor();
    expect(await inkOf(page, '#others .plot canvas')).toBeGreaterThan(1000);
  });

  test('shows uploads, value, round and seconds of what is pointed at', async () => {
    const { page } = await browser.open(full);
    const chart = page.locator('[data-chart="0"]');
    const { width, height } = (await chart.locator('.u-over').boundingBox())!;
    await chart.locator('.u-over').hover({ position: { x: width - 2, y: height / 2 } });
    const tip = chart.locator('.tip');
    expect(await tip.isVisible()).toBe(true);
    expect(await tip.textContent()).toMatch(/^1,806 after 1,800 uploads\nround 24: uploads, at 7\.\d s$/);
    await page.mouse.move(0, 0);
    expect(await tip.isVisible()).toBe(false);
  });

  test('shows the same to who goes from reading to reading by keys', async () => {
    const { page } = await browser.open(full);
    const chart = page.locator('[data-chart="0"]');
    await chart.focus();
    await page.keyboard.press('Home');
    expect(await chart.locator('.tip').textContent()).toContain('round 0: before any upload');
    await page.keyboard.press('ArrowRight');
    expect(await chart.locator('.tip').textContent()).toContain('round 1: warm-up');
    await page.keyboard.press('Escape');
    expect(await chart.locator('.tip').isVisible()).toBe(false);
  });

  test('zooms the flame graph into what is clicked and out again', async () => {
    const { page } = await browser.open(full);
    const graph = page.locator('[data-flame="0"]');
    const frame = graph.locator('g.frame[name="main.keepBody"]');
    const widthOfFrame = async () => Number(await frame.getAttribute('width'));
    const whole = (await graph.boundingBox())!.width;
    const before = await widthOfFrame();
    expect(before).toBeLessThan(whole / 2);
    await frame.click();
    expect(await widthOfFrame()).toBeCloseTo(whole, 6);
    await page.locator('[data-reset="0"]').click();
    expect(await widthOfFrame()).toBeCloseTo(before, 6);
  });

  test('walks and zooms the flame graph by keys', async () => {
    const { page } = await browser.open(full);
    const graph = page.locator('[data-flame="0"]');
    const label = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
    await graph.locator('[tabindex="0"]').focus();
    for (const key of Array<string>(5).fill('ArrowDown')) await page.keyboard.press(key);
    expect(await label()).toContain('store.(*Index).Put');
    await page.keyboard.press('ArrowRight');
    expect(await label()).toBe('main.keepBody, example.com/shop/server.go:131: 196 B per upload (25%)');
    await page.keyboard.press('Enter');
    const frame = graph.locator('g.frame[name="main.keepBody"]');
    expect(Number(await frame.getAttribute('width'))).toBeGreaterThan(500);
    expect(await graph.locator('g.frame[name="main.newJob"]').getAttribute('aria-hidden')).toBe('true');
    await page.keyboard.press('Escape');
    expect(await graph.locator('g.frame[name="main.newJob"]').getAttribute('aria-hidden')).toBeNull();
    expect(await graph.locator('[tabindex="0"]').count()).toBe(1);
  });

  test('searches the flame graph and says how much was found', async () => {
    const { page } = await browser.open(full);
    await page.locator('[data-search="0"]').fill('BYTES');
    expect(await page.locator('[data-found="0"]').textContent()).toBe('2 found, 25% of the total');
    const found = page.locator('[data-flame="0"] rect[fill="var(--flame-found)"]');
    expect(await found.count()).toBe(2);
    await page.locator('[data-search="0"]').fill('(');
    expect(await page.locator('[data-found="0"]').textContent()).toContain('found');
    await page.locator('[data-search="0"]').fill('');
    expect(await found.count()).toBe(0);
    expect(await page.locator('[data-found="0"]').textContent()).toBe('');
  });

  test('copies the command from a file', async () => {
    const { page } = await browser.open(full, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('[data-copy]').click();
    await page.locator('[data-copied]', { hasText: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(fullHunt().leakhunt.command);
  });

  test('selects the command for copying where there is no clipboard', async () => {
    const { page } = await browser.open(full, {
      before: "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
    });
    await page.locator('[data-copy]').click();
    await page.locator('[data-copied]', { hasText: /Copied|to copy/ }).waitFor();
    expect(await page.evaluate('getSelection().toString()')).toBe(fullHunt().leakhunt.command);
  });

  test('is dark where that is preferred, with its charts', async () => {
    const { page } = await browser.open(full, { colorScheme: 'dark' });
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(21, 23, 26)');
    const dark = await page.locator('[data-chart="0"] canvas').screenshot();
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background()).toBe('rgb(255, 255, 255)');
    expect((await page.locator('[data-chart="0"] canvas').screenshot()).equals(dark)).toBe(false);
  });

  test.each([360, 768, 1280])('has nothing to scroll across at %d pixels', async width => {
    for (const page of [full, html(recordedHunt('inconclusive'))]) {
      const opened = await browser.open(page, { viewport: { width, height: 800 } });
      await opened.page.evaluate(
        "document.querySelectorAll('details').forEach(each => { each.open = true; })",
      );
      expect(await opened.page.evaluate(widthOf)).toBe(width);
    }
  });

  test('opens everything for paper, light and as wide as it, and folds it again', async () => {
    const { page } = await browser.open(full, { colorScheme: 'dark' });
    const state = `({
      folded: document.querySelectorAll('details:not([open])').length,
      widest: Math.max(...[...document.querySelectorAll('.uplot')].map(each => each.offsetWidth)),
    })`;
    const before = await page.evaluate(state);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.evaluate(state)).toEqual({ folded: 0, widest: 620 });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.evaluate(state)).toEqual(before);
  });

  test('draws in a browser whose language is none', async () => {
    const { page, complaints } = await browser.open(full, {
      before: "Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' })",
    });
    expect(await inkOf(page, '[data-chart="0"] canvas')).toBeGreaterThan(1000);
    expect(complaints).toEqual([]);
  });

  test('says without JavaScript where the numbers are', async () => {
    const { page } = await browser.open(full, { javaScriptEnabled: false });
    expect(await page.locator('noscript').textContent()).toContain(
      'the numbers that they show are in the tables',
    );
    expect(await page.locator('[data-copy], .tools').and(page.locator(':visible')).count()).toBe(0);
  });

  test('runs nothing of a hostile record and draws what can be drawn', async () => {
    const { page, complaints, requests } = await browser.open(
      html(hostileHunt({ culprits: 40, longest: 100_000 })),
    );
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    expect(await inkOf(page, '[data-chart="0"] canvas')).toBeGreaterThan(1000);
    expect(await page.locator('[data-flame="0"] g.frame').count()).toBeGreaterThan(2);
    expect(await page.locator('h1').isVisible()).toBe(true);
    expect(await page.evaluate(widthOf)).toBe(await page.evaluate('innerWidth'));
  });

  test('gives every chart, graph, table and field a name', async () => {
    const { page } = await browser.open(full);
    const unnamed = await page.evaluate(`[...document.querySelectorAll('[role], input, button, section')]
      .filter(each => each.role !== 'status' && each.getAttribute('aria-hidden') !== 'true')
      .filter(each => !(each.getAttribute('aria-label') || each.getAttribute('aria-labelledby') || each.labels?.length || each.textContent.trim()))
      .map(each => each.outerHTML.slice(0, 80))`);
    expect(unnamed).toEqual([]);
    expect(await page.locator('header, main, footer').count()).toBe(3);
    expect(await page.locator('table:not(:has(caption)), th:not([scope])').count()).toBe(0);
  });
});
