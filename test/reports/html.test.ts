import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Hunt } from '../../src/record/record.js';
import type { PageData } from '../../src/reports/html/data.js';
import { html } from '../../src/reports/html/page.js';
import { closingSentence } from '../../src/reports/text/verdict.js';
import { attack, hostileHunt, throughJson } from '../support/hostile-hunt.js';
import { fullHunt, recordedHunt } from '../support/hunts.js';

const hunts: Record<string, () => Hunt> = {
  leak: () => recordedHunt('leak'),
  flat: () => recordedHunt('flat'),
  inconclusive: () => recordedHunt('inconclusive'),
  full: fullHunt,
  hostile: () => hostileHunt({ culprits: 3, longest: 1000 }),
};

/** The page without its script, style and drawings, and without the tables of all numbers: for reading. */
function readable(page: string): string {
  return page
    .replace(/(<(script|style)[^>]*>).*?<\/\2>/gs, '$1…</$2>')
    .replace(/<svg.*?<\/svg>/gs, '<svg>…</svg>')
    .replace(/sha256-[\w+/=]+/g, 'sha256-…')
    .replace(/<section id="numbers".*?<\/section>/s, '<section id="numbers">…</section>');
}

function dataOf(page: string): PageData {
  return JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1]!);
}

describe('the HTML report', () => {
  test.each(Object.keys(hunts))('of a hunt (%s) is as it was', async name => {
    await expect(readable(html(hunts[name]!()))).toMatchFileSnapshot(`golden/html/${name}.html`);
  });

  test.each(Object.keys(hunts))(
    'of a hunt (%s) is one file under 500 KB that names nothing to load',
    name => {
      const page = html(hunts[name]!());
      expect(Buffer.byteLength(page)).toBeLessThan(500_000);
      expect(page).not.toMatch(/<(?:script|img|iframe|audio|video|source|object|embed)[^>]*\ssrc=/i);
      expect(page.match(/<link[^>]*>/g)).toEqual(['<link rel="icon" href="data:,">']);
      expect(page).not.toMatch(/@import|url\(/);
    },
  );

  test('lets only the script and the style run that were built in', () => {
    const page = html(recordedHunt('leak'));
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const script = /<script>(.*?)<\/script>/s.exec(page)![1]!;
    const style = /<style>(.*?)<\/style>/s.exec(page)![1]!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src ${hash(script)};`);
    expect(policy).toContain(`style-src ${hash(style)};`);
    expect(page).not.toMatch(/<[^>]*\s(?:style|on\w+)=/i);
  });

  test('keeps the licences of the libraries that it contains', () => {
    const page = html(recordedHunt('flat'));
    expect(page).toContain('uplot:\n\n');
    expect(page).toContain('d3-flame-graph:\n\n');
    expect(page).toContain('Leon Sorokin');
    expect(page).toContain('Mike Bostock');
  });

  test('says the verdict in the words of every report', () => {
    for (const name of ['leak', 'flat', 'inconclusive']) {
      const hunt = recordedHunt(name);
      expect(html(hunt)).toContain(`<h1>${closingSentence(hunt)}</h1>`);
    }
  });

  test('draws the resources that changed and names the others', () => {
    const page = html(recordedHunt('flat'));
    expect(dataOf(page).charts).toHaveLength(7);
    expect(page).toContain('<b>Unchanged over 800 uploads:</b> open files (4), sockets (3)');
  });

  test('has every reading in a table, for those who do not see the charts', () => {
    const hunt = recordedHunt('leak');
    const readings = /<summary>All readings.*?<\/details>/s.exec(html(hunt))![0];
    expect(readings.match(/<tr>/g)).toHaveLength(hunt.resources[0]!.points.length + 1);
  });

  test('turns the line of a resource about the middle of what was judged', () => {
    const hunt = recordedHunt('leak');
    const heap = hunt.resources[0]!;
    const line = dataOf(html(hunt)).charts[1]!.line!;
    expect(line.y[1]).toBeCloseTo(line.low[1]!, 6);
    expect(line.y[1]).toBeCloseTo(line.high[1]!, 6);
    expect((line.y[2]! - line.y[0]!) / (line.x[2]! - line.x[0]!)).toBeCloseTo(heap.perUpload.estimate, 6);
    expect(line.high[2]! - line.low[2]!).toBeCloseTo(
      (heap.perUpload.high - heap.perUpload.low) * (line.x[2]! - line.x[1]!),
      6,
    );
  });

  test('merges the stacks of culprits from the root on, and shows what they leave unexplained', () => {
    const [heap] = dataOf(html(fullHunt())).flames;
    expect(heap!.root.v).toBeCloseTo(402 + 196 + 118 + 55.9, 9);
    expect(heap!.root.c!.map(({ n, v }) => [n, v])).toEqual([
      ['net/http.(*conn).serve', 716],
      ['unexplained', 55.9],
    ]);
  });

  test('of a hunt that measured nothing is still a page', () => {
    const error = { code: 'TARGET_REFUSED', message: 'Nothing is listening on 127.0.0.1:9.' };
    const nothing = { resources: [], rounds: [], culprits: [], explained: [], churn: null, peak: null };
    const page = html({ ...recordedHunt('inconclusive'), ...nothing, error });
    expect(page).toContain('<h1>Not measured: Nothing is listening on 127.0.0.1:9.</h1>');
    expect(page).toContain('<span class="badge not-measured">not measured</span>');
    expect(dataOf(page)).toEqual({ charts: [], latencies: [], flames: [] });
  });

  test('keeps churn apart from the leak', () => {
    const page = html(fullHunt());
    expect(page.indexOf('Churn by call stack')).toBeGreaterThan(page.indexOf('Growth of heap by call stack'));
    expect(dataOf(page).flames.map(({ measure }) => measure)).toEqual([
      'per upload',
      'per upload',
      'allocated per upload',
    ]);
  });
});

describe('the HTML report of a hostile record', () => {
  const page = html(hostileHunt({ culprits: 3, longest: 1000 }));

  test('has no element, attribute or line end that the record brought', () => {
    const outside = readable(page);
    expect(outside).not.toMatch(/<img|<svg onload|<!--<|window\.owned=1<\/script>/);
    expect(outside.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/[\u2028\u2029\u202a-\u202e\u2066-\u2069\u001b\u0000]/);
    expect(JSON.stringify(dataOf(page))).toContain('<script>window.owned=1');
  });

  test('says of a number that is none that it is unknown', () => {
    expect(page).toContain('<td class="number" data-title="per upload">unknown</td>');
    expect(dataOf(page).charts.flatMap(({ points }) => points.flat())).not.toContain(null);
  });

  test('is the same after JSON made null of what is no number', () => {
    const hunt = throughJson(hostileHunt({ culprits: 3, longest: 1000 }));
    expect(readable(html(hunt))).toContain('unknown');
  });

  test('shows as much of 10,000 culprits and a name of 100 KB as fits, and counts the rest', () => {
    const hunt = hostileHunt({ culprits: 10_000, longest: 100_000 });
    const huge = html({ ...hunt, scenarios: undefined });
    expect(Buffer.byteLength(huge)).toBeLessThan(500_000);
    expect(huge).toMatch(/<p>9,9\d\d more culprits are not shown\.<\/p>/);
    expect(huge).toMatch(/… \((99|100),\d\d\d more characters\)/);
  });

  test('thins the readings of a very long hunt and says so', () => {
    const hunt = recordedHunt('flat');
    for (const resource of hunt.resources) {
      resource.points = Array.from({ length: 5_000 }, (_, i) => ({
        uploads: 10 * i,
        value: i % 7,
        round: 'upload' as const,
        seconds: i,
      }));
    }
    const long = html(hunt);
    expect(Buffer.byteLength(long)).toBeLessThan(500_000);
    expect(long).toMatch(/[\d,]+ of 5,000 readings are drawn\./);
    expect(long).toMatch(/All readings \([\d,]+ of 5,000\)/);
  });

  test('holds no text of the attack unescaped', () => {
    expect(readable(page)).not.toContain(attack.slice(0, 17));
  });
});
