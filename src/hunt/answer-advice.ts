/** What to do about uploads that a server refuses, by the status of its response. */
const ways: Record<number, string> = {
  400: 'It does not understand the request: check the name of the form field (-F, --field) and the other fields that the form needs.',
  401: "It requires authentication: add -u name:password, -H 'Authorization: Bearer ...', or a session cookie with -b.",
  403: 'It forbids this upload: add the header or cookie (-H, -b) that a browser sends, such as a session or a CSRF token.',
  404: 'There is nothing at this path: check the path of the URL.',
  405: 'The path exists, but does not accept this method: check the path, or set the method with -X.',
  407: 'The proxy requires authentication: add -U name:password.',
  408: 'It did not receive the upload in time: lower -c, or raise its time limit.',
  411: 'It requires a Content-Length: remove the Transfer-Encoding header.',
  413: 'The body is too large for it or for a proxy in front of it: lower --size, or raise the limit (nginx: client_max_body_size).',
  415: "It does not accept this type of file: set the content type, e.g. -F 'file=@a.pdf;type=application/pdf', or check the field.",
  422: 'It does not accept the form: check the name of the field (-F, --field) and the type of the file.',
  429: 'It limits the request rate: upload more slowly, e.g. --rate 5/s, or lift the limit for the hunt.',
  500: 'It failed: check its log for this upload.',
  501: 'It does not support this method: set another with -X.',
  502: 'A proxy got no valid response from the server behind it: check that server, or upload to it directly.',
  503: 'It is not ready or is overloaded: wait, or upload more slowly with --rate.',
  504: 'A proxy timed out waiting for the server behind it: upload to that server directly, or raise the time limit of the proxy.',
};

/** Refusals that may be just what the user wants to measure. */
const meant = new Set([400, 401, 403, 413, 415, 422]);

/** The next step, in a sentence or two; undefined if the status alone says too little. */
export function adviceForStatus(status: number, location?: string): string | undefined {
  if (status >= 300 && status <= 399) return adviceForRedirect(status, location);
  const way = ways[status] ?? (status >= 500 ? ways[500] : undefined);
  return meant.has(status)
    ? `${way} If it should reject the upload, measure that with --scenario reject.`
    : way;
}

/**
 * The statuses that `-L` follows (RFC 9110, sections 15.4.8 and 15.4.9): only these two have the upload sent
 * again unchanged.
 */
function adviceForRedirect(status: number, location?: string): string {
  if (status === 307 || status === 308) return 'It redirects: follow 307 and 308 with -L.';
  const login =
    location !== undefined && /log-?in|sign-?in|auth|sso/i.test(location)
      ? ' This looks like a login page: add a session cookie with -b, or a header with -H.'
      : '';
  return (
    `-L only follows 307 and 308, because after ${status} a client sends a GET: give the URL that accepts the upload, ` +
    `or accept the redirect with --expect-status ${status}.${login}`
  );
}
