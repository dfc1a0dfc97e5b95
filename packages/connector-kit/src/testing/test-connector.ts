import type { Json, JsonObject } from '@counterpoint/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../connector.ts';
import type { Performed } from '../errors.ts';
import { lintManifest } from '../lint.ts';
import type { ConnectorErrorName } from '../manifest.ts';
import type { ConnectorSimulator, Fault, SimulatorFactory } from '../simulator/index.ts';
import { type CallOptions, callSimulator, connectorFailure } from './harness.ts';

/** What {@link testConnector} is told. */
export interface ConnectorTest<Running extends ConnectorSimulator> {
  readonly connector: Connector;
  readonly simulate: SimulatorFactory<Running>;
  /** For each action that the common cases cover: an input that succeeds against a fresh simulator. */
  readonly calls: Readonly<Record<string, JsonObject>>;
  /** Statuses that mean something else to this vendor: another error, or a success. */
  readonly meanings?: Readonly<Record<number, ConnectorErrorName | 'success'>>;
  /** Whether an answer may have any body or none, as with an API that is not known. Default false. */
  readonly anyBody?: boolean;
}

/** What the test of a connector goes on with. */
export interface ConnectorTesting<Running extends ConnectorSimulator> {
  /** The simulator of the current test. */
  simulator(): Running;
  perform(action: string, input: JsonObject, options?: CallOptions): Promise<Json>;
}

const STATUSES: readonly (readonly [number, ConnectorErrorName, Performed])[] = [
  [401, 'unauthorized', 'no'],
  [403, 'forbidden', 'no'],
  [404, 'not_found', 'no'],
  [429, 'rate_limited', 'no'],
  [500, 'unavailable', 'maybe'],
  [503, 'unavailable', 'maybe'],
];

const FAULTS: readonly (readonly [string & Fault, ConnectorErrorName])[] = [
  ['garbage', 'bad_response'],
  ['empty', 'bad_response'],
  ['hang', 'timeout'],
  ['reset', 'unavailable'],
];

/**
 * Registers the tests that every HTTP connector must pass, each against a fresh simulator: it lints clean; its actions
 * succeed; a wrong credential, every common status, garbage, silence, a cut connection each become the right error,
 * with a truthful `performed` and without a secret in it.
 */
export function testConnector<Running extends ConnectorSimulator>(
  test: ConnectorTest<Running>,
): ConnectorTesting<Running> {
  const { connector } = test;
  let running: Running | undefined;
  const simulator = (): Running => {
    if (!running) throw new Error('the simulator runs only inside a test');
    return running;
  };
  const perform = (action: string, input: JsonObject, options?: CallOptions) =>
    connector.perform(action, callSimulator(connector, simulator(), input, options));
  beforeEach(async () => {
    running = await test.simulate();
  });
  afterEach(() => running?.server.close());
  describe(`${connector.manifest.id}, like every connector`, () => {
    it('lints clean', () => {
      expect(lintManifest(connector.manifest).filter(({ level }) => level === 'error')).toEqual([]);
    });
    for (const [action, input] of Object.entries(test.calls))
      registerAction(test, action, input, { simulator, perform });
  });
  return { simulator, perform };
}

function registerAction<Running extends ConnectorSimulator>(
  { connector, meanings = {}, anyBody = false }: ConnectorTest<Running>,
  action: string,
  input: JsonObject,
  { simulator, perform }: ConnectorTesting<Running>,
): void {
  const asksFirst = connector.manifest.actions[action]?.before !== undefined;
  const fail = async (options?: CallOptions) => {
    const error = await connectorFailure(perform(action, input, options));
    const shown = JSON.stringify([error.message, error.stack, error.help, error.details]);
    for (const secret of Object.values(options?.secrets ?? simulator().secrets)) expect(shown).not.toContain(secret);
    return error;
  };

  it(`${action} succeeds`, async () => {
    await expect(perform(action, input)).resolves.toBeDefined();
  });

  it(`${action} tells a wrong credential`, async () => {
    const names = Object.keys(simulator().secrets);
    if (names.length === 0) return;
    const secrets = Object.fromEntries(names.map((name) => [name, 'wrong-canary-8b1f']));
    expect(await fail({ secrets })).toMatchObject({ reason: 'unauthorized', performed: 'no' });
  });

  for (const [status, reason, performed] of STATUSES) {
    const meaning = meanings[status] ?? reason;
    it(`${action}: status ${status} means ${meaning}`, async () => {
      const headers = { 'retry-after': '7' };
      simulator().server.inject({ status, headers, body: { message: 'the vendor says' } });
      if (meaning === 'success') return void (await expect(perform(action, input)).resolves.toBeDefined());
      const expected = asksFirst ? 'no' : performed;
      expect(await fail()).toMatchObject({ reason: meaning, performed: expected, retryAfter: 7_000 });
    });
  }

  for (const [fault, reason] of FAULTS.filter(([, error]) => !anyBody || error !== 'bad_response')) {
    it(`${action}: ${fault} means ${reason}`, async () => {
      simulator().server.inject(fault);
      const performed = asksFirst ? 'no' : 'maybe';
      // Long enough that the request is surely sent by then, also on a busy machine.
      const timeoutMillis = fault === 'hang' ? 750 : 10_000;
      expect(await fail({ timeoutMillis })).toMatchObject({ reason, performed });
    });
  }

  it(`${action} is unavailable, surely not performed, when nothing listens`, async () => {
    await simulator().server.close();
    expect(await fail()).toMatchObject({ reason: 'unavailable', performed: 'no' });
  });
}
