import { type LoadedConfig, loadConfig } from '@counterpoint/server/config';
import { errors } from './errors.ts';

/** The options of verbs that read the server's configuration. */
export interface ServerOptions {
  readonly config?: string;
  readonly set?: readonly string[];
  readonly port?: string;
  readonly dataDir?: string;
  readonly role?: string;
  readonly join?: string;
  readonly token?: string;
  readonly ca?: string;
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Reads the configuration as the server would. @throws cli.input_invalid and what loading it throws */
export function configOf(options: ServerOptions, env: NodeJS.ProcessEnv = process.env): LoadedConfig {
  const flags: Record<string, string | undefined> = {};
  for (const text of options.set ?? []) {
    const at = text.indexOf('=');
    if (at < 1) throw errors.input_invalid({ text });
    flags[text.slice(0, at)] = text.slice(at + 1);
  }
  if (options.port !== undefined) flags['server.port'] = options.port;
  if (options.dataDir !== undefined) flags.data_dir = options.dataDir;
  if (options.role !== undefined) flags['server.roles'] = options.role;
  if (options.join !== undefined) flags['edge.centre'] = options.join;
  if (options.token !== undefined) flags['edge.join_token'] = options.token;
  if (options.ca !== undefined) flags['edge.ca_file'] = options.ca;
  const named = options.config ?? env.COUNTERPOINT_CONFIG;
  return loadConfig({ flags, env, file: { path: named ?? 'counterpoint.yaml', named: named !== undefined } });
}
