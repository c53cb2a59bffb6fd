import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@parley/test-kit';
import { checkout } from './platform.ts';

export interface TurnServer extends AsyncDisposable {
  /** By TLS alone. */
  readonly url: string;
  readonly secret: string;
  /** For Chromium, which trusts no certificate made here: `--ignore-certificate-errors-spki-list`. */
  readonly trustFlag: string;
  /** What coturn has logged so far. */
  readonly log: string;
  /** Forgets every allocation, and listens at the same place again. */
  restart(): Promise<void>;
}

const host = '127.0.0.1';

/** Time for coturn to open its ports. */
const startLimitMs = 10_000;

/**
 * A real coturn, started from the file that operators copy, with what stands there in angle brackets filled in.
 *
 * @param allowedPeer The one address it may relay to.
 */
export async function startTurnServer(allowedPeer: string = host): Promise<TurnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-turn-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost';
  execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const secret = 'the-secret-of-this-test';
  const [port, tlsPort] = [await freePort(), await freePort()];
  const file = join(folder, 'turnserver.conf');
  await writeFile(file, await fillIn({ cert, key, secret, port, tlsPort, allowedPeer, folder }));
  const { publicKey } = new X509Certificate(readFileSync(cert));
  const spki = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  let log = '';
  let running = await start();

  async function start(): Promise<ChildProcess> {
    const child = spawn('turnserver', ['-c', file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const listening = Promise.withResolvers<void>();
    const begin = log.length;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (log.slice(begin).includes(`TLS/TCP listener opened on : ${host}:${tlsPort}`)) {
          listening.resolve();
        }
      });
    }
    child.once('exit', () => listening.reject(new Error(`coturn ended: ${log.slice(begin)}`)));
    const timer = setTimeout(
      () => listening.reject(new Error(`coturn does not listen: ${log}`)),
      startLimitMs,
    );
    await listening.promise.finally(() => clearTimeout(timer));

    return child;
  }

  async function stop(): Promise<void> {
    running.removeAllListeners('exit');
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
  }

  return {
    url: `turns:${host}:${tlsPort}?transport=tcp`,
    secret,
    trustFlag: `--ignore-certificate-errors-spki-list=${spki}`,
    get log() {
      return log;
    },
    async restart() {
      await stop();
      running = await start();
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Filled {
  readonly cert: string;
  readonly key: string;
  readonly secret: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly allowedPeer: string;
  readonly folder: string;
}

async function fillIn({ cert, key, secret, port, tlsPort, allowedPeer, folder }: Filled): Promise<string> {
  const template = await readFile(join(checkout, 'infra/coturn/turnserver.conf'), 'utf8');
  const values: Record<string, string | number> = {
    'listening-port': port,
    'tls-listening-port': tlsPort,
    realm: 'localhost',
    cert,
    pkey: key,
    'static-auth-secret': secret,
    'allowed-peer-ip': allowedPeer,
  };
  const filled = Object.entries(values).reduce((text, [name, value]) => {
    const line = new RegExp(`^${name}=.*$`, 'm');
    if (!line.test(text)) {
      throw new Error(`infra/coturn/turnserver.conf has no ${name}.`);
    }

    return text.replace(line, `${name}=${value}`);
  }, template);

  return [
    filled,
    // Of this test alone: everything is on this machine, and nothing may be left on it.
    `listening-ip=${host}`,
    `relay-ip=${host}`,
    'allow-loopback-peers',
    `userdb=${join(folder, 'turndb')}`,
    `pidfile=${join(folder, 'turnserver.pid')}`,
    'verbose',
  ].join('\n');
}
