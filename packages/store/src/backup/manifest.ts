import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '../errors.ts';

/** What a backup says about itself, in `manifest.json` beside its data. */
export interface BackupManifest {
  /** Version of this shape. */
  readonly format: 1;
  readonly database: 'sqlite' | 'postgres';
  /** Name of the data's file in the folder of the backup. */
  readonly file: string;
  /** Of the data's file, as lower-case hex. */
  readonly sha256: string;
  /** Bytes of the data's file. */
  readonly size: number;
  /** Schema version of the data. */
  readonly schema: number;
  /** Id of the installation that it was made of; empty when that had none yet. */
  readonly installation: string;
  /** Unix milliseconds: what was durable then is in it. */
  readonly created_at: number;
  /** `asked`: by a person; `migration`: by itself, before the schema was changed. */
  readonly reason: 'asked' | 'migration';
}

const MANIFEST = 'manifest.json';
const CHUNK = 1 << 20;

/** SHA-256 and size of a file, read in pieces. */
export function digestOf(file: string): { readonly sha256: string; readonly size: number } {
  const hash = createHash('sha256');
  const handle = openSync(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let size = 0;
    for (let read = readSync(handle, chunk); read > 0; read = readSync(handle, chunk)) {
      hash.update(chunk.subarray(0, read));
      size += read;
    }
    return { sha256: hash.digest('hex'), size };
  } finally {
    closeSync(handle);
  }
}

/** Waits until a file or folder is on disk. */
export function synchronise(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes the manifest into the folder of a backup; with it the backup is complete. */
export function writeManifest(folder: string, manifest: BackupManifest): void {
  const file = join(folder, MANIFEST);
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  synchronise(file);
  synchronise(folder);
}

function parse(folder: string): BackupManifest {
  try {
    return JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as BackupManifest;
  } catch (cause) {
    throw errors.backup_invalid({ folder, reason: 'it has no manifest.json that can be read' }, { cause });
  }
}

/**
 * Reads a backup's manifest and checks its data against it.
 *
 * @throws store.backup_invalid when something is missing or was changed, store.schema_newer is left to the restore
 */
export function verifyBackup(folder: string): BackupManifest {
  const manifest = parse(folder);
  if (manifest.format !== 1 || !['sqlite', 'postgres'].includes(manifest.database)) {
    throw errors.backup_invalid({ folder, reason: `its format ${manifest.format} is not known to this version` });
  }
  if (!/^[a-z.]+$/.test(manifest.file)) throw errors.backup_invalid({ folder, reason: 'it names a strange file' });
  const found = readDigest(folder, manifest.file);
  if (found.sha256 !== manifest.sha256 || found.size !== manifest.size) {
    throw errors.backup_invalid({ folder, reason: `${manifest.file} is not the file that was written` });
  }
  return manifest;
}

function readDigest(folder: string, file: string): ReturnType<typeof digestOf> {
  try {
    return digestOf(join(folder, file));
  } catch (cause) {
    throw errors.backup_invalid({ folder, reason: `${file} cannot be read` }, { cause });
  }
}
