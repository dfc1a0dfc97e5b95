import {
  type ConnectorSimulator,
  createSimulator,
  type SimulatorAnswer,
  type SimulatorFactory,
} from '@counterpoint/connector-kit/simulator';
import { type Clock, type Json, systemClock } from '@counterpoint/core';

/** A simulated kernel that understands the tables, sets and elements which the connector uses. */
export interface NftablesSimulator extends ConnectorSimulator {
  /** Banned addresses -> when the ban ends in Unix milliseconds, undefined for never. */
  bans(): ReadonlyMap<string, number | undefined>;
  /** Bans an address as an administrator would. */
  ban(ip: string, seconds?: number): void;
}

type Fields = Readonly<Record<string, Json>>;

/** A refusal in nft's words; the transaction is dropped. */
class Refusal extends Error {}

interface SimulatedSet {
  readonly name: string;
  readonly type: string;
  readonly elements: Map<string, { readonly timeout: number | undefined; readonly ends: number | undefined }>;
}

const MISSING = 'internal:0:0-0: Error: Could not process rule: No such file or directory';

class Kernel {
  private sets = new Map<string, SimulatedSet>();
  private tables = new Set<string>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Runs a document as one transaction. @throws Refusal */
  run(commands: readonly Json[]): Json[] {
    this.expire();
    const before = structuredClone({ tables: this.tables, sets: this.sets });
    try {
      return commands.flatMap((command) => this.command(command as Fields));
    } catch (cause) {
      ({ tables: this.tables, sets: this.sets } = before);
      throw cause;
    }
  }

  bans(): Map<string, number | undefined> {
    this.expire();
    return new Map(
      [...this.sets.values()].flatMap(({ elements }) => [...elements].map(([ip, { ends }]) => [ip, ends])),
    );
  }

  private expire(): void {
    const now = this.clock.now();
    for (const { elements } of this.sets.values()) {
      for (const [ip, { ends }] of elements) if (ends !== undefined && ends <= now) elements.delete(ip);
    }
  }

  private command(command: Fields): Json[] {
    const [verb, subject] = Object.entries(command)[0] as [string, Fields];
    const [kind, value] = Object.entries(subject)[0] as [string, Fields];
    if (kind === 'table' && verb === 'add') this.tables.add(String(value.name));
    else if (kind === 'set' && verb === 'add') this.addSet(value);
    else if (kind === 'set' && verb === 'list') return [this.listed(this.setOf(value))];
    else if (kind === 'element') this.element(verb, value);
    else if (kind === 'chain' || kind === 'rule') this.requireTable(value);
    else throw new Refusal('internal:0:0-0: Error: Parsing command array at index 0 failed.');
    return [];
  }

  private requireTable(value: Fields): void {
    if (!this.tables.has(String(value.table))) throw new Refusal(MISSING);
  }

  private addSet(value: Fields): void {
    this.requireTable(value);
    const key = `${value.table}/${value.name}`;
    if (!this.sets.has(key)) {
      this.sets.set(key, { name: String(value.name), type: String(value.type), elements: new Map() });
    }
  }

  private setOf(value: Fields): SimulatedSet {
    const found = this.sets.get(`${value.table}/${value.name}`);
    if (!found) throw new Refusal(MISSING);
    return found;
  }

  private element(verb: string, value: Fields): void {
    const { elements } = this.setOf(value);
    for (const one of value.elem as readonly Json[]) {
      const { elem } = typeof one === 'string' ? { elem: { val: one } } : (one as { elem: Fields });
      const ip = String(elem.val);
      const timeout = 'timeout' in elem ? Number(elem.timeout) : undefined;
      const ends = timeout === undefined ? undefined : this.clock.now() + timeout * 1_000;
      if (verb === 'add' && !elements.has(ip)) elements.set(ip, { timeout, ends });
      else if (verb === 'delete' && !elements.delete(ip)) throw new Refusal(MISSING);
    }
  }

  private listed({ name, type, elements }: SimulatedSet): Json {
    const elem = [...elements].map(([val, { timeout, ends }]) =>
      timeout === undefined || ends === undefined
        ? val
        : { elem: { val, timeout, expires: Math.floor((ends - this.clock.now()) / 1_000) } },
    );
    return { set: { family: 'inet', name, type, handle: 1, flags: ['timeout'], ...(elem.length > 0 ? { elem } : {}) } };
  }
}

function answer(kernel: Kernel, body: Json): SimulatorAnswer {
  try {
    const { nftables } = body as { nftables: readonly Json[] };
    const listed = kernel.run(nftables);
    const metainfo = { version: '1.0.6', release_name: 'Lester Gooch #5', json_schema_version: 1 };
    const stdout = listed.length === 0 ? '' : `${JSON.stringify({ nftables: [{ metainfo }, ...listed] })}\n`;
    return { body: { code: 0, stdout, stderr: '' } };
  } catch (cause) {
    if (cause instanceof Refusal) return { body: { code: 1, stdout: '', stderr: `${cause.message}\n` } };
    throw cause;
  }
}

/** Starts a simulated kernel; the connector reaches it through the stand-in program. */
export const simulate: SimulatorFactory<NftablesSimulator> = async ({ clock = systemClock, port = 0 } = {}) => {
  const kernel = new Kernel(clock);
  const server = await createSimulator({ clock, port, routes: { 'POST /nft': ({ body }) => answer(kernel, body) } });
  return {
    server,
    bans: () => kernel.bans(),
    ban: (ip, seconds) => {
      const element = seconds === undefined ? ip : { elem: { val: ip, timeout: seconds } };
      const name = ip.includes(':') ? 'banned_v6' : 'banned_v4';
      const set = { family: 'inet', table: 'counterpoint', name };
      kernel.run([
        { add: { table: { family: 'inet', name: 'counterpoint' } } },
        { add: { set: { ...set, type: name === 'banned_v6' ? 'ipv6_addr' : 'ipv4_addr' } } },
        { add: { element: { ...set, elem: [element] } } },
      ]);
    },
    config: { simulator_port: Number(new URL(server.url).port) },
    secrets: {},
  };
};
