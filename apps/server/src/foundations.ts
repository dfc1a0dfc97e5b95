import { dirname, join, resolve } from 'node:path';
import { connectNats, type NatsLink } from '@counterpoint/bus';
import { type Clock, createRedactor, type Redactor, systemClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { openPostgresStore, openSqliteStore } from '@counterpoint/store';
import { type KeySource, openVault, type Vault } from '@counterpoint/vault';
import type { Config } from './config/settings.ts';
import { installationId } from './installation.ts';
import { createLogger, type Logger } from './logging.ts';
import type { ServerSeams } from './seams.ts';

/** What everything else in the server stands on. */
export interface Foundations {
  readonly config: Config;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly log: Logger;
  readonly store: Store;
  readonly vault: Vault;
  /** The connection to NATS; undefined: everything is kept in the store. */
  readonly bus: NatsLink | undefined;
  readonly installation: string;
  /** True when this data directory or database was used for the first time. */
  readonly firstStart: boolean;
}

function keySource(config: Config): KeySource {
  if (config['vault.key'] !== '') return { kind: 'env', variable: 'COUNTERPOINT_VAULT__KEY' };
  if (config['vault.key_command'] !== '') return { kind: 'command', command: config['vault.key_command'].split(' ') };
  const beside = resolve(config.data_dir);
  const path = config['vault.key_file'] || join(dirname(beside), `${beside.slice(dirname(beside).length + 1)}.key`);
  return { kind: 'file', path };
}

async function openStore(config: Config, clock: Clock, log: Logger): Promise<Store> {
  const onListenerError = (error: unknown) => log.error({ err: String(error) }, 'a listener to commits failed');
  const maxPending = config['store.max_pending'];
  if (config['store.url'] !== '')
    return openPostgresStore({ url: config['store.url'], maxPending, clock, onListenerError });
  return openSqliteStore({ directory: config.data_dir, maxPending, clock, onListenerError });
}

async function openBus(config: Config): Promise<NatsLink | undefined> {
  if (config['bus.url'] === '') return undefined;
  return connectNats({ url: config['bus.url'], prefix: config['bus.prefix'], name: config['server.roles'] });
}

/** Opens store, vault and the connection to NATS. Whatever was opened is closed again when something fails. */
export async function openFoundations(config: Config, seams: ServerSeams = {}): Promise<Foundations> {
  const { clock = systemClock } = seams;
  const redactor = createRedactor();
  for (const secret of [config['store.url'], config['bus.url'], config['vault.key']]) redactor.add(secret);
  const log = createLogger(config['log.level'], redactor);
  const opened = await openStore(config, clock, log);
  const store = seams.store?.(opened) ?? opened;
  try {
    const firstStart = (await store.count('settings')) === 0;
    const installation = await installationId(store);
    const env = { ...process.env, COUNTERPOINT_VAULT__KEY: config['vault.key'] };
    const vault = await openVault({ store, key: keySource(config), installation, redactor, clock, env });
    const bus = await openBus(config);
    return { config, clock, redactor, log, store, vault, bus, installation, firstStart };
  } catch (error) {
    await store.close();
    throw error;
  }
}
