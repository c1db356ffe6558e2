import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsers } from '../support/parsers.js';
import { textsFor } from './texts.js';
import { forShare, hang, limitOf } from './time.js';

/** Errors of a program that did not expect a text, not of a text that is refused. */
const crashes = [TypeError, RangeError, ReferenceError, EvalError, URIError];

/** Half of the time is theirs. */
const share = 0.5 / parsers.length;

test.each(parsers)(
  '$name is read or refused, whatever it is',
  parser => {
    fc.assert(
      fc.property(textsFor(parser), text => {
        const start = performance.now();
        try {
          parser.parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          for (const crash of crashes) expect(error).not.toBeInstanceOf(crash);
        }
        expect(performance.now() - start).toBeLessThan(hang);
      }),
      forShare(share),
    );
  },
  limitOf(share),
);
