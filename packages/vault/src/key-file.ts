import { constants } from 'node:fs';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isCounterpointError, newSecret } from '@counterpoint/core';
import { errors } from './errors.ts';
import { newKeyText } from './key-provider.ts';

const OTHERS = 0o077;
const MAX_BYTES = 4_096;

/**
 * The text of a key file; undefined when there is none.
 *
 * @throws vault.key_permissions when group or others have any right to it; vault.key_unreadable
 */
export async function readKeyFile(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw errors.key_unreadable({ path, reason: 'it is not a file' });
      if (stat.size > MAX_BYTES) throw errors.key_unreadable({ path, reason: 'it is too large for a key' });
      if (process.platform !== 'win32' && (stat.mode & OTHERS) !== 0) {
        throw errors.key_permissions({ path, mode: (stat.mode & 0o777).toString(8).padStart(3, '0') });
      }
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw asUnreadable(path, cause);
  }
}

/**
 * Writes a new key to a file that only its owner can read (0600), durable before this returns, and gives its text.
 * The file appears whole or not at all, and an existing one is never replaced.
 *
 * @throws vault.key_unreadable
 */
export async function createKeyFile(path: string): Promise<string> {
  const text = newKeyText();
  const partial = `${path}.${newSecret(6)}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.writeFile(`${text}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      await link(partial, path);
    } finally {
      await unlink(partial);
    }
    await syncDirectory(dirname(path));
  } catch (cause) {
    throw asUnreadable(path, cause);
  }
  return text;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function asUnreadable(path: string, cause: unknown): unknown {
  if (isCounterpointError(cause)) return cause;
  return errors.key_unreadable({ path, reason: codeOf(cause) ?? 'it could not be read or written' }, { cause });
}
