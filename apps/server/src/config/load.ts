import { existsSync, readFileSync } from 'node:fs';
import { nearest } from '@counterpoint/core';
import { parseDocument } from 'yaml';
import { errors } from '../errors.ts';
import { expectationOf } from './expectation.ts';
import { type Config, type Setting, type SettingName, settings } from './settings.ts';

/** Where a value came from. */
export interface Origin {
  readonly kind: 'flag' | 'environment' | 'file' | 'default';
  /** Name of the flag, variable or file. */
  readonly name: string;
}

/** The configuration and the origin of each value. */
export interface LoadedConfig {
  readonly config: Config;
  readonly origins: Readonly<Record<SettingName, Origin>>;
}

/** What the configuration is read from; each beats those after it. */
export interface ConfigSources {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of `counterpoint.yaml`. A path that was `named` must exist. */
  readonly file: { readonly path: string; readonly named: boolean };
}

const PREFIX = 'COUNTERPOINT_';
const names = Object.keys(settings) as SettingName[];

/** The environment variable of a setting: `server.port` is `COUNTERPOINT_SERVER__PORT`. */
export function environmentName(name: string): string {
  return PREFIX + name.replaceAll('.', '__').toUpperCase();
}

function unknownName(name: string, origin: string): Error {
  const near = nearest(name, names);
  return errors.config_unknown({ name, origin, suggestion: near ? `; did you mean ${near}?` : '.' });
}

function flatten(value: unknown, path: string, into: Map<string, unknown>, origin: string): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    into.set(path, value);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const name = path === '' ? key : `${path}.${key}`;
    const isSection = names.some((known) => known.startsWith(`${name}.`));
    if (!isSection && !(name in settings)) throw unknownName(name, origin);
    flatten(inner, name, into, origin);
  }
}

function readFileSource(file: ConfigSources['file']): Map<string, unknown> {
  const values = new Map<string, unknown>();
  if (!existsSync(file.path)) {
    if (file.named) throw errors.config_missing({ path: file.path });
    return values;
  }
  const document = parseDocument(readFileSync(file.path, 'utf8'), { version: '1.2' });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) throw errors.config_unreadable({ path: file.path, reason: problem.message.split('\n')[0] ?? '' });
  const content: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw errors.config_unreadable({ path: file.path, reason: 'it is not a map of settings' });
  }
  flatten(content, '', values, file.path);
  return values;
}

function readSecretFile(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw errors.config_unreadable({ path, reason: `named by ${variable}, it cannot be read` }, { cause });
  }
}

function readEnvironment(env: ConfigSources['env']): Map<string, { value: string; variable: string }> {
  const known = new Map(names.map((name) => [environmentName(name), name]));
  const values = new Map<string, { value: string; variable: string }>();
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || value === undefined || CLIENT_VARIABLES.has(variable)) continue;
    const direct = known.get(variable);
    const fromFile = variable.endsWith('_FILE') ? known.get(variable.slice(0, -'_FILE'.length)) : undefined;
    if (direct) values.set(direct, { value, variable });
    else if (fromFile && 'secret' in settings[fromFile]) {
      values.set(fromFile, { value: readSecretFile(variable, value), variable });
    } else {
      throw unknownName(
        variable.slice(PREFIX.length).toLowerCase().replaceAll('__', '.'),
        `the environment (${variable})`,
      );
    }
  }
  return values;
}

/** Variables with our prefix that are read by the command line client, not by the server. */
const CLIENT_VARIABLES = new Set(['COUNTERPOINT_URL', 'COUNTERPOINT_TOKEN', 'COUNTERPOINT_CONFIG']);

function parse(name: SettingName, value: unknown, origin: Origin): unknown {
  const setting: Setting = settings[name];
  const result = setting.schema.safeParse(value);
  if (result.success) return result.data;
  throw errors.config_invalid({
    name,
    origin: `${origin.kind} ${origin.name}`.trim(),
    reason: result.error.issues.map(expectationOf).join('; '),
  });
}

/**
 * Reads the configuration: flag, then environment, then file, then default.
 *
 * @throws server.config_unknown, server.config_invalid, server.config_unreadable, server.config_missing
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  for (const flag of Object.keys(sources.flags)) if (!(flag in settings)) throw unknownName(flag, 'the command line');
  const env = readEnvironment(sources.env);
  const file = readFileSource(sources.file);
  const config: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const name of names) {
    const flag = sources.flags[name];
    const variable = env.get(name);
    const [value, origin]: [unknown, Origin] =
      flag !== undefined
        ? [flag, { kind: 'flag', name: `--set ${name}` }]
        : variable
          ? [variable.value, { kind: 'environment', name: variable.variable }]
          : file.has(name)
            ? [file.get(name), { kind: 'file', name: sources.file.path }]
            : [settings[name].default, { kind: 'default', name: '' }];
    config[name] = parse(name, value, origin);
    origins[name] = origin;
  }
  return { config: config as Config, origins: origins as Record<SettingName, Origin> };
}

/** One line of `counterpoint config explain`: secrets are shown as set or not set. */
export interface ExplainedSetting {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly origin: string;
  readonly description: string;
}

/** Every setting with its value and where it came from. */
export function explainConfig(loaded: LoadedConfig): ExplainedSetting[] {
  return names.map((name) => {
    const setting: Setting = settings[name];
    const value = loaded.config[name];
    const origin = loaded.origins[name];
    return {
      name,
      value: setting.secret ? (value === '' ? '(not set)' : '(set, not shown)') : value,
      origin: `${origin.kind}${origin.name ? ` ${origin.name}` : ''}`,
      description: setting.description,
    };
  });
}
