import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { statusOf } from '../interpreter/state.ts';
import { factsOf, foldGolden, type GoldenJournal, record } from './journals.ts';
import { scenarios } from './scenarios.ts';

const folder = join(import.meta.dirname, 'journals');
const recorded = readdirSync(folder).flatMap((version) =>
  readdirSync(join(folder, version)).map((file) => [version, file.replace('.json', '')] as const),
);
const read = (version: string, name: string): GoldenJournal =>
  JSON.parse(readFileSync(join(folder, version, `${name}.json`), 'utf8'));

describe('golden journals', () => {
  it('exist of this version for every scenario', () => {
    const own = recorded.filter(([version]) => version === manifest.version).map(([, name]) => name);
    expect(own.toSorted(), 'npm run golden records what is missing').toEqual(Object.keys(scenarios).toSorted());
  });

  it.each(recorded)('of %s: %s folds to what it was', async (version, name) => {
    const golden = read(version, name);
    const state = await foldGolden(golden, createMemoryStore());
    expect(factsOf(state)).toEqual(golden.facts);
    expect(statusOf(state)).toBe(golden.row.status);
  });

  it.each(Object.entries(scenarios))('of today, %s, are written as they were recorded', async (name, scenario) => {
    const shape = ({ journal }: GoldenJournal) => journal.map(({ v, kind, address }) => `${v} ${kind} ${address}`);
    expect(shape(await record(scenario, manifest.version, createMemoryStore()))).toEqual(
      shape(read(manifest.version, name)),
    );
  });
});
