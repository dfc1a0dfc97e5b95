import type { Json, JsonObject } from '@counterpoint/core';
import { compileExpression, compileTemplate } from '@counterpoint/expressions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CapabilityContract } from '../lint.ts';
import type { ActionManifest, ActionReference, ConnectorManifest, JsonSchema } from '../manifest.ts';
import { checkValue } from '../schema.ts';

/** A provider of capabilities that runs: a product's simulator behind its connector, or a participant. */
export interface RunningProvider {
  /** @throws Error when it refuses */
  perform(action: string, input: JsonObject): Promise<Json>;
  /** Lets the time of what is simulated pass. */
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

/** What {@link testCapability} is told. */
export interface CapabilityTest {
  readonly capability: string;
  readonly contract: CapabilityContract;
  readonly provider: { readonly manifest: ConnectorManifest; start(): Promise<RunningProvider> };
  /** Inputs that the contract allows. */
  readonly samples: readonly JsonObject[];
  /** Inputs that no provider may act on, besides those that lack a field, have one too many or of another type. */
  readonly hostile: readonly JsonObject[];
  /** A target as the ledger keeps it: the door's own way to spell it. */
  readonly canonicalTarget: (target: string) => string;
}

const POLLS = 100;
const POLL_EVERY = 100;

function filled(reference: ActionReference, scope: JsonObject): JsonObject {
  return compileTemplate(reference.with).evaluate(scope) as JsonObject;
}

function evaluated(source: string, scope: JsonObject): unknown {
  return compileExpression(source).evaluate(scope);
}

/** The fields of an output that the contract knows: a provider may tell more. */
function promised(schema: JsonSchema, output: Json): Json {
  const known = Object.keys((schema.properties ?? {}) as object);
  const entries = Object.entries(output as JsonObject).filter(([name]) => known.includes(name));
  return Object.fromEntries(entries);
}

/** Performs an action to its end, polling one that completes later. */
async function perform(running: RunningProvider, manifest: ConnectorManifest, name: string, input: JsonObject) {
  const output = (await running.perform(name, input)) as JsonObject;
  const completion = manifest.actions[name]?.completion;
  if (!completion) return output;
  for (let polls = 0; polls < POLLS; polls++) {
    const seen = (await running.perform(
      completion.poll.action,
      filled(completion.poll, { input, output }),
    )) as JsonObject;
    const scope = { input, output: seen };
    if (evaluated(completion.done, scope) === true)
      return compileTemplate(completion.result).evaluate(scope) as JsonObject;
    running.advance(POLL_EVERY);
  }
  throw new Error(`${name} was not done after ${POLLS} polls`);
}

/** Inputs that differ from a good one in form: what has no such form is refused, whatever it says. */
function misshapen(sample: JsonObject): readonly JsonObject[] {
  return Object.keys(sample).flatMap((field) => {
    const { [field]: _gone, ...rest } = sample;
    return [
      rest,
      { ...sample, [field]: 7 },
      { ...sample, [field]: '' },
      { ...sample, [field]: [sample[field] as Json] },
    ];
  });
}

/**
 * Registers the tests that every provider of a capability must pass, each against one that was just started. They hold
 * it to the contract (input, output, effect class, target) and, where it contains something, to what the guard and the
 * ledger rely on: twice is once and says so, it can be read back, and the inverse takes back all of it.
 */
export function testCapability(test: CapabilityTest): void {
  const { capability, contract, provider, samples } = test;
  const { manifest } = provider;
  const name = manifest.capabilities?.[capability] ?? '';
  const action = manifest.actions[name] as ActionManifest;
  let running: RunningProvider;
  const act = (input: JsonObject, which = name) => perform(running, manifest, which, input);

  describe(`${capability} by ${manifest.id}.${name}`, () => {
    beforeEach(async () => {
      running = await provider.start();
    });
    afterEach(() => running.close());

    it('has the effect class and the inputs of the contract', () => {
      expect(action.effect).toBe(contract.effect);
      for (const sample of samples) {
        expect([sample, checkValue(contract.input, sample), checkValue(action.input, sample)]).toEqual([
          sample,
          undefined,
          undefined,
        ]);
      }
    });

    it.each(samples)('acts on %j and answers as the contract says', async (sample) => {
      const output = await act(sample);
      expect(checkValue(contract.output, promised(contract.output, output))).toBeUndefined();
      expect(checkValue(action.output, output)).toBeUndefined();
    });

    it.each([...misshapen(samples[0] as JsonObject), { ...samples[0], unheard_of: true }, ...test.hostile])(
      'refuses %j',
      async (input) => {
        const refused = checkValue(action.input, input) ?? (await act(input).then(() => undefined, String));
        expect(refused).toBeDefined();
      },
    );

    if (contract.target) registerTarget(test, action);
    if (contract.effect === 'read') {
      it.each(samples)('gives the same again for %j', async (sample) => {
        expect(await act(sample)).toEqual(await act(sample));
      });
    }
    if (contract.effect === 'contain') {
      for (const sample of samples) registerContainment(action, sample, act);
    }
  });
}

function registerTarget({ contract, samples, canonicalTarget }: CapabilityTest, action: ActionManifest): void {
  it.each(samples)('says what it acts on: %j', (sample) => {
    const target = canonicalTarget(String(evaluated(action.target ?? '""', { input: sample })));
    const type = contract.target?.find((one) => target.startsWith(`${one}:`));
    expect([target, type]).toEqual([target, expect.any(String)]);
    expect(target.length).toBeGreaterThan(`${type}:`.length);
  });
}

type Act = (input: JsonObject, action?: string) => Promise<JsonObject>;

function registerContainment(action: ActionManifest, input: JsonObject, act: Act): void {
  const { verify, inverse, preexisting } = action;
  const inForce = async () => {
    if (!verify) return undefined;
    const output = await act(filled(verify, { input, output: null }), verify.action);
    return evaluated(verify.holds, { input, output });
  };
  const wasSo = (output: JsonObject) => evaluated(preexisting ?? 'false', { input, output });

  it(`is in force on ${JSON.stringify(input)} from the first time on, and says so the second time`, async () => {
    expect(action.idempotent).toBe(true);
    expect(await inForce()).toBe(false);
    expect(wasSo(await act(input))).toBe(false);
    expect(await inForce()).toBe(true);
    expect(wasSo(await act(input))).toBe(true);
    expect(await inForce()).toBe(true);
  });

  it(`is one change on ${JSON.stringify(input)}, however often: one inverse takes it back`, async () => {
    const output = await act(input);
    await act(input);
    if (!inverse) throw new Error('it has no inverse');
    await act(filled(inverse, { input, output }), inverse.action);
    expect(await inForce()).toBe(false);
    await act(filled(inverse, { input, output }), inverse.action);
    expect(await inForce()).toBe(false);
    expect(wasSo(await act(input))).toBe(false);
  });
}
