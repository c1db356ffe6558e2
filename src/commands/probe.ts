import type { Command } from 'commander';
import { survey } from '../hunt/survey.js';
import { connectionIn } from '../net/environment.js';
import { surveyReport } from '../reports/terminal/survey.js';
import type { Said } from './curl/flags.js';
import { addConnectionOptions } from './curl/group.js';
import { requestOf } from './curl/request.js';
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
    .argument('[url]', 'where uploads would go (default: LEAKHUNT_URL, then http://localhost:8000/upload)')
    .option('--probe <source>', 'auto, or a source to look at (repeatable)', addTo(String))
    .option('--allow-signals', 'have a Node process open its inspector (SIGUSR1)')
    .option(
      '--settle <seconds>',
      'longest wait for memory to stop falling (default: 2)',
      secondsOf('--settle'),
    )
    .option('--json', 'print the survey as JSON')
    .option('--debug', 'show where an error comes from')
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
  addConnectionOptions(command.optionsGroup("Connection, as curl's:"), said);
}
