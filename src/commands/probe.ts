import { Command } from 'commander';
import { survey } from '../hunt/survey.js';
import { surveyReport } from '../reports/terminal/survey.js';
import { secondsOf } from './numbers.js';
import { lookOf, type Streams } from './streams.js';
import { addTo, targetUrl } from './upload.js';

interface Flags {
  probe?: string[];
  insecure?: boolean;
  allowSignals?: boolean;
  connectTimeout?: number;
  settle?: number;
  json?: boolean;
}

/** `leakhunt probe [url]`: says what can be read of a target, without an upload. */
export function probeCommand(streams: Streams): Command {
  return new Command('probe')
    .description('say what can be read of a target, and how well, without uploading')
    .argument('[url]', 'where uploads would go (default: LEAKHUNT_URL, then http://localhost:8000/upload)')
    .option('--probe <source>', 'auto, or a source to look at (repeatable)', addTo(String))
    .option('-k, --insecure', 'accept any certificate')
    .option(
      '--connect-timeout <seconds>',
      'limit for connecting (default: 10)',
      secondsOf('--connect-timeout'),
    )
    .option('--allow-signals', 'have a Node process open its inspector (SIGUSR1)')
    .option(
      '--settle <seconds>',
      'longest wait for memory to stop falling (default: 2)',
      secondsOf('--settle'),
    )
    .option('--json', 'print the survey as JSON')
    .option('--debug', 'show where an error comes from')
    .action(async (url: string | undefined, { probe, json, ...flags }: Flags) => {
      const found = await survey({ ...flags, url: targetUrl(url, streams), probes: probe });
      const text = json
        ? `${JSON.stringify(found, null, 2)}\n`
        : surveyReport(found, lookOf(streams.stdout, streams.env));
      streams.stdout.write(text);
    });
}
