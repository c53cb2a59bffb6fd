import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const keyBytes = 32;

/** 32 bytes as hexadecimal, base64 or base64url, as `openssl rand` writes them; undefined for anything else. */
export function parseMasterKey(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) {
    return new Uint8Array(Buffer.from(text, 'hex'));
  }
  // Node.js reads both alphabets of base64 alike.
  const key = /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;

  return key?.length === keyBytes ? new Uint8Array(key) : undefined;
}

/**
 * The key in `folder`, made at the first start. It lies beside the database it belongs to, so that both are kept, or
 * thrown away, together.
 */
export async function ensureMasterKey(folder: string): Promise<Uint8Array> {
  const path = join(folder, 'master.key');

  return (await readKey(path)) ?? makeKey(folder, path);
}

async function readKey(path: string): Promise<Uint8Array | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return undefined;
    }
    throw new Error(`The master key ${path} cannot be read (${codeOf(error)}): make it readable.`, {
      cause: error,
    });
  }
  const key = parseMasterKey(text.trim());
  if (key === undefined) {
    // Not made anew: what is sealed in the database would be lost with it.
    throw new Error(
      `${path} holds no master key: put the one back that was there, or remove the file together with the database.`,
    );
  }

  return key;
}

async function makeKey(folder: string, path: string): Promise<Uint8Array> {
  const key = randomBytes(keyBytes);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new Error(
      `The master key cannot be written to ${path} (${codeOf(error)}): make the folder writable, or set PARLEY_MASTER_KEY.`,
      { cause: error },
    );
  }

  return new Uint8Array(key);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
