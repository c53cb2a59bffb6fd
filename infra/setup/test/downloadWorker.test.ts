import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { locateWorker } from '../src/index.ts';
import { downloadWorker } from '../src/worker/downloadWorker.ts';
import { verifyWorker } from '../src/worker/verifyWorker.ts';
import { temporaryFolder, writeScript } from './support/folder.ts';

const run = promisify(execFile);
const never = new AbortController().signal;

/** A mirror of mediasoup's releases on this machine. */
async function serve(listener: RequestListener): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL', `http://127.0.0.1:${port}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close();
    server.closeAllConnections();
  });
}

async function archiveOf(worker: string): Promise<Buffer> {
  const archive = join(await temporaryFolder(), 'worker.tgz');
  await run('tar', ['-czf', archive, '-C', dirname(worker), 'mediasoup-worker']);

  return readFile(archive);
}

describe('downloadWorker', () => {
  it('takes the archive for this version and machine, and leaves a worker that runs', async () => {
    const archive = await archiveOf(await locateWorker());
    const asked: (string | undefined)[] = [];
    await serve((request, response) => {
      asked.push(request.url);
      response.end(archive);
    });
    const folder = await temporaryFolder();

    expect(await downloadWorker(folder, never)).toBeUndefined();

    expect(asked).toEqual([
      expect.stringMatching(/^\/(3\.\d+\.\d+)\/mediasoup-worker-\1-linux-\w+-kernel\d+\.tgz$/),
    ]);
    await expect(verifyWorker(join(folder, 'mediasoup-worker'))).resolves.toBeUndefined();
  });

  it('gives the reason when there is none for this machine', async () => {
    await serve((_request, response) => void response.writeHead(404).end());

    expect(await downloadWorker(await temporaryFolder(), never)).toMatch(/answered 404/);
  });

  it('refuses one that does not run here', async () => {
    const folder = await temporaryFolder();
    const archive = await archiveOf(await writeScript(folder, 'mediasoup-worker', 'exit 127'));
    await serve((_request, response) => void response.end(archive));

    expect(await downloadWorker(await temporaryFolder(), never)).toMatch(
      /not a mediasoup worker that runs on this/,
    );
  });

  it('gives up on a host that does not answer', async () => {
    await serve(() => {});

    expect(await downloadWorker(await temporaryFolder(), never)).toMatch(/abort/i);
  });
});
