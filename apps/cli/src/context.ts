import { type Client, createClient } from '@counterpoint/sdk';
import type { Command } from 'commander';
import { readToken } from './credentials.ts';
import { errors } from './errors.ts';

/** The options that every verb takes. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly url: string;
}

/** The options given before or after the verb. */
export function globalOptions(command: Command): GlobalOptions {
  const { json, url } = command.optsWithGlobals<{ json?: boolean; url?: string }>();
  return { json: json ?? false, url: url ?? process.env.COUNTERPOINT_URL ?? 'http://127.0.0.1:7300' };
}

/** A client that is signed in. @throws cli.not_signed_in */
export function signedInClient(command: Command): Client {
  const { url } = globalOptions(command);
  const token = process.env.COUNTERPOINT_TOKEN ?? readToken(url, process.env);
  if (!token) throw errors.not_signed_in({ url });
  return createClient({ url, token });
}
