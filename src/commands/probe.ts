import type { Command } from 'commander';
import { survey } from '../hunt/survey.js';
import { connectionIn } from '../net/environment.js';
import { surveyReport } from '../reports/terminal/survey.js';
import type { Said } from './curl/flags.js';
import { addConnectionOptions } from './curl/group.js';
import { requestOf } from './curl/request.js';
import { addHelp } from './program/help.js';
import { secondsOf } from './program/numbers.js';
import { lookOf, type Streams } from './program/streams.js';
import { addTo, targetUrl } from './upload/upload.js';

interface Flags {
  probe?: string[];
  allowSignals?: boolean;
  settle?: number;
  json?: boolean;
}

/** `leakhunt probe [url]`: says what can be read from a target, without an upload. */
export function probeCommand(command: Command, streams: Streams): void {
  const said: Said[] = [];
  command
    .argument('[url]', 'where to upload to (default: $LEAKHUNT_URL, then http://localhost:8000/upload)')
    .option('--probe <source>', 'what to read: auto, or e.g. pid=4711 (repeatable)', addTo(String))
    .option('--allow-signals', 'send SIGUSR1 to a Node target so that it opens its inspector')
    .option(
      '--settle <seconds>',
      'wait up to this long for memory to stop falling (default: 2)',
      secondsOf('--settle'),
    )
    .option('--json', 'print the result as JSON')
    .option('--debug', 'print the stack trace of an error')
    .action(async (url: string | undefined, { probe, json, allowSignals, settle }: Flags) => {
      const connection = connectionIn(requestOf(said).options, streams.env);
      const found = await survey({
        ...connection,
        allowSignals,
        settle,
        url: targetUrl(url, streams),
        probes: probe,
      });
      const text = json
        ? `${JSON.stringify(found, null, 2)}\n`
        : surveyReport(found, lookOf(streams.stdout, streams.env));
      streams.stdout.write(text);
    });
  addConnectionOptions(command, said);
  addHelp(command, { first: ['--probe', '--allow-signals', '--settle', '--json', '--debug'] });
}
