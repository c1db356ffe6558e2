import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  /** The folder of all of them; each is `NAME.pem`, and its key `NAME.key`. */
  folder: string;
  path(name: string): string;
}

let made: Certificates | undefined;

/**
 * Made by openssl, once: an authority (`ca`) that signed `server` (for localhost, api.test and the loopback addresses),
 * `other` (for other.test), `expired` and `client`; `secret.key` is the client's key under the passphrase `open it`,
 * `bundle.pem` that and its certificate in one file; `stranger` is signed by nobody but itself.
 */
export function certificates(): Certificates {
  made ??= make();
  return made;
}

function make(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'leakhunt-ca-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

  const selfSigned = (name: string) =>
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    );
  const signed = (name: string, names: string, days = '2') => {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
    const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      ...ca,
      '-days',
      days,
      '-extfile',
      `${name}.ext`,
    );
  };
  selfSigned('ca');
  selfSigned('stranger');
  const names = 'DNS:localhost,DNS:api.test,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1';
  signed('server', names);
  signed('other', 'DNS:other.test');
  signed('expired', names, '-1');
  signed('client', 'DNS:client.test');
  openssl('ec', '-in', 'client.key', '-aes128', '-passout', 'pass:open it', '-out', 'secret.key');
  execFileSync('sh', ['-c', 'cat client.pem secret.key > bundle.pem'], { cwd: folder });
  return { folder, path: name => join(folder, name) };
}
