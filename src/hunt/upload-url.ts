import { urlIn } from '../address.js';
import { usageError } from '../errors.js';
import { redactAddress } from '../redact.js';

/** The URL to upload to. Throws a usage error for anything else. */
export function parseUrl(text: string): URL {
  const url = urlIn(text);
  if (!url) {
    throw usageError(
      'BAD_URL',
      `"${redactAddress(text)}" is not a URL: write it as http://localhost:8000/upload.`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw usageError(
      'BAD_URL',
      `"${url.protocol}//" is not a scheme that leakhunt supports: use http:// or https://.`,
    );
  }
  return url;
}
