import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  createSecureServer as createSecureHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { certificates } from './certificates.js';

/** A server that notes what reaches it. */
export interface Listener {
  port: number;
  /** A line for each upload, of all that a connection can change about it. */
  seen: string[];
  /** A line for each page that was asked for, likewise. */
  pages: string[];
}

export interface ListenOptions extends TlsOptions {
  host?: string;
  port?: number;
  /** A Unix socket in place of a port. */
  path?: string;
  /** The name of its certificate; without one, it speaks no TLS. */
  certificate?: string;
  /** `only`: nothing but HTTP/2. `both`: as ALPN agrees. */
  http2?: 'only' | 'both';
  /** What it answers to a GET. */
  page?: string;
  /** Called with each whole upload, counted from 1; whether it is answered. */
  onUpload?: (socket: Socket, count: number) => boolean;
}

/** Servers of one test, which end with it. */
export class Listeners implements AsyncDisposable {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  async listen(options: ListenOptions = {}): Promise<Listener> {
    const { certificate, http2, page = 'nothing here', onUpload, ...rest } = options;
    const pem = (name: string) => readFileSync(certificates().path(name));
    const tls = certificate && {
      cert: pem(`${certificate}.pem`),
      key: pem(`${certificate}.key`),
      ca: pem('ca.pem'),
      requestCert: true,
      rejectUnauthorized: false,
      ...rest,
    };
    const listener: Listener = { port: 0, seen: [], pages: [] };
    let uploads = 0;
    type Request = IncomingMessage | Http2ServerRequest;
    const handle = (incoming: Request, response: ServerResponse | Http2ServerResponse) => {
      (incoming.method === 'GET' ? listener.pages : listener.seen).push(lineOf(incoming));
      incoming.resume();
      incoming.on('end', () => {
        if (incoming.method !== 'GET') {
          uploads += 1;
          if (onUpload?.(incoming.socket, uploads) === false) return;
        }
        response.writeHead(200, { 'content-type': 'text/plain' });
        (response as ServerResponse).end(incoming.method === 'GET' ? page : 'ok');
      });
    };
    const server = http2
      ? tls
        ? createSecureHttp2Server({ ...tls, allowHTTP1: http2 === 'both' }, handle)
        : createHttp2Server(handle)
      : tls
        ? createTlsServer(tls, handle)
        : createServer(handle);
    const { port } = await this.#open(server as Server, options);
    return Object.assign(listener, { port });
  }

  /** A proxy for HTTP; `api.test` is this machine to it alone. With credentials it refuses requests that bring others. */
  async proxy(credentials?: string): Promise<Listener> {
    const listener: Listener = { port: 0, seen: [], pages: [] };
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    const note = ({ method, url, headers }: IncomingMessage) => {
      const said = headers['proxy-authorization'];
      const line = `${method} ${url}${said === undefined ? '' : ' with credentials'}`;
      (method === 'GET' ? listener.pages : listener.seen).push(line);
      return wanted === undefined || said === wanted;
    };
    const local = (host: string) => (host === 'api.test' ? '127.0.0.1' : host.replace(/^\[|\]$/g, ''));
    const server = createServer((incoming, response) => {
      if (!note(incoming)) {
        incoming.resume();
        response.writeHead(407, { 'proxy-authenticate': 'Basic realm="test"' }).end('who are you?');
        return;
      }
      if (!incoming.url!.startsWith('http:')) {
        incoming.resume();
        response.writeHead(400).end('this is a proxy');
        return;
      }
      const { hostname, port, pathname, search } = new URL(incoming.url!);
      const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = incoming.headers;
      const to = { host: local(hostname), port, path: pathname + search, method: incoming.method, headers };
      const outgoing = request(to, answer => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      outgoing.on('error', () => response.writeHead(502).end());
      incoming.pipe(outgoing);
    });
    server.on('connect', (incoming, socket) => {
      socket.on('error', () => {});
      if (!note(incoming)) {
        socket.end(
          'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n',
        );
        return;
      }
      const { hostname, port } = new URL(`http://${incoming.url}`);
      const upstream = connect(Number(port), local(hostname), () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
    });
    const { port } = await this.#open(server, {});
    return Object.assign(listener, { port });
  }

  /** Accepts connections, and says nothing or what `greet` does. */
  async mute(greet: (socket: Socket) => void = () => {}): Promise<Listener> {
    const { port } = await this.#open(createTcpServer(greet), {});
    return { port, seen: [], pages: [] };
  }

  async #open(
    server: Server,
    { host = '127.0.0.1', port = 0, path }: ListenOptions,
  ): Promise<{ port: number }> {
    this.#servers.push(server);
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('tlsClientError', () => {});
    server.on('sessionError', () => {});
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      if (path === undefined) server.listen(port, host, resolve);
      else server.listen(path, resolve);
    });
    return path === undefined ? { port: (server.address() as AddressInfo).port } : { port: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map(server => new Promise(resolve => server.close(resolve))));
  }
}

function lineOf({ method, url, httpVersion, headers, socket }: IncomingMessage | Http2ServerRequest): string {
  const { servername, getProtocol, getPeerCertificate } = socket as TLSSocket;
  const client = getPeerCertificate?.call(socket).subject?.CN;
  return [
    `${method} ${url} HTTP/${httpVersion} to ${headers[':authority'] ?? headers.host}`,
    socket.remoteAddress && `from ${socket.remoteAddress}`,
    servername && `by the name ${servername}`,
    getProtocol && `over ${getProtocol.call(socket)}`,
    client && `as ${client}`,
    headers.authorization && `with ${headers.authorization}`,
    headers['proxy-authorization'] && 'with the credentials of the proxy',
  ]
    .filter(Boolean)
    .join(' ');
}
