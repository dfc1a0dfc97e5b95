import { execFile } from 'node:child_process';
import type { Redactor } from '@counterpoint/core';
import { errors } from './errors.ts';
import { createKeyFile, readKeyFile } from './key-file.ts';
import { createKeyProvider, type KeyProvider, parseKeyText } from './key-provider.ts';

/**
 * Where the key-encryption key is.
 * - `file`: a file outside the database, mode 0600.
 * - `env`: an environment variable.
 * - `command`: a program and its arguments, run without a shell, that prints the key: the hook for a KMS or a
 *   password manager.
 */
export type KeySource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'env'; readonly variable: string }
  | { readonly kind: 'command'; readonly command: readonly string[] };

/** What {@link loadKeyProvider} needs besides the source. */
export interface KeyLoadOptions {
  /** Create a key file that is missing; true on the first run only. */
  readonly create: boolean;
  /** The key is kept out of all output from the moment it is read. */
  readonly redactor: Redactor;
  /** The environment to look in; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const COMMAND_TIMEOUT = 30_000;
const COMMAND_OUTPUT_BYTES = 64 * 1024;

/**
 * Reads the key-encryption key. Undefined when there is none and none was to be created.
 *
 * @throws vault.key_invalid, vault.key_unreadable, vault.key_permissions, vault.key_command_failed
 */
export async function loadKeyProvider(source: KeySource, options: KeyLoadOptions): Promise<KeyProvider | undefined> {
  const text = await readKeyText(source, options);
  if (text === undefined) return undefined;
  options.redactor.add(text.trim());
  const parsed = parseKeyText(text);
  if ('reason' in parsed) throw errors.key_invalid({ place: placeOf(source), reason: parsed.reason });
  options.redactor.add(parsed.key.toString('base64url'));
  return createKeyProvider(parsed.key);
}

/** A source in words, for messages. */
export function placeOf(source: KeySource): string {
  if (source.kind === 'file') return `the file ${source.path}`;
  if (source.kind === 'env') return `the environment variable ${source.variable}`;
  return `the output of ${source.command[0] ?? 'an empty command'}`;
}

async function readKeyText(source: KeySource, options: KeyLoadOptions): Promise<string | undefined> {
  switch (source.kind) {
    case 'file': {
      const text = await readKeyFile(source.path);
      return text === undefined && options.create ? createKeyFile(source.path) : text;
    }
    case 'env':
      return (options.env ?? process.env)[source.variable] || undefined;
    case 'command':
      return runKeyCommand(source.command);
  }
}

function runKeyCommand(command: readonly string[]): Promise<string> {
  const [program, ...args] = command;
  if (!program) return Promise.reject(errors.key_command_failed({ command: '(empty)', reason: 'no program is named' }));
  const options = { timeout: COMMAND_TIMEOUT, maxBuffer: COMMAND_OUTPUT_BYTES, shell: false, windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout) => {
      // The error of a child holds its command line and output, which may show a secret: only its kind is told.
      if (error) reject(errors.key_command_failed({ command: program, reason: reasonOf(error) }));
      else resolve(stdout);
    });
  });
}

function reasonOf(error: { code?: string | number | null; killed?: boolean; signal?: string | null }): string {
  if (typeof error.code === 'string') return error.code;
  if (error.killed) return `it did not end within ${COMMAND_TIMEOUT / 1_000} s`;
  return error.signal ? `it was ended by ${error.signal}` : `it ended with status ${error.code ?? 'unknown'}`;
}
