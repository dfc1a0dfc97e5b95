import { allowedHostsOf } from '@counterpoint/connector-kit';
import type { ConnectorSimulator } from '@counterpoint/connector-kit/simulator';
import { connectors } from '@counterpoint/connectors';
import { simulators } from '@counterpoint/connectors/simulators';
import { type Clock, type JsonObject, systemClock } from '@counterpoint/core';

/** A connector of the lab. */
export type LabConnector = keyof typeof simulators;

/** The running simulators, by connector. */
export type LabSimulators = { readonly [Id in LabConnector]: Awaited<ReturnType<(typeof simulators)[Id]>> };

/** A connection to a simulator, as the server registers it. */
export interface LabConnection {
  /** `lab_<connector>`. */
  readonly id: string;
  readonly connector: LabConnector;
  readonly title: string;
  readonly config: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly network: 'lab';
  readonly allowedHosts: readonly string[];
  readonly simulated: true;
}

/** The lab: every connector's product, simulated, each on a loopback port of its own. */
export interface Lab {
  readonly connections: readonly LabConnection[];
  readonly simulators: LabSimulators;
  close(): Promise<void>;
}

/** How {@link startLab} starts. */
export interface LabOptions {
  /** Fixed ports, by connector; others are free ones. */
  readonly ports?: Partial<Readonly<Record<LabConnector, number>>>;
  readonly clock?: Clock;
}

function connectionTo(id: LabConnector, simulator: ConnectorSimulator): LabConnection {
  const manifest = connectors.get(id)?.manifest;
  if (!manifest) throw new RangeError(`there is a simulator but no connector ${id}`);
  const { config, secrets } = simulator;
  return {
    id: `lab_${id}`,
    connector: id,
    title: `${manifest.title} (simulated)`,
    config,
    secrets,
    network: 'lab',
    allowedHosts: allowedHostsOf(manifest, config),
    simulated: true,
  };
}

async function closeAll(running: readonly ConnectorSimulator[]): Promise<void> {
  await Promise.all(running.map(({ server }) => server.close()));
}

/**
 * Starts the simulators of all connectors on 127.0.0.1. Their data is made for the shipped stories: 203.0.113.66 is bad
 * everywhere, about 198.51.100.7 and 198.51.100.8 the feeds disagree, 192.0.2.10 is known and good, anything else is
 * unknown.
 *
 * @throws Error of the system when a fixed port is taken; nothing stays running then.
 */
export async function startLab({ ports = {}, clock = systemClock }: LabOptions = {}): Promise<Lab> {
  const ids = Object.keys(simulators) as LabConnector[];
  const started = await Promise.allSettled(
    ids.map(async (id) => [id, await simulators[id]({ clock, port: ports[id] ?? 0 })] as const),
  );
  const running = started.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await closeAll(running.map(([, simulator]) => simulator));
    throw failed.reason;
  }
  return {
    connections: running.map(([id, simulator]) => connectionTo(id, simulator)),
    simulators: Object.fromEntries(running) as LabSimulators,
    close: () => closeAll(running.map(([, simulator]) => simulator)),
  };
}
