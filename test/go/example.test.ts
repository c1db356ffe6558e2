import { beforeAll, expect, test } from 'vitest';
import { huntExample, placeIn, prepareExample } from '../support/examples.js';
import { describeWithGo } from '../support/go.js';

describeWithGo('the Go example, hunted by its CI job', () => {
  beforeAll(() => prepareExample('go'));

  test('is flat and passes', async () => {
    const { code, output, record } = await huntExample('go', false);
    expect(record.verdict, output).toBe('flat');
    expect(code).toBe(0);
  });

  test('with LEAK=1 leaks a goroutine per upload, names the line that starts it, and fails', async () => {
    const { code, output, record } = await huntExample('go', true);
    expect(output).toContain('Leak: each upload leaves 1 goroutine behind.');
    expect(output).toContain(await placeIn('go', 'main.go', 'go func()'));
    expect(record.culprits[0]).toMatchObject({
      resource: 'goroutines',
      site: { function: 'main.upload.func1', file: expect.stringMatching(/main\.go$/) },
    });
    expect(code).toBe(1);
  });
});
