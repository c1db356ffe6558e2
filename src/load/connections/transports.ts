import { Http1Transport } from '../http/http1.js';
import { Http2Transport } from '../http/http2.js';
import { Http2Sessions } from '../http/http2-sessions.js';
import { messagesOf } from '../http/message.js';
import type { Receiver, Transport } from '../http/transport.js';
import type { UploadRequest } from '../request.js';
import { misbehavingTransports } from '../scenarios/transport.js';

/** What carries the uploads of a round, one for each client; what they share is made once. */
export function transportsOf(request: UploadRequest): (receiver: Receiver) => Transport {
  const { scenario } = request;
  if (scenario && scenario.kind !== 'complete' && scenario.kind !== 'reject') {
    return misbehavingTransports(scenario, request, { typical: request.typical });
  }
  if (request.http2) {
    const sessions = new Http2Sessions(request);
    return receiver => new Http2Transport(request, sessions, receiver);
  }
  const messageTo = messagesOf(request);
  return receiver => new Http1Transport(request, messageTo, receiver);
}
